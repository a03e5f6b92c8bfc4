"""Great Expectations' JSON cases in Concordat's words: a case becomes a contract with one rule, a feed and a file.

What cannot be said is Untranslatable, with a reason that the agreement table prints.
"""
import csv
import io
import json
import re
from datetime import datetime, timedelta, timezone

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=timezone.utc)


class Untranslatable(Exception):
    """The case asks for something that no rule kind says."""


TYPES = {
    "integer": "int int32 int64 Int64 integer INTEGER INT BIGINT LongType IntegerType int_ Integer",
    "number": "float float64 FloatType DoubleType DOUBLE_PRECISION NUMERIC DECIMAL FLOAT64 FLOAT REAL double float_",
    "string": "str object object_ O string StringType TEXT VARCHAR STRING NVARCHAR CHAR String",
    "boolean": "bool boolean BOOLEAN BooleanType BIT BOOL bool_",
    "timestamp": "datetime64 datetime timestamp Timestamp TIMESTAMP DATETIME TimestampType DatetimeTZDtypeType",
    "date": "date DATE DateType",
}
TYPE_OF = {name: ours for ours, names in TYPES.items() for name in names.split()}

# What dateutil reads, as far as files of councils have it.
COMMON_DATES = ["yyyy-MM-dd", "dd/MM/yyyy", "MM/dd/yyyy", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm:ss",
                "dd-MM-yyyy", "dd MMM yyyy", "dd MMMM yyyy", "MMM dd yyyy", "yyyy/MM/dd", "yyyyMMdd"]

STRFTIME = {"Y": "yyyy", "m": "MM", "d": "dd", "H": "HH", "M": "mm", "S": "ss", "y": "yy", "b": "MMM", "B": "MMMM",
            "a": "EEE", "A": "EEEE", "I": "hh", "p": "a", "%": "%"}

TIMESTAMPS = [("%Y-%m-%dT%H:%M:%S", "yyyy-MM-dd'T'HH:mm:ss"), ("%Y-%m-%d %H:%M:%S", "yyyy-MM-dd HH:mm:ss"),
              ("%b %d %Y %H:%M:%S", "MMM dd yyyy HH:mm:ss"), ("%Y-%m-%d", "yyyy-MM-dd"), ("%m/%d/%Y", "M/d/yyyy"),
              ("%d/%m/%Y", "d/M/yyyy"), ("%Y-%m-%d %H:%M:%S.%f %z", None)]

# Expectations that compare values by their order: dates among them are then typed.
ORDERED = ("values_to_be_between", "max_to_be_between", "min_to_be_between", "increasing", "decreasing",
           "greater_than_b")


