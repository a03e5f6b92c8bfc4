"""A table of counts as its recipient sees it, against the truth and against simple arithmetic."""
import collections

TOTAL = "[total]"
HIDDEN = "[c]"


def true_counts(pairs):
    """Counts of the pairs over the whole grid of their values, with every margin."""
    inner = collections.Counter(pairs)
    counts = {(a, b): inner[a, b] for a in {a for a, _ in inner} for b in {b for _, b in inner}}
    margins = collections.Counter()
    for (a, b), count in counts.items():
        margins[a, TOTAL] += count
        margins[TOTAL, b] += count
        margins[TOTAL, TOTAL] += count
    return {**counts, **margins}


def lines_of(keys):
    """Each total with the cells that it sums, as lists of keys, the total first."""
    lines = collections.defaultdict(list)
    for a, b in keys:
        if b != TOTAL:
            lines["row", a].append((a, b))
        if a != TOTAL:
            lines["column", b].append((a, b))
    return [[(a, TOTAL) if kind == "row" else (TOTAL, a), *cells] for (kind, a), cells in lines.items()]


def derived(printed):
    """Hidden cells that subtraction alone gives away: the only one of a line, or all of a line whose rest is 0; again and again."""
    known = {key: int(cell) for key, cell in printed.items() if cell != HIDDEN}
    given_away = {}
    lines = lines_of(printed)
    found = True
    while found:
        found = False
        for total, *cells in lines:
            hidden = [key for key in cells if key not in known]
            if total not in known:
                if hidden:
                    continue
                fresh = {total: sum(known[key] for key in cells)}
            else:
                rest = known[total] - sum(known[key] for key in cells if key in known)
                if not hidden or (len(hidden) > 1 and rest > 0):
                    continue
                fresh = {key: rest for key in hidden}
            given_away.update(fresh)
            known.update(fresh)
            found = True
    return given_away


def narrow(printed, threshold):
    """Lines that give away nearly as much: their hidden cells share a known rest that is below the threshold, so none can
    be more than that."""
    found = {}
    for total, *cells in lines_of(printed):
        hidden = [key for key in cells if printed[key] == HIDDEN]
        if not hidden or printed[total] == HIDDEN:
            continue
        rest = int(printed[total]) - sum(int(printed[key]) for key in cells if key not in hidden)
        if rest < threshold:
            found[total] = rest
    return found
