"""The partnership of steward_year_story.py: its policies, five partners' quarterly returns with planted defects, and all sums done
a second time, from the descriptions in policies/README.md and from nothing of the host's."""
import datetime
import fractions
import json
import math

PARTNERS = {"constabulary": "public", "county-council": "public", "fire-and-rescue": "public", "bus-operator": "private",
            "voluntary-action": "voluntary"}
STAFF = (
    "constabulary steward pat", "constabulary steward pia", "constabulary delegate dana",
    "county-council steward sam", "county-council delegate drew", "county-council analyst alex", "county-council moderator mo",
    "fire-and-rescue steward fay", "fire-and-rescue delegate fern",
    "bus-operator steward ben", "bus-operator delegate bea",
    "voluntary-action steward vic", "voluntary-action delegate val", "voluntary-action moderator may",
)
STEWARD = {"constabulary": "constabulary-steward-pat", "county-council": "county-council-steward-sam",
           "fire-and-rescue": "fire-and-rescue-steward-fay", "bus-operator": "bus-operator-steward-ben",
           "voluntary-action": "voluntary-action-steward-vic"}
DELEGATE = {"constabulary": "constabulary-delegate-dana", "county-council": "county-council-delegate-drew",
            "fire-and-rescue": "fire-and-rescue-delegate-fern", "bus-operator": "bus-operator-delegate-bea",
            "voluntary-action": "voluntary-action-delegate-val"}
PURPOSE = "dpv:PublicSafety"
WARDS = [f"W{number:02}" for number in range(1, 9)]
ROWS = 100
QUARTERS = {"2025/26-Q1": "2025-06-30", "2025/26-Q2": "2025-09-30", "2025/26-Q3": "2025-12-31", "2025/26-Q4": "2026-03-31"}

# ---- policies: JSON is YAML, too ----


def rule(name, kind, dimension, severity, terms, **more):
    return {"id": name, "type": "custom", "engine": "concordat", "dimension": dimension, "severity": severity,
            "description": name.replace("_", " "), "implementation": {"rule": kind, "with": terms, **more}}


RULES = [
    rule("ref_present", "required", "completeness", "critical", {"field": "case_ref"}),
    rule("outcome_present", "required", "completeness", "error", {"field": "outcome"}),
    rule("ward_known", "in_list", "conformity", "warning", {"field": "ward", "values": WARDS}),
    rule("ref_once", "unique", "uniqueness", "error", {"fields": ["case_ref"]}),
    rule("closed_after_opened", "expression", "consistency", "warning", {"check": "record.closed >= record.opened"}),
]
FIELDS = ("case_ref", "ward", "opened", "closed", "outcome")

# Severity critical 5, error 3, warning 1: what a rule weighs in its dimension.
WEIGHT = {"critical": 5, "error": 3, "warning": 1}

# Least values for each level of what the host measures.
VALID = {"2": 70, "3": 90, "4": 98}
FORM = {
    "apiVersion": "concordat/v1", "kind": "AssessmentTemplate", "id": "year-themes", "version": "2025.1", "title": "The steward's year",
    "framework": "made for this story", "licence": "as the repository",
    "scale": [{"level": 1, "name": "below minimum", "colour": "red"}, {"level": 2, "name": "at minimum", "colour": "amber"},
              {"level": 3, "name": "above minimum", "colour": "green"}, {"level": 4, "name": "well above minimum", "colour": "green"}],
    "targets": {"all": 3, "voluntary": 2},
    "caps": [{"item": "valid", "below": 2, "theme": "systems", "at": 1, "why": "nothing good is built on values nobody knows"}],
    "evidence_max_age": "P24M",
    "themes": [
        {"id": "governance", "title": "Governance and leadership", "items": [
            {"id": "named_lead", "question": "Does one senior person answer for data quality?"},
            {"id": "objectives", "question": "Are there objectives for data quality?", "mandatory": ["public"]},
            {"id": "risk_register", "question": "Do risks of unreliable data stand in the risk register?",
             "evidence": {"accepts": ["document", "attestation"], "required": ["public"]}}]},
        {"id": "systems", "title": "Systems and processes", "items": [
            {"id": "right_first_time", "question": "Is data right first time?",
             "evidence": {"measure": "first_time_pass_rate", "window": "P12M", "levels": {"2": "50%", "3": "75%", "4": "100%"}}},
            {"id": "valid", "question": "Are values valid?",
             "evidence": {"measure": "dimension_score", "dimension": "conformity", "window": "P12M", "per": "P3M", "levels": VALID}},
            {"id": "complete", "question": "Is data complete?",
             "evidence": {"measure": "dimension_score", "dataset": "service_returns", "dimension": "completeness", "window": "P12M",
                          "levels": {"2": 80, "3": 95, "4": 99}}}]},
        {"id": "use", "title": "Use and reporting", "items": [
            {"id": "on_time", "question": "Are returns made on time?",
             "evidence": {"measure": "on_time_rate", "window": "P12M", "levels": {"2": "50%", "3": "75%", "4": "100%"}}},
            {"id": "received", "question": "Are returns made at all?",
             "evidence": {"measure": "periods_received_rate", "window": "P12M", "levels": {"2": "75%", "3": "90%", "4": "100%"}}},
            {"id": "figures_used", "question": "Are the figures used day to day?", "mandatory": False}]},
    ],
}
ITEMS = [item["id"] for theme in FORM["themes"] for item in theme["items"]]
CONDITION = {"template": "year-themes", "minimum": 2}
MAX_AGE = "P6M"