def cell(value):
    """A JSON value as a file has it; the same number always as the same text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return value
    raise Untranslatable("a cell holds a list or a map")


def parse_time(text, form):
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def time_form(values):
    """The (strptime, JDK) pair that reads all of them, or None."""
    for form in TIMESTAMPS:
        if all(parse_time(value, form[0]) for value in values):
            return form
    return None


class Table:
    """The dataset of a case: its columns, their types, and the file that brings it."""

    def __init__(self, data, schemas, expectation, aggregates):
        self.columns = list(data)
        self.data = data
        self.rows = max((len(values) for values in data.values()), default=0)
        self.forms = {}
        declared = schemas.get("pandas") or next(iter(schemas.values()), {})
        self.declared = declared
        self.booleans_as_numbers = aggregates
        self.types = {column: self._type_of(column, expectation) for column in self.columns}

    def _type_of(self, column, expectation):
        values = [value for value in self.data[column] if value is not None]
        if values and all(isinstance(value, bool) for value in values):
            return "integer" if self.booleans_as_numbers else "boolean"
        if values and all(isinstance(value, int) and not isinstance(value, bool) for value in values):
            return "integer"
        if values and all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
            return "number"
        wanted = TYPE_OF.get(str(self.declared.get(column, "")).split("[")[0])
        if values and all(isinstance(value, str) for value in values) and any(word in expectation for word in ORDERED):
            form = time_form(values)
            if form:
                self.forms[column] = form
                return "timestamp"
        if not values and wanted in ("integer", "number"):
            return wanted
        if not values and self.booleans_as_numbers:
            return "number"
        return "string"

    def field(self, column):
        if column not in self.columns:
            return "no_such_field"
        return f"c{self.columns.index(column)}"

    def properties(self):
        found = []
        for column in self.columns:
            one = {"name": self.field(column), "logicalType": self.types[column], "classification": "public"}
            form = self.forms.get(column)
            if form and form[1]:
                one["logicalTypeOptions"] = {"format": form[1]}
            found.append(one)
        return found

    def mapping(self):
        return {self.field(column): column for column in self.columns}

    def text_at(self, column, row):
        values = self.data[column]
        value = values[row] if row < len(values) else None
        if self.booleans_as_numbers and isinstance(value, bool):
            value = int(value)
        form = self.forms.get(column)
        if form and form[1] is None and value is not None:
            return parse_time(value, form[0]).astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return cell(value)

    def file(self, with_index):
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(self.columns + (["pk_index"] if with_index else []))
        for row in range(self.rows):
            writer.writerow([self.text_at(column, row) for column in self.columns] + ([row] if with_index else []))
        return out.getvalue()

    def bound(self, column, value):
        """A bound for an ordered kind: dates as ISO 8601, parameters worked out, all else as it stands."""
        if isinstance(value, dict):
            value = parameter(value)
        if column in self.forms and isinstance(value, str):
            form = time_form([value])
            return parse_time(value, form[0]).strftime("%Y-%m-%dT%H:%M:%SZ") if form else value
        return value


def parameter(value):
    """GX's {"$PARAMETER": expression}, for the expressions that its cases use."""
    text = str(value.get("$PARAMETER", ""))
    day = re.fullmatch(r"datetime\((\d+), *(\d+), *(\d+)\)", text)
    if day:
        return datetime(*map(int, day.groups())).strftime("%Y-%m-%dT%H:%M:%S")
    moved = re.fullmatch(r"now\(\)(?: *([+-]) *timedelta\((weeks|days|hours|minutes)=([\d* ]+)\))?", text)
    if not moved:
        raise Untranslatable(f"the parameter {text}")
    moment = NOW
    if moved.group(1):
        amount = 1
        for factor in moved.group(3).split("*"):
            amount *= int(factor)
        step = timedelta(**{moved.group(2): amount})
        moment = moment - step if moved.group(1) == "-" else moment + step
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def like_pattern(pattern, brackets):
    """SQL's LIKE as a regular expression for a whole value; [abc] is a class only where the backend has them."""
    out = ""
    i = 0
    while i < len(pattern):
        char = pattern[i]
        end = pattern.find("]", i) if brackets and char == "[" else -1
        if end > 0:
            out += pattern[i:end + 1]
            i = end
        else:
            out += {"%": "(?s:.*)", "_": "(?s:.)"}.get(char, re.escape(char))
        i += 1
    return out


def search(pattern):
    """GX searches, our regex matches the whole value."""
    return f"(?s:.*?)(?:{pattern})(?s:.*)"


