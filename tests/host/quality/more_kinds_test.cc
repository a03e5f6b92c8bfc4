// Kinds about texts, entities over time, whole columns, headers and history: what each must catch and let be.
#include "gmock/gmock.h"
#include "tests/host/quality/batch_builder.h"

namespace concordat::quality {
namespace {

using record::RuleStatus;
using testing::HasSubstr;

struct KindCase {
  std::string name;
  std::string kind;
  std::string with;
  std::vector<std::string> columns;
  Rows rows;
  std::string answers;
};
std::ostream& operator<<(std::ostream& out, const KindCase& one) { return out << one.name; }

class RecordKind : public testing::TestWithParam<KindCase> {};

RunContext InJune() {
  RunContext context;
  context.as_of = absl::FromCivil(absl::CivilDay(2024, 6, 10), absl::UTCTimeZone());
  context.period = TestPeriod();
  return context;
}

// Whatever the size of a batch, the answers are the same.
TEST_P(RecordKind, AnswersEachRecord) {
  const KindCase& one = GetParam();
  for (const size_t batch : {1, 2, 8192})
    EXPECT_EQ(AnswersOf(Spec(one.kind, one.with), one.columns, one.rows, InJune(), batch), one.answers)
        << batch;
}

const std::vector<KindCase> kTexts = {
    {"DatePattern",
     "date_pattern",
     "{field: code, patterns: [yyyy-MM-dd, dd/MM/yyyy HH:mm]}",
     {"code"},
     {{"2024-05-31"}, {"31/05/2024 23:59"}, {"31/05/2024"}, {"2024-02-30"}, {""}, {"c"}},
     "PPFFSS"},
    {"ValueTypeNumber",
     "value_type",
     "{field: code, types: [number]}",
     {"code"},
     {{"1"}, {"1.5"}, {"-2e3"}, {"one"}, {"2024-05-01"}, {"true"}, {""}},
     "PPPFFFS"},
    {"ValueTypeText",
     "value_type",
     "{field: code, types: [string]}",
     {"code"},
     {{"Ashby"}, {"17"}, {"1.5"}, {"False"}, {"2024-05-01T10:00:00Z"}},
     "PFFFF"},
    {"ValueTypeDates",
     "value_type",
     "{field: code, types: [date, timestamp, boolean]}",
     {"code"},
     {{"2024-05-01"}, {"2024-05-01T10:00:00Z"}, {"true"}, {"2024-05-32"}, {"7"}},
     "PPPFF"},
    {"Json",
     "json",
     "{field: code}",
     {"code"},
     {{"{\"a\": [1, null]}"}, {"17"}, {"{a: 1}"}, {"[1,]"}, {"\"\xff\""}, {"{} {}"}, {""}},
     "PPFFFFS"},
    {"JsonWithSchema",
     "json",
     "{field: code, schema: {type: object, required: [id], properties: {id: {type: integer}}}}",
     {"code"},
     {{"{\"id\": 7}"}, {"{\"id\": \"7\"}"}, {"{}"}, {"[]"}},
     "PFFF"},
    {"RegexOfSeveral",
     "regex",
     "{field: code, patterns: [a+, \"b|bb\"]}",
     {"code"},
     {{"aa"}, {"bb"}, {"ab"}},
     "PPF"},
    {"NotRegexOfSeveral",
     "not_regex",
     "{field: code, patterns: [a+, b]}",
     {"code"},
     {{"aa"}, {"b"}, {"ab"}},
     "FFP"},
    {"InReferenceOfItsOwnValues",
     "in_reference",
     "{fields: [code, code2], values: [[a, b], [a, \"\"]]}",
     {"code", "code2"},
     {{"a", "b"}, {"b", "a"}, {"a", ""}, {"ab", "x"}},
     "PFSF"},
    {"AgeToday",
     "age_range",
     "{field: d, min: 0, max: 17}",
     {"d"},
     {{"2006-06-11"}, {"2006-06-10"}, {"2024-06-10"}, {"2024-06-11"}, {""}, {"x"}},
     "PFPFSF"},
    {"AgeOnAnotherDate",
     "age_range",
     "{field: d, at: d2, min: 18}",
     {"d", "d2"},
     {{"2004-02-29", "2022-02-28"}, {"2004-02-29", "2022-03-01"}, {"2004-02-29", ""}},
     "FPU"},
    {"GeoPoint",
     "geo_point",
     "{latitude: x, longitude: n, south: 50, north: 59, west: -8, east: 2}",
     {"x", "n"},
     {{"53.4", "-1"}, {"-1", "53"}, {"0", "0"}, {"53.4", ""}, {"", ""}, {"x", "1"}},
     "PFFFSF"},
    {"Retention",
     "retention",
     "{field: d, max_age: P1Y}",
     {"d"},
     {{"2023-06-10"}, {"2023-06-09"}, {"2024-06-30"}, {""}},
     "PFPS"},
    {"CodeList",
     "code_list",
     "{fields: [code], on: d, file: lists/wards.csv, key: code, from: since, to: until}",
     {"code", "d"},
     {{"W1", "2023-12-31"},
      {"W1", "2024-01-01"},
      {"W1", "2024-07-01"},
      {"W2", "2023-12-31"},
      {"W2", "2030-01-01"},
      {"W3", "2024-01-01"},
      {"W1", ""},
      {"", "2024-01-01"}},
     "PFPFPFUS"},
    {"AnyOf",
     "any_of",
     "{rules: [{rule: required, with: {field: code}}, {rule: range, with: {field: n, min: 1}}]}",
     {"code", "n"},
     {{"a", ""}, {"", "2"}, {"", "0"}, {"", ""}, {"a", "0"}},
     "PPFFP"},
    {"AllOf",
     "all_of",
     "{rules: [{rule: regex, with: {field: code, pattern: a.*}}, {rule: length, with: {field: code, max: "
     "2}}]}",
     {"code"},
     {{"ab"}, {"abc"}, {"b"}, {""}},
     "PFFS"},
    {"NoneOf",
     "none_of",
     "{rules: [{rule: in_list, with: {field: code, values: [x]}}, {rule: in_list, with: {field: code2, "
     "values: [y]}}]}",
     {"code", "code2"},
     {{"a", "b"}, {"x", "b"}, {"a", "y"}, {"", ""}},
     "PFFS"},
};

const std::vector<KindCase> kEntities = {
    {"Increasing",
     "monotonic",
     "{field: n}",
     {"n"},
     {{"1"}, {"1"}, {"3"}, {""}, {"2"}, {"3"}, {"x"}},
     "PPPSFPF"},
    {"StrictlyDecreasing",
     "monotonic",
     "{field: d, order: decreasing, strict: true}",
     {"d"},
     {{"2024-05-03"}, {"2024-05-02"}, {"2024-05-02"}, {"2024-05-04"}},
     "PPFF"},
    {"IncreasingWithinEachEntity",
     "monotonic",
     "{field: x, by: [code]}",
     {"code", "x"},
     {{"a", "5"}, {"b", "1"}, {"a", "4.5"}, {"b", "1.5"}, {"", "0"}},
     "PPFPS"},
    {"NoOverlap",
     "no_overlap",
     "{by: [code], from: d, to: d2}",
     {"code", "d", "d2"},
     {{"a", "2024-05-01", "2024-05-10"},
      {"a", "2024-05-10", "2024-05-12"},
      {"a", "2024-05-05", "2024-05-06"},
      {"b", "2024-05-05", ""},
      {"b", "2024-06-05", "2024-06-06"},
      {"b", "2024-05-01", "2024-05-05"},
      {"b", "2024-05-03", "2024-05-01"},
      {"", "2024-05-01", ""}},
     "PPFPFPUS"},
    {"NoOverlapWithoutTouching",
     "no_overlap",
     "{by: [code], from: d, to: d2, touching: forbidden}",
     {"code", "d", "d2"},
     {{"a", "2024-05-01", "2024-05-10"},
      {"a", "2024-05-10", "2024-05-12"},
      {"a", "2024-05-13", "2024-05-14"}},
     "PFP"},
    {"NoGap",
     "no_gap",
     "{by: [code], from: d, to: d2, max: P1D}",
     {"code", "d", "d2"},
     {{"a", "2024-05-01", "2024-05-10"},
      {"a", "2024-05-11", "2024-05-12"},
      {"a", "2024-05-14", "2024-05-15"},
      {"a", "2024-05-02", "2024-05-03"},
      {"b", "2024-05-20", ""},
      {"b", "2024-09-01", ""}},
     "PPFUPP"},
    {"LegalTransition",
     "legal_transition",
     "{by: [code], state: code2, at: n, start: [open], allowed: {open: [closed], closed: [open]}}",
     {"code", "code2", "n"},
     {{"1", "open", "1"},
      {"1", "open", "2"},
      {"1", "closed", "3"},
      {"1", "lost", "4"},
      {"2", "closed", "1"},
      {"1", "open", "2"},
      {"1", "open", ""},
      {"1", "", "9"}},
     "PPPFFUUS"},
};

INSTANTIATE_TEST_SUITE_P(Texts, RecordKind, testing::ValuesIn(kTexts),
                         [](const auto& info) { return info.param.name; });
INSTANTIATE_TEST_SUITE_P(Entities, RecordKind, testing::ValuesIn(kEntities),
                         [](const auto& info) { return info.param.name; });

record::RuleResult ResultOf(const policy::RuleSpec& spec, const std::vector<std::string>& columns,
                            const Rows& rows, RunContext context) {
  const auto rules = MustCompile({spec});
  if (rules == nullptr) return {};
  Judge judge(rules, policy::Gate(), std::move(context), {}, nullptr);
  // In two batches, so that what a run remembers is asked for.
  const size_t half = rows.size() / 2;
  judge.Add(MakeBatch(rules->schema, columns, Rows(rows.begin(), rows.begin() + half)), {});
  judge.Add(MakeBatch(rules->schema, columns, Rows(rows.begin() + half, rows.end()), half + 1), {});
  return judge.Finish(0).scorecard.rules.at(0);
}

struct DatasetCase {
  std::string name;
  std::string kind;
  std::string with;
  std::vector<std::string> columns;
  Rows rows;
  bool good;
  std::string message;  // when it is not good: a part of it
};
std::ostream& operator<<(std::ostream& out, const DatasetCase& one) { return out << one.name; }

class DatasetKind : public testing::TestWithParam<DatasetCase> {};

TEST_P(DatasetKind, JudgesTheWhole) {
  const DatasetCase& one = GetParam();
  RunContext context = InJune();
  context.columns =
      std::make_shared<std::vector<std::string>>(std::vector<std::string>{"Crime ID", "Month", "Type"});
  const record::RuleResult result = ResultOf(Spec(one.kind, one.with), one.columns, one.rows, context);
  EXPECT_EQ(result.status, one.good ? RuleStatus::kMet : RuleStatus::kBreached) << result.note;
  if (one.good || result.samples.empty()) return;
  EXPECT_THAT(result.samples[0].message, HasSubstr(one.message));
  EXPECT_FALSE(result.samples[0].mend.empty());
}

const Rows kLetters = {{"a"}, {"b"}, {"b"}, {"N/A"}, {""}};
const Rows kNumbers = {{"1"}, {"2"}, {"3"}, {"4"}, {""}, {"x"}};
const std::vector<DatasetCase> kDatasets = {
    {"Within", "distinct_values", "{field: code, within: [a, b, d]}", {"code"}, kLetters, true, ""},
    {"NotWithin", "distinct_values", "{field: code, within: [a]}", {"code"}, kLetters, false, "code has b"},
    {"Contain", "distinct_values", "{field: code, contain: [b]}", {"code"}, kLetters, true, ""},
    {"NotContain",
     "distinct_values",
     "{field: code, contain: [b, d]}",
     {"code"},
     kLetters,
     false,
     "never has d"},
    {"Equal", "distinct_values", "{field: code, equal: [b, a]}", {"code"}, kLetters, true, ""},
    {"NotEqual", "distinct_values", "{field: code, equal: [a]}", {"code"}, kLetters, false, "code has b"},
    {"MostCommon", "most_common_value", "{field: code, values: [b]}", {"code"}, kLetters, true, ""},
    {"NotMostCommon",
     "most_common_value",
     "{field: code, values: [a]}",
     {"code"},
     kLetters,
     false,
     "most often b"},
    {"MostCommonTied",
     "most_common_value",
     "{field: code, values: [a]}",
     {"code"},
     {{"a"}, {"b"}},
     false,
     "a and b"},
    {"MostCommonTieAccepted",
     "most_common_value",
     "{field: code, values: [a], ties: accept}",
     {"code"},
     {{"a"}, {"b"}},
     true,
     ""},
    {"Quantile", "quantile", "{field: n, at: 50%, min: 2.5, max: 2.5}", {"n"}, kNumbers, true, ""},
    {"QuantileTooHigh",
     "quantile",
     "{field: n, at: 0.75, max: 3.2}",
     {"n"},
     kNumbers,
     false,
     "lie below 3.25"},
    {"Outliers", "outlier_share", "{field: n, deviations: 1.5}", {"n"}, kNumbers, true, ""},
    {"TooManyOutliers",
     "outlier_share",
     "{field: n, deviations: 1, max: 40%}",
     {"n"},
     kNumbers,
     false,
     "2 of 4"},
    {"Independent",
     "independent",
     "{fields: [code, code2]}",
     {"code", "code2"},
     {{"a", "x"}, {"a", "y"}, {"b", "x"}, {"b", "y"}},
     true,
     ""},
    {"NotIndependent",
     "independent",
     "{fields: [code, code2]}",
     {"code", "code2"},
     {{"a", "x"}, {"a", "x"}, {"b", "y"}, {"b", "y"}},
     false,
     "Cramer's V is 1"},
    {"Columns", "columns", "{names: [Month, Crime ID]}", {"n"}, kNumbers, true, ""},
    {"ColumnsMissing", "columns", "{names: [Month, Place]}", {"n"}, kNumbers, false, "no column Place"},
    {"ColumnsWithin", "columns", "{names: [Month, Type], match: within}", {"n"}, kNumbers, false, "Crime ID"},
    {"ColumnsEqual", "columns", "{names: [Month, Type, Crime ID], match: equal}", {"n"}, kNumbers, true, ""},
    {"ColumnsOrdered",
     "columns",
     "{names: [Month, Type, Crime ID], match: ordered}",
     {"n"},
     kNumbers,
     false,
     "another order"},
    {"ColumnAtItsPlace", "columns", "{names: [Month], first: 2}", {"n"}, kNumbers, true, ""},
    {"ColumnElsewhere",
     "columns",
     "{names: [Month], first: 4}",
     {"n"},
     kNumbers,
     false,
     "column 4 is not Month"},
    {"ColumnCount", "column_count", "{min: 3, max: 3}", {"n"}, kNumbers, true, ""},
    {"TooFewColumns", "column_count", "{min: 4}", {"n"}, kNumbers, false, "3 columns where at least 4"},
    {"CoverageOfPeriod",
     "coverage_of_period",
     "{field: d, every: P10D}",
     {"d"},
     {{"2024-05-02"}, {"2024-05-12"}, {"2024-05-25"}, {"2024-05-31"}},
     true,
     ""},
    {"CoverageWithAGap",
     "coverage_of_period",
     "{field: d, every: P10D}",
     {"d"},
     {{"2024-05-02"}, {"2024-05-12"}},
     false,
     "2 of 4 parts of 2024-05 (P10D) have no record: 2024-05-21, 2024-05-31"},
    {"CoverageInPart",
     "coverage_of_period",
     "{field: d, every: P10D, min: 50%}",
     {"d"},
     {{"2024-05-02"}, {"2024-05-12"}},
     true,
     ""},
    {"AggregateOfDates",
     "aggregate",
     "{field: d, of: max, min: 2024-05-12}",
     {"d"},
     {{"2024-05-02"}, {"2024-05-12"}},
     true,
     ""},
    {"AggregateOfDatesTooEarly",
     "aggregate",
     "{field: d, of: min, exclusive_min: 2024-05-02}",
     {"d"},
     {{"2024-05-02"}, {"2024-05-12"}},
     false,
     "the min of d is 2024-05-02 where more than 2024-05-02"},
};
INSTANTIATE_TEST_SUITE_P(Whole, DatasetKind, testing::ValuesIn(kDatasets),
                         [](const auto& info) { return info.param.name; });

RunContext After(std::string period, int64_t last_day, uint64_t records,
                 std::map<std::string, double> figures) {
  RunContext context = InJune();
  context.on_host = true;
  const PreviousSubmission before{{std::move(period), last_day - 29, last_day}, records, std::move(figures)};
  context.previous = [before] { return std::optional<PreviousSubmission>(before); };
  return context;
}

TEST(Change, ComparesWithTheSubmissionBefore) {
  const int64_t april_ends = data::DaysFromCivil(2024, 4, 30);
  const policy::RuleSpec rows = Spec("change", "{max_share: 20%}");
  EXPECT_EQ(ResultOf(rows, {"n"}, kNumbers, After("2024-04", april_ends, 5, {})).status, RuleStatus::kMet);
  const record::RuleResult fewer = ResultOf(rows, {"n"}, kNumbers, After("2024-04", april_ends, 12, {}));
  EXPECT_EQ(fewer.status, RuleStatus::kBreached);
  EXPECT_THAT(fewer.samples.at(0).message,
              HasSubstr("went down from 12 in 2024-04 to 6, where it moves by 20%"));
  EXPECT_EQ(ResultOf(Spec("change", "{max_share: 20%, direction: up}"), {"n"}, kNumbers,
                     After("2024-04", april_ends, 12, {}))
                .status,
            RuleStatus::kMet);
}

TEST(Change, KeepsItsFigureForTheNextOne) {
  const int64_t april_ends = data::DaysFromCivil(2024, 4, 30);
  const policy::RuleSpec mean = Spec("change", "{of: mean, field: n, max: 1}");
  const record::RuleResult first = ResultOf(mean, {"n"}, kNumbers, After("2024-04", april_ends, 5, {}));
  EXPECT_EQ(first.status, RuleStatus::kNotEvaluated);
  EXPECT_EQ(first.figure, 2.5);
  EXPECT_EQ(ResultOf(mean, {"n"}, kNumbers, After("2024-04", april_ends, 5, {{"change_rule", 3.5}})).status,
            RuleStatus::kMet);
  EXPECT_EQ(ResultOf(mean, {"n"}, kNumbers, After("2024-04", april_ends, 5, {{"change_rule", 3.6}})).status,
            RuleStatus::kBreached);
}

TEST(MissingSubmission, NamesThePeriodThatIsLeftOut) {
  const policy::RuleSpec spec = Spec("missing_submission", "{}");
  EXPECT_EQ(ResultOf(spec, {"n"}, kNumbers, After("2024-04", data::DaysFromCivil(2024, 4, 30), 5, {})).status,
            RuleStatus::kMet);
  const record::RuleResult gap =
      ResultOf(spec, {"n"}, kNumbers, After("2024-03", data::DaysFromCivil(2024, 3, 31), 5, {}));
  EXPECT_EQ(gap.status, RuleStatus::kBreached);
  EXPECT_THAT(gap.samples.at(0).message, HasSubstr("nothing was submitted for 2024-04-01 to 2024-04-30"));
}

TEST(History, IsNotToldWithoutAHost) {
  for (const char* kind : {"missing_submission", "new_category"}) {
    const record::RuleResult result =
        ResultOf(Spec(kind, kind[0] == 'n' ? "{field: code}" : "{}"), {"code"}, kLetters, InJune());
    EXPECT_EQ(result.status, RuleStatus::kNotEvaluated) << kind;
    EXPECT_EQ(result.counts.error, 0u) << kind;
    EXPECT_THAT(result.note, HasSubstr("only the host")) << kind;
  }
}

RunContext WithRecords(std::vector<std::string> codes) {
  RunContext context = InJune();
  context.on_host = true;
  context.dataset = [codes](const DatasetId&) -> absl::StatusOr<std::shared_ptr<const ReferenceTable>> {
    if (codes.empty()) return absl::NotFoundError("nothing yet");
    auto column = std::make_shared<data::TextColumn>();
    column->name = "code";
    for (const std::string& code : codes) column->Append(code);
    auto table = std::make_shared<ReferenceTable>();
    table->columns.push_back(column);
    return table;
  };
  return context;
}

TEST(NewCategory, NamesWhatWasNeverSeen) {
  const policy::RuleSpec spec = Spec("new_category", "{field: code}");
  EXPECT_EQ(AnswersOf(spec, {"code"}, kLetters, WithRecords({"b", "d"})), "FPPSS");
  EXPECT_EQ(AnswersOf(spec, {"code"}, kLetters, WithRecords({})), "SSSSS");
  EXPECT_THAT(FirstFinding(spec, {"code"}, kLetters, WithRecords({"b"})).message,
              HasSubstr("code \"a\" has not been seen before"));
}

TEST(RowCount, ComparesWithAnotherDataset) {
  const policy::RuleSpec spec = Spec("row_count", "{same_as: stations}");
  EXPECT_EQ(ResultOf(spec, {"code"}, {{"a"}, {"b"}}, WithRecords({"x", "y"})).status, RuleStatus::kMet);
  const record::RuleResult more = ResultOf(spec, {"code"}, {{"a"}, {"b"}}, WithRecords({"x"}));
  EXPECT_EQ(more.status, RuleStatus::kBreached);
  EXPECT_EQ(more.samples.at(0).message, "there are 2 records where 1 are expected");
}

// Mistakes in `with`, each refused under its code.
struct Mistake {
  std::string kind;
  std::string with;
  std::string code;
};
TEST(MoreKinds, RefuseWhatTheyCannotRead) {
  const std::vector<Mistake> mistakes = {
      {"date_pattern", "{field: code, patterns: [yyyy-QQ]}", "bad-date-pattern"},
      {"date_pattern", "{field: code}", "missing-key"},
      {"value_type", "{field: code, types: [text]}", "unknown-word"},
      {"json", "{field: code, schema: [1]}", "wrong-type"},
      {"regex", "{field: code, patterns: [a, \"b)|(c\"]}", "bad-pattern"},
      {"in_reference", "{fields: [code, code2], values: [[a]]}", "bad-key"},
      {"age_range", "{field: code, max: 3}", "wrong-type"},
      {"age_range", "{field: d, min: 4, max: 3}", "bad-bounds"},
      {"geo_point", "{latitude: x, longitude: code}", "wrong-type"},
      {"geo_point", "{latitude: x, longitude: n, south: 9, north: 8}", "bad-bounds"},
      {"retention", "{field: d, max_age: a year}", "bad-duration"},
      {"code_list", "{fields: [code], on: code2, file: lists/wards.csv, key: code, from: since, to: until}",
       "wrong-type"},
      {"code_list", "{fields: [code], on: d, file: lists/wards.csv, key: code, from: sinse, to: until}",
       "unknown-column"},
      {"within_parent_dates", "{fields: [code], on: d, dataset: stays, key: id, from: a, to: b}",
       "unknown-dataset"},
      {"monotonic", "{field: n, order: rising}", "unknown-word"},
      {"no_overlap", "{by: [code], from: d, to: t}", "wrong-type"},
      {"no_gap", "{by: [code], from: d, to: d2}", "missing-key"},
      {"legal_transition", "{by: [code], state: code2, at: code, allowed: {a: [b]}}", "wrong-type"},
      {"legal_transition", "{by: [code], state: code2, at: n}", "missing-key"},
      {"any_of", "{rules: []}", "missing-key"},
      {"any_of", "{rules: [{rule: requird, with: {field: code}}]}", "unknown-rule-kind"},
      {"any_of", "{rules: [{rule: row_count, with: {min: 1}}]}", "wrong-kind"},
      {"any_of", "{rules: [{rule: required, with: {feild: code}}]}", "unknown-key"},
      {"distinct_values", "{field: code, within: [a], contain: [b]}", "missing-key"},
      {"most_common_value", "{field: code}", "missing-key"},
      {"quantile", "{field: n, at: 150%, max: 1}", "out-of-range"},
      {"quantile", "{field: code, at: 50%, max: 1}", "wrong-type"},
      {"outlier_share", "{field: n, deviations: 0}", "out-of-range"},
      {"independent", "{fields: [code]}", "too-few-fields"},
      {"columns", "{match: equal}", "missing-key"},
      {"column_count", "{min: 4, max: 3}", "bad-bounds"},
      {"coverage_of_period", "{field: code, every: P1D}", "wrong-type"},
      {"change", "{max: 1, max_share: 5%}", "missing-key"},
      {"change", "{of: mean, field: code, max: 1}", "wrong-type"},
      {"missing_submission", "{field: code}", "unknown-key"},
      {"row_count", "{same_as: station}", "unknown-dataset"},
  };
  for (const Mistake& mistake : mistakes) {
    Issues issues;
    CompileAll({Spec(mistake.kind, mistake.with)}, issues);
    std::vector<std::string> codes;
    for (const Issue& issue : issues.list()) codes.push_back(issue.code);
    EXPECT_THAT(codes, testing::Contains(mistake.code)) << mistake.kind << " " << mistake.with;
  }
}

TEST(MoreKinds, SayWhatIsWrongAndHowToMendIt) {
  const record::Finding overlap =
      FirstFinding(Spec("no_overlap", "{by: [code], from: d, to: d2}"), {"code", "d", "d2"},
                   {{"a", "2024-05-01", "2024-05-10"}, {"a", "2024-05-05", "2024-05-06"}});
  EXPECT_EQ(overlap.message, "d \"2024-05-05\", d2 \"2024-05-06\" of code \"a\" overlaps record 1");
  const record::Finding swapped =
      FirstFinding(Spec("geo_point", "{latitude: x, longitude: n, south: 50, north: 59, west: -8, east: 2}"),
                   {"x", "n"}, {{"-1", "53"}});
  EXPECT_EQ(swapped.mend, "latitude and longitude stand in each other's place");
  const record::Finding code = FirstFinding(
      Spec("code_list", "{fields: [code], on: d, file: lists/wards.csv, key: code, from: since, to: until}"),
      {"code", "d"}, {{"W1", "2024-01-01"}});
  EXPECT_THAT(code.message, HasSubstr("2020-01-01 to 2023-12-31 and 2024-07-01 to now"));
  const record::Finding either = FirstFinding(
      Spec("any_of",
           "{rules: [{rule: required, with: {field: code}}, {rule: required, with: {field: code2}}]}"),
      {"code", "code2"}, {{"", ""}});
  EXPECT_THAT(either.message, HasSubstr(", and "));
}

}  // namespace
}  // namespace concordat::quality