def share(giver, condition):
    return {"id": f"returns-of-{giver}", "dataset": "service_returns", "from": [giver], "to": ["county-council"],
            "fields": {"ward": "release", "outcome": "release"}, "quality": {"assessment": condition}}


PROTOCOL = {
    "apiVersion": "concordat/v1", "kind": "SharingProtocol", "id": "returns-to-council", "version": "1.0.0",
    "title": "Quarterly returns for the council", "tier": 2,
    "parties": [{"partner": "constabulary", "gives": True, "role": "controller"},
                {"partner": "fire-and-rescue", "gives": True, "role": "controller"},
                {"partner": "county-council", "receives": True, "role": "controller"}],
    "purpose": {"code": PURPOSE, "statement": "Joint planning", "benefits": "Fewer gaps", "necessity": "Nobody holds all of it"},
    "lawfulness": {"bases": ["art6.1.e"], "gateways": ["Crime and Disorder Act 1998 s.115"]},
    "validity": {"from": "2025-04-01", "until": "2027-12-31", "review": "2027-06-30"},
    "shares": [share("constabulary", CONDITION)],
    "signatures": "all_controllers", "tests": ["returns_test.yaml"],
}
# The same for the other giver, in a protocol of its own, so that each request has one share to decide it.
FIRE_PROTOCOL = {**PROTOCOL, "id": "fire-returns-to-council", "title": "Quarterly returns of fire and rescue",
                 "shares": [share("fire-and-rescue", {**CONDITION, "max_age": MAX_AGE})], "tests": []}


def ruling_test(assessments, **expect):
    request = {"partner": "county-council", "dataset": "service_returns", "protocol": "returns-to-council", "purpose": PURPOSE}
    return {"request": request, **({} if assessments is None else {"assessments": assessments}), "expect": expect}


PROTOCOL_TEST = {
    "apiVersion": "concordat/v1", "kind": "PolicyTest", "now": "2025-10-01T12:00:00Z",
    "rulings": [
        ruling_test(None, decision="permit"),
        ruling_test([{"template": "year-themes", "level": 2}], decision="permit"),
        ruling_test([{"template": "year-themes", "level": 1}], decision="deny", cause="quality"),
        ruling_test([{"template": "year-themes", "partner": "fire-and-rescue", "level": 4}], decision="deny", cause="quality"),
        ruling_test([], decision="deny", clause="returns-to-council/returns-of-constabulary", cause="quality"),
    ],
}