class Translator:
    """One case. After `rule()`: the rule's kind, settings and condition."""

    def __init__(self, expectation, kwargs, table, only_for):
        self.expectation = expectation
        self.kwargs = kwargs
        self.table = table
        self.only_for = only_for
        self.when = []
        self.on_missing = None
        self.keys = []  # of uniqueness: columns

    def column(self, key="column"):
        name = self.kwargs.get(key)
        if not isinstance(name, str):
            raise Untranslatable(f"names no {key}")
        return name

    def field(self, key="column"):
        return self.table.field(self.column(key))

    def bounds(self, low="min_value", high="max_value"):
        found = {}
        for ours, theirs in (("min", low), ("max", high)):
            value = self.kwargs.get(theirs)
            if value is not None:
                found[ours] = self.table.bound(self.kwargs.get("column"), value)
        return found

    def texts(self, key):
        values = self.kwargs.get(key)
        if values is None:
            return None
        return [cell(value) for value in values if value is not None]

    def rule(self):
        name = self.expectation
        method = getattr(self, name, None)
        if method is None:
            raise Untranslatable("no rule kind says this")
        kind, settings = method()
        condition = self.kwargs.get("row_condition")
        if condition:
            self.when.append(self.condition(condition))
        return kind, settings

    def condition(self, text):
        """A pandas query in CEL. One of another parser goes to the engine as it stands, which refuses it."""
        if self.kwargs.get("condition_parser") != "pandas":
            return text
        table = self.table

        def comparison(match):
            column, op, literal = match.groups()
            if column not in table.columns:
                return match.group(0)
            kind = table.types[column]
            quoted = literal[0] in "\"'"
            if quoted != (kind == "string"):
                raise Untranslatable("the condition compares a number with a text, a mistake in our rules")
            if kind == "number" and "." not in literal:
                literal += ".0"
            return f"record.{table.field(column)} {op} {literal}"

        text = re.sub(r"(\w+)\s*(==|!=|<=|>=|<|>)\s*(\"[^\"]*\"|'[^']*'|-?[\d.]+)", comparison, text)
        text = re.sub(r"(?<!&)&(?!&)", "&&", text)
        return re.sub(r"(?<!\|)\|(?!\|)", "||", text)

    def ignore_rows(self, columns, default):
        """GX's ignore_row_if: which rows take no part for what they lack."""
        ignore = self.kwargs.get("ignore_row_if", default)
        has = [f"has(record.{self.table.field(column)})" for column in columns]
        if ignore in ("both_values_are_missing", "all_values_are_missing"):
            self.when.append("(" + " || ".join(has) + ")")
            self.on_missing = "fail"
        elif ignore in ("either_value_is_missing", "any_value_is_missing"):
            self.when.append("(" + " && ".join(has) + ")")
        elif ignore == "never":
            self.on_missing = "fail"

    # --- column map ---
    def expect_column_values_to_be_in_set(self):
        return "in_list", {"field": self.field(), "values": self.texts("value_set")}

    def expect_column_values_to_not_be_in_set(self):
        values = self.texts("value_set")
        if values == []:
            raise Untranslatable("an empty list asks for nothing, which lint calls a mistake")
        return "not_in_list", {"field": self.field(), "values": values}

    def expect_column_values_to_be_between(self):
        bounds = self.bounds()
        column = self.kwargs.get("column")
        for ours, strict, exclusive in (("min", "strict_min", "exclusive_min"), ("max", "strict_max", "exclusive_max")):
            if self.kwargs.get(strict) and ours in bounds:
                bounds[exclusive] = bounds.pop(ours)
        texts = any(isinstance(bound, str) for bound in bounds.values())
        if texts and self.table.types.get(column) == "string":
            ops = {"min": ">=", "exclusive_min": ">", "max": "<=", "exclusive_max": "<"}
            return "all_of", {"rules": [
                {"rule": "compare", "with": {"left": self.field(), "op": ops[key], "right": {"value": bound}}}
                for key, bound in bounds.items()]}
        return "range", {"field": self.field(), **bounds}

    expect_column_values_to_be_between__evaluation_parameters = expect_column_values_to_be_between

    def expect_column_value_lengths_to_be_between(self):
        bounds = self.bounds()
        if self.table.types.get(self.kwargs.get("column")) in ("integer", "number"):
            raise Untranslatable("GX refuses the length of a number; here every cell has a text")
        if isinstance(bounds.get("min"), int) and self.kwargs.get("strict_min"):
            bounds["min"] += 1
        if isinstance(bounds.get("max"), int) and self.kwargs.get("strict_max"):
            bounds["max"] -= 1
        return "length", {"field": self.field() if "column" in self.kwargs else "no_such_field", **bounds}

    def expect_column_value_lengths_to_equal(self):
        return "length", {"field": self.field(), "min": self.kwargs["value"], "max": self.kwargs["value"]}

    def expect_column_values_to_be_null(self):
        return "must_be_empty", {"field": self.field()}

    def expect_column_values_to_not_be_null(self):
        return "required", {"field": self.field()}

    def expect_column_values_to_be_unique(self):
        self.keys = [self.column()]
        return "unique", {"fields": [self.field()]}

    def monotonic(self, order):
        return "monotonic", {"field": self.field(), "order": order, "strict": bool(self.kwargs.get("strictly"))}

    def expect_column_values_to_be_increasing(self):
        return self.monotonic("increasing")

    def expect_column_values_to_be_decreasing(self):
        return self.monotonic("decreasing")

    def types(self, names):
        ours = []
        for name in names or []:
            if name not in TYPE_OF:
                raise Untranslatable(f"the type {name} of one backend")
            ours.append(TYPE_OF[name])
        values = [value for value in self.table.data[self.column()] if value is not None]
        # A column that holds any text is text: its numbers were written as such.
        if "string" in ours and any(isinstance(value, str) for value in values):
            ours = sorted(TYPES)
        return "value_type", {"field": self.field(), "types": sorted(set(ours))}

    def expect_column_values_to_be_of_type(self):
        return self.types([self.kwargs.get("type_")])

    def expect_column_values_to_be_in_type_list(self):
        return self.types(self.kwargs.get("type_list"))

    def expect_column_values_to_match_regex(self):
        return "pattern", {"field": self.field(), "pattern": self.kwargs["regex"]}

    def expect_column_values_to_not_match_regex(self):
        return "not_regex", {"field": self.field(), "pattern": search(self.kwargs["regex"])}

    def one_or_all(self, kind, patterns):
        if self.kwargs.get("match_on", "any") == "all":
            return "all_of", {"rules": [{"rule": kind, "with": {"field": self.field(), "pattern": pattern}}
                                        for pattern in patterns]}
        return kind, {"field": self.field(), "patterns": patterns}

    def expect_column_values_to_match_regex_list(self):
        return self.one_or_all("regex", [search(pattern) for pattern in self.kwargs["regex_list"]])

    def expect_column_values_to_not_match_regex_list(self):
        return "not_regex", {"field": self.field(), "patterns": [search(p) for p in self.kwargs["regex_list"]]}

    def like(self, pattern):
        return like_pattern(pattern, brackets=self.only_for == ["mssql"])

    def expect_column_values_to_match_like_pattern(self):
        return "regex", {"field": self.field(), "pattern": self.like(self.kwargs["like_pattern"])}

    def expect_column_values_to_not_match_like_pattern(self):
        return "not_regex", {"field": self.field(), "pattern": self.like(self.kwargs["like_pattern"])}

    def expect_column_values_to_match_like_pattern_list(self):
        return self.one_or_all("regex", [self.like(pattern) for pattern in self.kwargs["like_pattern_list"]])

    def expect_column_values_to_not_match_like_pattern_list(self):
        patterns = [self.like(pattern) for pattern in self.kwargs["like_pattern_list"]]
        return "not_regex", {"field": self.field(), "patterns": patterns}

    def expect_column_values_to_match_strftime_format(self):
        form = re.sub(r"%(.)", lambda m: STRFTIME.get(m.group(1), "%" + m.group(1)),
                      re.sub(r"(?<![%A-Za-z])([A-Za-z]+)|(?<=%[YmdHMSybBaAIp])([A-Z])(?=%)", r"'\g<0>'",
                             self.kwargs["strftime_format"]))
        return "date_pattern", {"field": self.field(), "patterns": [form]}

    def expect_column_values_to_be_dateutil_parseable(self):
        return "date_pattern", {"field": self.field(), "patterns": COMMON_DATES}

    def expect_column_values_to_be_json_parseable(self):
        if self.table.types.get(self.kwargs.get("column")) in ("integer", "number"):
            raise Untranslatable("GX calls a number no JSON because it is no text; 2 is JSON")
        return "json", {"field": self.field()}

    def expect_column_values_to_match_json_schema(self):
        return "json", {"field": self.field(), "schema": self.kwargs["json_schema"]}

    def expect_column_value_z_scores_to_be_less_than(self):
        side = "both" if self.kwargs.get("double_sided") else "above"
        mostly = self.kwargs.pop("mostly", 1)
        return "outlier_share", {"field": self.field(), "deviations": self.kwargs["threshold"], "side": side,
                                 "max": round(1 - mostly, 10)}

    # --- pairs and several columns ---
    def pair(self):
        self.ignore_rows([self.column("column_A"), self.column("column_B")], "both_values_are_missing")
        return self.field("column_A"), self.field("column_B")

    def expect_column_pair_values_a_to_be_greater_than_b(self):
        left, right = self.pair()
        return "compare", {"left": left, "op": ">=" if self.kwargs.get("or_equal") else ">", "right": right}

    def expect_column_pair_values_to_be_equal(self):
        left, right = self.pair()
        return "compare", {"left": left, "op": "==", "right": right}

    def expect_column_pair_values_to_be_in_set(self):
        left, right = self.pair()
        if left == right:
            return "in_list", {"field": left, "values": [cell(a) for a, b in self.kwargs["value_pairs_set"] if a == b]}
        pairs = [[cell(a), cell(b)] for a, b in self.kwargs["value_pairs_set"]]
        return "in_reference", {"fields": [left, right], "values": pairs}

    def fields(self):
        columns = self.kwargs.get("column_list")
        self.ignore_rows(columns, "all_values_are_missing")
        self.on_missing = None  # each kind has its own way with a part that is missing
        return [self.table.field(column) for column in columns]

    def expect_compound_columns_to_be_unique(self):
        self.keys = list(self.kwargs["column_list"])
        return "unique", {"fields": self.fields()}

    def expect_select_column_values_to_be_unique_within_record(self):
        return "distinct_within_row", {"fields": self.fields()}

    def expect_multicolumn_sum_to_equal(self):
        return "sum_equals", {"fields": self.fields(), "value": self.kwargs["sum_total"], "within": 1e-9}

    # --- column aggregates ---
    def aggregate(self, figure):
        bounds = self.bounds()
        if not bounds and "sum" not in figure:
            raise Untranslatable("without bounds nothing is asked, which lint calls a mistake")
        for strict, ours in (("strict_min", "min"), ("strict_max", "max")):
            if self.kwargs.get(strict) and ours in bounds:
                bounds["exclusive_" + ours] = bounds.pop(ours)
        return "aggregate", {"field": self.field(), "of": figure, **bounds}

    def expect_column_max_to_be_between(self):
        return self.aggregate("max")

    def expect_column_min_to_be_between(self):
        return self.aggregate("min")

    def expect_column_mean_to_be_between(self):
        return self.aggregate("mean")

    def expect_column_median_to_be_between(self):
        return self.aggregate("median")

    def expect_column_sum_to_be_between(self):
        return self.aggregate("sum")

    def expect_column_stdev_to_be_between(self):
        if self.only_for == ["snowflake"]:
            raise Untranslatable("one backend's own arithmetic, to its last digits")
        return self.aggregate("stdev")

    def expect_column_quantile_values_to_be_between(self):
        ranges = self.kwargs["quantile_ranges"]
        rules = []
        for at, (low, high) in zip(ranges["quantiles"], ranges["value_ranges"]):
            bounds = {key: bound for key, bound in (("min", low), ("max", high)) if bound is not None}
            rules.append({"field": self.field(), "at": at, **bounds})
        return "quantile", rules

    def distinct(self, share):
        bounds = self.bounds()
        if not bounds:
            raise Untranslatable("without bounds nothing is asked, which lint calls a mistake")
        return "distinct_count", {"field": self.field(), "share": share, **bounds}

    def expect_column_unique_value_count_to_be_between(self):
        return self.distinct(False)

    def expect_column_proportion_of_unique_values_to_be_between(self):
        return self.distinct(True)

    def distinct_values(self, how):
        return "distinct_values", {"field": self.field(), how: self.texts("value_set")}

    def expect_column_distinct_values_to_be_in_set(self):
        return self.distinct_values("within")

    def expect_column_distinct_values_to_contain_set(self):
        return self.distinct_values("contain")

    def expect_column_distinct_values_to_equal_set(self):
        return self.distinct_values("equal")

    def expect_column_most_common_value_to_be_in_set(self):
        ties = "accept" if self.kwargs.get("ties_okay") else "refuse"
        return "most_common_value", {"field": self.field(), "values": self.texts("value_set"), "ties": ties}

    def expect_column_pair_cramers_phi_value_to_be_less_than(self):
        if any(key.startswith("bins") for key in self.kwargs):
            raise Untranslatable("values are grouped into bins of the rule's own")
        for side in "AB":
            values = {value for value in self.table.data[self.column("column_" + side)] if value is not None}
            if len(values) > self.kwargs.get("n_bins_" + side, len(values)):
                raise Untranslatable("numbers are grouped into bins")
        left, right = self.field("column_A"), self.field("column_B")
        if left == right:
            raise Untranslatable("a column always goes with itself; lint calls a field that stands twice a mistake")
        return "independent", {"fields": [left, right], "max": self.kwargs.get("threshold", 0.1)}

    # --- tables ---
    def expect_column_to_exist(self):
        settings = {"names": [self.kwargs["column"]]}
        if self.kwargs.get("column_index") is not None:
            settings["first"] = self.kwargs["column_index"] + 1
        return "columns", settings

    def expect_table_column_count_to_be_between(self):
        return "column_count", self.bounds()

    def expect_table_column_count_to_equal(self):
        return "column_count", {"min": self.kwargs["value"], "max": self.kwargs["value"]}

    def expect_table_columns_to_match_ordered_list(self):
        return "columns", {"names": self.kwargs["column_list"], "match": "ordered"}

    def expect_table_columns_to_match_set(self):
        if self.kwargs.get("column_set") is None:
            raise Untranslatable("an empty list of columns asks for nothing, which lint calls a mistake")
        match = "equal" if self.kwargs.get("exact_match", True) else "contain"
        return "columns", {"names": list(self.kwargs["column_set"]), "match": match}

    def expect_table_row_count_to_be_between(self):
        return "row_count", self.bounds()

    def expect_table_row_count_to_equal(self):
        return "row_count", {"min": self.kwargs["value"], "max": self.kwargs["value"]}


