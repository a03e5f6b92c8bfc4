#!/usr/bin/env python3
"""Writes the extracts of an invented partnership, with planted defects, and truth.json that tells how many.

Usage: generate.py OUT_DIR

Everything is made up, and the same at every run. truth.json:

  {feed: {period, as_of, file, records: {total, accepted, quarantined, unreadable, blank},
          rules: {rule: failing records}, on_host: {rule: failing records}}}

counted while the defects were planted; rules that are not named have no failing record. Those of `on_host`
need another dataset's records.
"""

import json
import sys
from pathlib import Path

from feeds import (
    area_lookup, council_spend, dentists, fire_incidents, fire_stations, food_banks, indicator_returns,
    neet_scorecard, stop_and_search, street_crime,
)  # fmt: skip

FEEDS = [
    street_crime, stop_and_search, area_lookup, council_spend, neet_scorecard, dentists, fire_stations,
    fire_incidents, indicator_returns, food_banks,
]  # fmt: skip


def main(arguments):
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 0 if arguments == ["--help"] else 3
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    truth = {}
    for feed in FEEDS:
        extract = feed.build()
        extract.write(folder)
        truth[extract.feed] = extract.truth()
    (folder / "truth.json").write_text(json.dumps(truth, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