def write_policies(folder, shipped):
    """The whole partnership below `folder`, with the shipped templates beside the story's own."""
    def put(path, document):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(document, indent=1) + "\n")

    put("partnership.yaml", {"apiVersion": "concordat/v1", "kind": "Partnership", "id": "derwent", "name": "Derwent Partnership",
                             "trustDomain": "derwent.example", "yearStart": "04-01"})
    put("contracts/service_returns.odcs.yaml", {
        "apiVersion": "v3.1.0", "kind": "DataContract", "id": "service-returns", "name": "service_returns", "version": "1.0.0",
        "status": "active",
        "schema": [{"name": "returns", "quality": RULES,
                    "properties": [{"name": name, "logicalType": "string", "classification": "internal"} for name in FIELDS]}]})
    for partner, sector in PARTNERS.items():
        put(f"partners/{partner}.yaml", {"apiVersion": "concordat/v1", "kind": "Partner", "id": partner,
                                         "name": partner.replace("-", " ").title(), "sector": sector})
        put(f"feeds/{partner}-returns.yaml", {
            "apiVersion": "concordat/v1", "kind": "Feed", "id": f"{partner}-returns", "partner": partner, "dataset": "service_returns",
            "adapter": {"plugin": "delimited"}, "schedule": {"every": "P3M", "due": "P30D"},
            "gate": {"reject": {"score": 70}, "quarantine": ["critical", "error"]}})
    put("assessments/year-themes.yaml", FORM)
    put("protocols/returns-to-council.yaml", PROTOCOL)
    put("protocols/fire-returns-to-council.yaml", FIRE_PROTOCOL)
    put("tests/returns_test.yaml", PROTOCOL_TEST)
    for path in shipped.glob("assessments/*.yaml"):
        (folder / "assessments" / path.name).write_text(path.read_text())


# ---- returns with planted defects ----


class Return:
    """One delivery: the rows, when it is handed in, and what must come of it."""

    def __init__(self, partner, quarter, received, bad_wards=0, no_outcome=0, twice=0, reversed_dates=0):
        self.partner, self.quarter = partner, quarter
        self.received = datetime.date.fromisoformat(received)
        self.rows = []
        for i in range(ROWS):
            ref = f"{partner}/{quarter}/{i - (i % 2) if i // 2 < twice else i:03}"
            ward = "W99" if ROWS - i <= bad_wards else WARDS[i % len(WARDS)]
            opened, closed = f"{QUARTERS[quarter][:7]}-01", f"{QUARTERS[quarter][:7]}-{i % 28 + 1:02}"
            if 20 <= i < 20 + reversed_dates:
                opened, closed = "2025-03-02", "2025-03-01"
            outcome = "" if 40 <= i < 40 + no_outcome else "helped"
            self.rows.append({"case_ref": ref, "ward": ward, "opened": opened, "closed": closed, "outcome": outcome})

    def csv(self):
        return "\n".join([",".join(FIELDS), *(",".join(row[field] for field in FIELDS) for row in self.rows)]) + "\n"

    def failing(self):
        """Rule -> the rows that break it, found by looking at each row."""
        seen, again = set(), []
        for i, row in enumerate(self.rows):
            if row["case_ref"] in seen:
                again.append(i)
            seen.add(row["case_ref"])
        return {
            "ref_present": [i for i, row in enumerate(self.rows) if not row["case_ref"]],
            "outcome_present": [i for i, row in enumerate(self.rows) if not row["outcome"]],
            "ward_known": [i for i, row in enumerate(self.rows) if row["ward"] not in WARDS],
            "ref_once": again,
            "closed_after_opened": [i for i, row in enumerate(self.rows) if row["closed"] < row["opened"]],
        }

    def exact(self):
        """Dimension -> score, and "score", as fractions: weighted shares of rows that pass, then the plain mean."""
        failing, sums = self.failing(), {}
        for one in RULES:
            weight = WEIGHT[one["severity"]]
            passed = fractions.Fraction(len(self.rows) - len(failing[one["id"]]), len(self.rows))
            above, below = sums.get(one["dimension"], (0, 0))
            sums[one["dimension"]] = (above + weight * passed, below + weight)
        scores = {dimension: 100 * above / below for dimension, (above, below) in sums.items()}
        return {**scores, "score": sum(scores.values()) / len(scores)}

    def scores(self):
        """As people are shown them: floored to one decimal."""
        return {what: math.floor(score * 10) / 10 for what, score in self.exact().items()}

    def held_back(self):
        held = {one["id"] for one in RULES if one["severity"] in ("critical", "error")}
        return len({row for name, rows in self.failing().items() if name in held for row in rows})

    def decision(self):
        if self.exact()["score"] < 70:
            return "reject"
        return "accept_with_quarantine" if self.held_back() else "accept"