def tolerance(mostly):
    if isinstance(mostly, str):
        return {"breach": mostly}
    return {"breach": f"{round(100 * (1 - mostly), 8):g}%"}


def contract(table, translator, kind, settings):
    """The ODCS document; several settings become several rules."""
    several = settings if isinstance(settings, list) else [settings]
    rules = []
    for index, one in enumerate(several):
        implementation = {"rule": kind, "with": one}
        if translator.when:
            implementation["when"] = " && ".join(f"({when})" for when in translator.when)
        if translator.on_missing:
            implementation["onMissing"] = translator.on_missing
        if "mostly" in translator.kwargs:
            implementation["tolerance"] = tolerance(translator.kwargs["mostly"])
        rules.append({"id": f"expectation_{index}", "type": "custom", "engine": "concordat",
                      "dimension": "conformity", "severity": "error", "description": translator.expectation,
                      "implementation": implementation})
    return {"apiVersion": "v3.1.0", "kind": "DataContract", "id": "gx", "name": "gx", "version": "1.0.0",
            "status": "active", "schema": [{"name": "gx", "properties": table.properties(), "quality": rules}]}


def policies(table, document):
    """The files of a policies folder, by relative path."""
    feed = {"apiVersion": "concordat/v1", "kind": "Feed", "id": "gx", "partner": "gx", "dataset": "gx",
            "adapter": {"plugin": "delimited", "options": {"encoding": "utf-8", "delimiter": ",", "header": "1"}},
            "mapping": table.mapping()}
    return {
        "partnership.yaml": {"apiVersion": "concordat/v1", "kind": "Partnership", "id": "gx", "name": "GX",
                             "trustDomain": "gx.example", "yearStart": "04-01"},
        "partners/gx.yaml": {"apiVersion": "concordat/v1", "kind": "Partner", "id": "gx", "name": "GX",
                             "sector": "public"},
        "contracts/gx.odcs.yaml": document,
        "feeds/gx.yaml": feed,
    }