# Improving; over-claiming; worsening; late; missing and not right first time.
RETURNS = [
    Return("constabulary", "2025/26-Q1", "2025-07-10", bad_wards=40, no_outcome=6),
    Return("constabulary", "2025/26-Q2", "2025-10-10", bad_wards=15, no_outcome=2),
    Return("constabulary", "2025/26-Q3", "2026-01-10", bad_wards=4),
    Return("constabulary", "2025/26-Q4", "2026-04-10", bad_wards=1),
    Return("county-council", "2025/26-Q1", "2025-07-10", bad_wards=29),
    Return("county-council", "2025/26-Q2", "2025-10-10", bad_wards=29, reversed_dates=3),
    Return("county-council", "2025/26-Q3", "2026-01-10", bad_wards=29),
    Return("county-council", "2025/26-Q4", "2026-04-10", bad_wards=1),
    Return("fire-and-rescue", "2025/26-Q1", "2025-07-10"),
    Return("fire-and-rescue", "2025/26-Q2", "2025-10-10", bad_wards=5),
    Return("fire-and-rescue", "2025/26-Q3", "2026-01-10", bad_wards=12, no_outcome=5),
    Return("fire-and-rescue", "2025/26-Q4", "2026-04-10", bad_wards=24, no_outcome=12, twice=2),
    Return("bus-operator", "2025/26-Q1", "2025-07-10", bad_wards=3),
    Return("bus-operator", "2025/26-Q2", "2025-11-05", bad_wards=3),
    Return("bus-operator", "2025/26-Q3", "2026-02-05", bad_wards=3),
    Return("bus-operator", "2025/26-Q4", "2026-04-10", bad_wards=3),
    Return("voluntary-action", "2025/26-Q1", "2025-07-10", bad_wards=95, reversed_dates=20, no_outcome=30, twice=10),
    Return("voluntary-action", "2025/26-Q1", "2025-07-15", bad_wards=8),
    Return("voluntary-action", "2025/26-Q2", "2025-10-10", bad_wards=8),
    Return("voluntary-action", "2025/26-Q4", "2026-04-10", bad_wards=7),
]


def due_day(quarter):
    return datetime.date.fromisoformat(QUARTERS[quarter]) + datetime.timedelta(days=30)


# ---- what the partners say of themselves ----

# Item by item in the template's order.
FIRST = {
    "constabulary": (3, 2, 2, 2, 3, 3, 4, 4, 3),
    "county-council": (2, 3, 3, 4, 3, 4, 4, 4, 2),
    "fire-and-rescue": (3, 3, 3, 4, 4, 4, 4, 4, 3),
    "bus-operator": (2, 2, 1, 4, 3, 4, 2, 4, 3),
    "voluntary-action": (2, 1, 2, 1, 3, 3, 4, 4, None),
}
SECOND = {
    "constabulary": (3, 2, 2, 2, 2, 3, 4, 4, 3),
    "county-council": (2, 3, 3, 4, 4, 4, 4, 4, 2),
    "fire-and-rescue": (3, 3, 3, 2, 2, 3, 4, 4, 3),
    "bus-operator": (2, 3, 2, 4, 3, 4, 2, 4, 3),
    "voluntary-action": (2, 2, 2, 2, 3, 3, 3, 2, 2),
}
SUBMITTED = {"2025/26": datetime.date(2025, 11, 20), "2026/27": datetime.date(2026, 6, 15)}


def claims(answers):
    return {item: level for item, level in zip(ITEMS, answers) if level is not None}


# ---- what was measured of a partner at one moment ----


def months_before(day, months):
    month = day.year * 12 + day.month - 1 - months
    return datetime.date(month // 12, month % 12 + 1, day.day)


def observations(partner, measure, begin, end):
    """Values in [begin, end); days are enough, for nothing happens on the edges."""
    mine = [one for one in RETURNS if one.partner == partner and one.received < end]
    accepted = [one for one in mine if one.decision() != "reject"]
    if measure["measure"] == "dimension_score":
        return [one.scores()[measure["dimension"]] for one in accepted if begin <= one.received]
    if measure["measure"] == "first_time_pass_rate":
        first = {}
        for one in mine:
            first.setdefault(one.quarter, one)
        return [float(one.decision() == "accept") for one in first.values() if begin <= one.received]
    due = [quarter for quarter in QUARTERS if begin <= due_day(quarter) < end]
    come = {}
    for one in accepted:
        come.setdefault(one.quarter, one.received)
    if measure["measure"] == "on_time_rate":
        return [float(quarter in come and come[quarter] <= due_day(quarter)) for quarter in due]
    if measure["measure"] == "periods_received_rate":
        return [float(quarter in come) for quarter in due]
    raise AssertionError(measure["measure"])


def level_for(value, levels):
    """The highest level whose least value is reached; the lowest of the scale otherwise."""
    return max([1] + [int(level) for level, least in levels.items() if value + 1e-9 >= least_of(least)])


def least_of(least):
    return float(least.rstrip("%")) / 100 if isinstance(least, str) else least


def measured(partner, measure, day):
    """(value, level, [value of each stretch]) on a day, or (None, None, ...)."""
    start = months_before(day, 12)
    after = day + datetime.timedelta(days=1)
    values = observations(partner, measure, start, after)
    if "per" not in measure:
        if not values:
            return None, None, []
        mean = sum(values) / len(values)
        return mean, level_for(mean, measure["levels"]), []
    edges = [start, *(months_before(day, months) for months in (9, 6, 3)), after]
    stretches = [observations(partner, measure, begin, end) for begin, end in zip(edges, edges[1:])]
    means = [sum(stretch) / len(stretch) if stretch else None for stretch in stretches]
    levels = [level_for(mean, measure["levels"]) for mean in means if mean is not None]
    return (sum(values) / len(values) if values else None), (min(levels) if levels else None), means


# ---- levels and gaps ----


def drawn_themes(levels, form=FORM):
    """Theme -> floor of the mean, at most the lowest plus one, then the caps; of themes that are answered whole."""
    themes = {}
    for theme in form["themes"]:
        mine = [levels[item["id"]] for item in theme["items"] if item["id"] in levels]
        if len(mine) == len(theme["items"]):
            themes[theme["id"]] = min(math.floor(fractions.Fraction(sum(mine), len(mine))), min(mine) + 1)
    for cap in form.get("caps", []):
        if cap["theme"] in themes and levels[cap["item"]] < cap["below"]:
            themes[cap["theme"]] = min(themes[cap["theme"]], cap["at"])
    return themes


def theme_levels(levels, form=FORM):
    """The same of all, and the whole: its lowest theme."""
    themes = drawn_themes(levels, form)
    return themes, min(themes.values())


def assurance(partner, item, level, day, in_date=None):
    """(state, size) of one claim; `in_date`: whether something attached is (None: nothing is attached)."""
    evidence = next(one for theme in FORM["themes"] for one in theme["items"] if one["id"] == item).get("evidence", {})
    if "measure" in evidence:
        supported = measured(partner, evidence, day)[1]
        if supported is not None:
            size = level - supported
            return ("supported" if size == 0 else "overstated" if size > 0 else "understated"), size
    if in_date is not None:
        return ("supported" if in_date else "stale"), 0
    if "measure" in evidence or PARTNERS[partner] in evidence.get("required", []) or (evidence and level > 1):
        return "unevidenced", 0
    return "not_bound", 0


# ---- several groups ----


def agreement(ratings, top, bottom, reds):
    """Stage by stage and over all, of groups that rated everything: {group: {item: level}}."""
    groups = list(ratings)
    items = list(ratings[groups[0]])
    stages = {}
    for item in items:
        given = [ratings[group][item] for group in groups]
        distance = max(given) - min(given)
        stages[item] = {"distance": distance, "exact": distance == 0, "agreedRed": all(level in reds for level in given),
                        "contested": distance == top - bottom}
    kappas = []
    for i, one in enumerate(groups):
        for other in groups[i + 1:]:
            kappas.append(weighted_kappa([ratings[one][item] for item in items], [ratings[other][item] for item in items]))
    defined = [kappa for kappa in kappas if kappa is not None]
    return {"stages": stages, "exactShare": sum(stage["exact"] for stage in stages.values()) / len(items),
            "meanDistance": sum(stage["distance"] for stage in stages.values()) / len(items),
            "kappa": sum(defined) / len(defined) if defined else None}


def weighted_kappa(one, other):
    """Cohen's kappa with linear weights: 1 - mean distance seen / mean distance by chance."""
    seen = sum(abs(a - b) for a, b in zip(one, other)) / len(one)
    chance = sum(abs(a - b) for a in one for b in other) / (len(one) * len(other))
    return None if chance == 0 else 1 - seen / chance
