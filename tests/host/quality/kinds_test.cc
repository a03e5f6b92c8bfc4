// Every rule kind on a table of cells: what it must catch and what it must let be.
#include "gmock/gmock.h"
#include "tests/host/quality/batch_builder.h"

namespace concordat::quality {
namespace {

struct KindCase {
  std::string name;
  std::string kind;
  std::string with;
  std::vector<std::string> columns;
  Rows rows;
  std::string answers;
};

std::ostream& operator<<(std::ostream& out, const KindCase& one) { return out << one.name; }

class KindTest : public testing::TestWithParam<KindCase> {};

TEST_P(KindTest, AnswersEachRecord) {
  const KindCase& one = GetParam();
  RunContext context;
  context.period = TestPeriod();
  EXPECT_EQ(AnswersOf(Spec(one.kind, one.with), one.columns, one.rows, context), one.answers);
}

TEST_P(KindTest, AnswersAlikeRecordByRecord) {
  const KindCase& one = GetParam();
  RunContext context;
  context.period = TestPeriod();
  EXPECT_EQ(AnswersOf(Spec(one.kind, one.with), one.columns, one.rows, context, 1), one.answers);
}

const std::vector<KindCase> kPresence = {
    {"Required", "required", "{field: code}", {"code"}, {{"v"}, {""}, {"N/A"}, {"c"}}, "PFFS"},
    {"RequiredTakesUnparseableForPresent", "required", "{field: n}", {"n"}, {{"12"}, {"zwölf"}, {""}}, "PPF"},
    {"RequiredWithFurtherMissing",
     "required",
     "{field: code, missing: [UNKNOWN]}",
     {"code"},
     {{"v"}, {"UNKNOWN"}, {"unknown"}},
     "PFP"},
    {"MustBeEmpty", "must_be_empty", "{field: n}", {"n"}, {{"1"}, {"x"}, {""}, {"N/A"}, {"c"}}, "FFPPS"},
    {"AllOrNone",
     "all_or_none",
     "{fields: [code, n]}",
     {"code", "n"},
     {{"a", "1"}, {"", ""}, {"a", ""}, {"", "x"}, {"c", "1"}},
     "PPFFS"},
    {"ExactlyOneOf",
     "exactly_n_of",
     "{fields: [code, code2, n]}",
     {"code", "code2", "n"},
     {{"a", "", ""}, {"", "", ""}, {"a", "b", ""}, {"", "", "x"}, {"c", "b", "1"}},
     "PFFPS"},
    {"ExactlyTwoOf",
     "exactly_n_of",
     "{fields: [code, code2, n], n: 2}",
     {"code", "code2", "n"},
     {{"a", "b", ""}, {"a", "b", "1"}, {"a", "", ""}},
     "PFF"},
};

const std::vector<KindCase> kTexts = {
    {"InList",
     "in_list",
     "{field: code, values: [A, \"B b\"]}",
     {"code"},
     {{"A"}, {"B b"}, {"a"}, {"A "}, {""}, {"N/A"}, {"c"}},
     "PPFFSSS"},
    {"InListOfFile",
     "in_list",
     "{field: code, file: lists/areas.csv}",
     {"code"},
     {{"E01"}, {"North"}, {"E02"}},
     "PFP"},
    {"InListOfNamedColumn",
     "in_list",
     "{field: code, file: lists/areas.csv, column: name}",
     {"code"},
     {{"E01"}, {"North"}},
     "FP"},
    {"InListOfOnlyColumn",
     "in_list",
     "{field: code, file: lists/only.csv}",
     {"code"},
     {{"E01"}, {"x,y"}, {"x"}},
     "PPF"},
    {"InListJudgesTheTextOfNumbers",
     "in_list",
     "{field: n, values: [\"1\"]}",
     {"n"},
     {{"1"}, {"01"}, {"x"}},
     "PFF"},
    {"NotInList", "not_in_list", "{field: code, values: [X]}", {"code"}, {{"A"}, {"X"}, {""}, {"c"}}, "PFSS"},
    {"RegexMatchesTheWhole",
     "regex",
     "{field: code, pattern: \"[EW]0[01][0-9]{6}\"}",
     {"code"},
     {{"E01000123"}, {"W00999999"}, {"E0100012"}, {"xE01000123"}, {"E010001234"}, {""}, {"N/A"}, {"c"}},
     "PPFFFSSS"},
    {"RegexWithOpenEnds",
     "regex",
     "{field: code, pattern: \"a+.*\"}",
     {"code"},
     {{"a"}, {"aab"}, {"ba"}, {"é"}},
     "PPFF"},
    {"RegexOfCharactersBeyondAscii",
     "regex",
     "{field: code, pattern: \"[é-ü]x\"}",
     {"code"},
     {{"éx"}, {"ex"}},
     "PF"},
    {"NotRegex",
     "not_regex",
     "{field: code, pattern: \"test.*\"}",
     {"code"},
     {{"testing"}, {"a test"}, {""}, {"c"}},
     "FPSS"},
    {"PatternSearches",
     "pattern",
     "{field: code, pattern: \"[0-9]{2}\"}",
     {"code"},
     {{"ab12cd"}, {"1x2"}, {""}},
     "PFS"},
    {"PatternWithAnchors",
     "pattern",
     "{field: code, pattern: \"^(A|B)[0-9]$\"}",
     {"code"},
     {{"A1"}, {"xA1"}, {"B1x"}, {"B9"}},
     "PFFP"},
    {"PatternWithAnchorsOfOneSideEach",
     "pattern",
     "{field: code, pattern: \"^A|B$\"}",
     {"code"},
     {{"A1"}, {"1B"}, {"1A"}},
     "PPF"},
    {"LengthCountsCharacters",
     "length",
     "{field: code, min: 2, max: 4}",
     {"code"},
     {{"ab"}, {"a"}, {"abcde"}, {"äöüß"}, {""}, {"c"}},
     "PFFPSS"},
    {"LengthInAscii", "length", "{field: code, max: 3}", {"code"}, {{"abc"}, {"abcd"}}, "PF"},
    {"Postcode",
     "format",
     "{field: code, name: uk_postcode}",
     {"code"},
     {{"DE1 2GU"}, {"SW1A 1AA"}, {"DE12GU"}, {"de1 2gu"}, {""}},
     "PPFFS"},
    {"Uuid",
     "format",
     "{field: code, name: uuid}",
     {"code"},
     {{"123e4567-e89b-12d3-a456-426614174000"}, {"123e4567e89b12d3a456426614174000"}},
     "PF"},
    {"Email",
     "format",
     "{field: code, name: email}",
     {"code"},
     {{"a.b@x.example"}, {"a.b"}, {"a@-x.example"}},
     "PFF"},
    {"NhsNumber",
     "check_digit",
     "{field: code, scheme: nhs_mod11}",
     {"code"},
     {{"9434765870"}, {"9434765871"}, {"943476587"}, {"943476587O"}, {""}},
     "PFFFS"},
    {"Luhn",
     "check_digit",
     "{field: code, scheme: luhn}",
     {"code"},
     {{"79927398713"}, {"79927398710"}},
     "PF"},
    {"Utr",
     "check_digit",
     "{field: code, scheme: utr}",
     {"code"},
     {{"1955839661"}, {"2955839661"}, {"195583966"}},
     "PFF"},
    {"Vat",
     "check_digit",
     "{field: code, scheme: vat}",
     {"code"},
     {{"GB 980 7806 84"}, {"980780684"}, {"802311781"}, {"98078068"}},
     "PPFF"},
    {"Verhoeff",
     "check_digit",
     "{field: code, scheme: verhoeff}",
     {"code"},
     {{"2363"}, {"2364"}, {"2633"}, {"x"}},
     "PFFF"},
    {"Iban",
     "check_digit",
     "{field: code, scheme: iban}",
     {"code"},
     {{"GB82 WEST 1234 5698 7654 32"}, {"GB82WEST12345698765431"}, {"GB82"}},
     "PFF"},
    {"Lei",
     "check_digit",
     "{field: code, scheme: lei}",
     {"code"},
     {{"5493001KJTIIGC8Y1R12"}, {"5493001KJTIIGC8Y1R13"}},
     "PF"},
    {"Isbn",
     "check_digit",
     "{field: code, scheme: isbn}",
     {"code"},
     {{"978-0-306-40615-7"}, {"0-306-40615-2"}, {"080442957X"}, {"9780306406158"}, {"0306406153"}},
     "PPPFF"},
    {"Nino",
     "format",
     "{field: code, name: nino}",
     {"code"},
     {{"AB123456C"}, {"BG123456C"}, {"DA123456A"}, {"AO123456A"}, {"AB123456E"}, {"QQ123456C"}},
     "PFFFFF"},
    {"CharityNumber",
     "format",
     "{field: code, name: charity_number}",
     {"code"},
     {{"1091263"}, {"SC012345"}, {"NIC100012"}, {"109126"}, {"10912"}, {"SC1234"}},
     "PPPPFF"},
    {"CompanyNumber",
     "format",
     "{field: code, name: company_number}",
     {"code"},
     {{"01234567"}, {"SC123456"}, {"1234567"}, {"XX123456"}},
     "PPFF"},
    {"Whitespace",
     "whitespace",
     "{field: code}",
     {"code"},
     {{"a b"},
      {" a"},
      {"a "},
      {"a  b"},
      {"a\tb"},
      {"a\xC2\xA0"
       "b"},
      {""}},
     "PFFFFFS"},
    {"UpperCase", "case", "{field: code, is: upper}", {"code"}, {{"DE1 2GU"}, {"De1"}, {"12"}, {""}}, "PFPS"},
    {"LowerCase", "case", "{field: code, is: lower}", {"code"}, {{"de1"}, {"De1"}}, "PF"},
    {"CharsetAscii", "charset", "{field: code}", {"code"}, {{"abc"}, {"caf\xC3\xA9"}, {"a\x01"}}, "PFF"},
    {"CharsetLatin",
     "charset",
     "{field: code, allow: latin}",
     {"code"},
     {{"caf\xC3\xA9"}, {"\xCE\xB1"}, {"a\xEF\xBF\xBD"}, {"a\xC2\x92"}},
     "PFFF"},
    {"CharsetAnyStillFindsDamage",
     "charset",
     "{field: code, allow: any}",
     {"code"},
     {{"\xCE\xB1"}, {"\xEF\xBF\xBD"}},
     "PF"},
    {"Placeholder",
     "placeholder",
     "{field: code, values: [\"999999\"]}",
     {"code"},
     {{"Derby"}, {"TEST"}, {"01/01/1900"}, {"999999"}, {"n/a"}, {"N/A"}, {""}},
     "PFFFFSS"},
    {"Truncated",
     "truncated",
     "{field: code, lengths: [5]}",
     {"code"},
     {{"Derb"}, {"Derby"}, {"Derbys"}, {"caf\xC3\xA9s"}, {std::string(255, 'x')}, {std::string(256, 'x')}, {"32767"}, {"2147483647"}, {"2147483646"}, {""}},
     "PFPFFPFFPS"},
    {"DistinctWithinRow",
     "distinct_within_row",
     "{fields: [code, code2, n]}",
     {"code", "code2", "n"},
     {{"a", "b", "1"}, {"a", "a", "1"}, {"1", "a", "1"}, {"a", "", ""}, {"", "a", "a"}},
     "PFFSF"},
    {"Upn",
     "check_digit",
     "{field: code, scheme: upn}",
     {"code"},
     {{"B801200005001"}, {"A801200005001"}},
     "PF"},
};

const std::vector<KindCase> kTyped = {
    {"TypeOfInteger",
     "type",
     "{field: n}",
     {"n"},
     {{"12"}, {"-3"}, {"1.5"}, {"x"}, {""}, {"N/A"}, {"c"}},
     "PPFFSSS"},
    {"TypeOfMonth", "type", "{field: month}", {"month"}, {{"2024-05"}, {"2024-5"}, {"2024-13"}}, "PFF"},
    {"MultipleOf",
     "multiple_of",
     "{field: x, of: 0.05}",
     {"x"},
     {{"0.15"}, {"7"}, {"-0.35"}, {"0.12"}, {"bad"}, {"c"}},
     "PPPFFS"},
    {"MultipleOfIntegers", "multiple_of", "{field: n, of: 5}", {"n"}, {{"10"}, {"0"}, {"12"}}, "PPF"},
    {"SumEqualsAField",
     "sum_equals",
     "{fields: [n, n2], total: x}",
     {"n", "n2", "x"},
     {{"1", "2", "3"},
      {"1", "2", "4"},
      {"1", "", "1"},
      {"", "", "1"},
      {"1", "2", ""},
      {"1", "bad", "3"},
      {"1", "c", "3"}},
     "PFPSSUS"},
    {"SumEqualsAValue",
     "sum_equals",
     "{fields: [n, n2], value: 100}",
     {"n", "n2"},
     {{"40", "60"}, {"40", "61"}},
     "PF"},
    {"RangeOfNumbers",
     "range",
     "{field: x, min: -9, max: 3}",
     {"x"},
     {{"-9"}, {"3.0"}, {"3.01"}, {"-9.5"}, {"unknown"}, {""}, {"c"}},
     "PPFFFSS"},
    {"RangeWithExclusiveEnds",
     "range",
     "{field: x, exclusive_min: 0, exclusive_max: 1}",
     {"x"},
     {{"0"}, {"0.0001"}, {"1"}, {"0.9999"}},
     "FPFP"},
    {"RangeOfIntegersWithFractions",
     "range",
     "{field: n, min: 1.5, exclusive_max: 4.5}",
     {"n"},
     {{"1"}, {"2"}, {"4"}, {"5"}},
     "FPPF"},
    {"RangeOfIntegersWithWholeNumbersAsDecimals",
     "range",
     "{field: n, min: 1.0, exclusive_max: 3.0}",
     {"n"},
     {{"0"}, {"1"}, {"2"}, {"3"}},
     "FPPF"},
    {"RangeOfIntegersWithExclusiveEnds",
     "range",
     "{field: n, exclusive_min: 1, exclusive_max: 4}",
     {"n"},
     {{"1"}, {"2"}, {"3"}, {"4"}},
     "FPPF"},
    {"RangeOfDates",
     "range",
     "{field: d, min: \"2024-01-01\"}",
     {"d"},
     {{"2024-01-01"}, {"2023-12-31"}, {"1/1/2024"}, {""}},
     "PFFS"},
    {"RangeOfMonthsInTheirOwnFormat",
     "range",
     "{field: month, min: 2023-01, max: 2025-12}",
     {"month"},
     {{"2023-01"}, {"2025-12"}, {"2022-12"}, {"2026-01"}, {"2024-13"}},
     "PPFFF"},
    {"RangeOfTimestamps",
     "range",
     "{field: t, max: \"2024-01-01T00:00:00Z\"}",
     {"t"},
     {{"2023-12-31T23:59:59Z"}, {"2024-01-01T00:00:01Z"}},
     "PF"},
    {"RangeOfTimes",
     "range",
     "{field: time, min: \"09:00:00\"}",
     {"time"},
     {{"08:59:59"}, {"09:00:00"}},
     "FP"},
    {"DecimalPlaces",
     "decimal_places",
     "{field: x, max: 2}",
     {"x"},
     {{"1"}, {"1.23"}, {"1.234"}, {"1.5e-3"}, {"1.234e2"}, {"x"}, {""}, {"c"}},
     "PPFFPFSS"},
    {"AtLeastTwoDecimalPlaces", "decimal_places", "{field: x, min: 2}", {"x"}, {{"1.5"}, {"1.50"}}, "FP"},
    {"Period",
     "period",
     "{field: d}",
     {"d"},
     {{"2024-05-01"}, {"2024-05-31"}, {"2024-04-30"}, {"2024-06-01"}, {"x"}, {""}, {"c"}},
     "PPFFFSS"},
    {"PeriodOfTimestamps",
     "period",
     "{field: t}",
     {"t"},
     {{"2024-05-31T23:59:59Z"}, {"2024-06-01T00:00:00Z"}},
     "PF"},
    {"PeriodOfMonths", "period", "{field: month}", {"month"}, {{"2024-05"}, {"2024-06"}, {"2024-04"}}, "PFF"},
};

const std::vector<KindCase> kPairs = {
    {"CompareNumbers",
     "compare",
     "{left: n, op: \"<=\", right: x}",
     {"n", "x"},
     {{"1", "1.0"}, {"2", "1.5"}, {"1", "x"}, {"", "1"}, {"1", "c"}, {"", "x"}},
     "PFUSSS"},
    {"CompareDates",
     "compare",
     "{left: d2, op: \">=\", right: d}",
     {"d", "d2"},
     {{"2024-01-01", "2024-01-01"}, {"2024-01-02", "2024-01-01"}, {"2024-01-02", ""}},
     "PFS"},
    {"CompareDateWithTimestamp",
     "compare",
     "{left: t, op: \">\", right: d}",
     {"d", "t"},
     {{"2024-01-01", "2024-01-01T00:00:01Z"}, {"2024-01-01", "2024-01-01T00:00:00Z"}},
     "PF"},
    {"CompareTexts",
     "compare",
     "{left: code, op: \"!=\", right: code2}",
     {"code", "code2"},
     {{"a", "b"}, {"a", "a"}, {"", "a"}},
     "PFS"},
    {"CompareWithValue",
     "compare",
     "{left: x, op: \">\", right: {value: 0}}",
     {"x"},
     {{"0.1"}, {"0"}, {"-1"}, {"x"}, {""}},
     "PFFUS"},
    {"CompareWithValueBeside",
     "compare",
     "{left: d, op: \"<\", value: 2024-01-01}",
     {"d"},
     {{"2023-12-31"}, {"2024-01-01"}},
     "PF"},
    {"CompareIntegerWithFraction",
     "compare",
     "{left: n, op: \">\", value: 2.5}",
     {"n"},
     {{"3"}, {"2"}, {"x"}},
     "PFU"},
    {"CompareBooleans",
     "compare",
     "{left: yes, op: \"==\", value: true}",
     {"yes"},
     {{"true"}, {"false"}, {"N"}},
     "PFF"},
    {"DateDiffInDays",
     "date_diff",
     "{from: d, to: d2, min: P0D, max: P10D}",
     {"d", "d2"},
     {{"2024-01-01", "2024-01-11"},
      {"2024-01-01", "2024-01-12"},
      {"2024-01-02", "2024-01-01"},
      {"x", "2024-01-01"},
      {"", "2024-01-01"},
      {"c", "x"}},
     "PFFFSS"},
    {"DateDiffInMonths",
     "date_diff",
     "{from: d, to: d2, max: P1M}",
     {"d", "d2"},
     {{"2024-01-31", "2024-02-29"}, {"2024-01-31", "2024-03-01"}},
     "PF"},
    {"DateDiffInHours",
     "date_diff",
     "{from: t, to: d, min: PT12H}",
     {"t", "d"},
     {{"2024-01-01T12:00:00Z", "2024-01-02"}, {"2024-01-01T12:00:01Z", "2024-01-02"}},
     "PF"},
    {"Expression",
     "expression",
     "{check: record.n <= record.x}",
     {"n", "x"},
     {{"1", "2"}, {"3", "2"}, {"", "2"}, {"1", "c"}, {"1", "bad"}},
     "PFSSU"},
    {"ExpressionThatAsksForPresence",
     "expression",
     "{check: \"!has(record.n) || record.x > 0\"}",
     {"n", "x"},
     {{"", "-1"}, {"1", "-1"}, {"1", "1"}},
     "PFP"},
};

const std::vector<KindCase> kKeys = {
    {"Unique",
     "unique",
     "{fields: [code]}",
     {"code"},
     {{"a"}, {"b"}, {"a"}, {"a"}, {""}, {""}, {"N/A"}, {"c"}, {"c"}},
     "PPFFSSSSS"},
    {"UniqueJudgesTheText", "unique", "{fields: [n]}", {"n"}, {{"1"}, {"01"}, {"x"}, {"x"}}, "PPPF"},
    {"UniqueTogether",
     "unique",
     "{fields: [code, code2]}",
     {"code", "code2"},
     {{"a", "bk"}, {"ab", "k"}, {"a", "bk"}, {"a", ""}, {"a", ""}, {"a", "c"}},
     "PPFSSS"},
    {"InReferenceOfFile",
     "in_reference",
     "{fields: [code], file: lists/areas.csv}",
     {"code"},
     {{"E01"}, {"E03"}, {""}, {"c"}},
     "PFSS"},
    {"InReferenceOfPairs",
     "in_reference",
     "{fields: [code, code2], file: lists/pairs.csv, key: [first, second]}",
     {"code", "code2"},
     {{"a", "bk"}, {"b", "k"}, {"ab", "k"}, {"a", ""}},
     "PPFS"},
};

std::string CaseName(const testing::TestParamInfo<KindCase>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Presence, KindTest, testing::ValuesIn(kPresence), CaseName);
INSTANTIATE_TEST_SUITE_P(Texts, KindTest, testing::ValuesIn(kTexts), CaseName);
INSTANTIATE_TEST_SUITE_P(Typed, KindTest, testing::ValuesIn(kTyped), CaseName);
INSTANTIATE_TEST_SUITE_P(Pairs, KindTest, testing::ValuesIn(kPairs), CaseName);
INSTANTIATE_TEST_SUITE_P(Keys, KindTest, testing::ValuesIn(kKeys), CaseName);

TEST(Kinds, EachIsNamedOnceInTheList) {
  std::vector<std::string_view> names;
  for (const KindEntry& kind : AllKinds()) names.push_back(kind.name);
  std::vector<std::string_view> sorted = names;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(std::adjacent_find(sorted.begin(), sorted.end()), sorted.end());
}

TEST(Kinds, HandlingOfMissingAndUnparseableValuesIsAsWritten) {
  policy::RuleSpec range = Spec("range", "{field: x, min: 0}");
  range.on_missing = policy::Handling::kFail;
  range.on_unparseable = policy::Handling::kSkip;
  EXPECT_EQ(AnswersOf(range, {"x"}, {{"1"}, {""}, {"bad"}, {"c"}}), "PFSS");

  policy::RuleSpec compare = Spec("compare", "{left: n, op: \"<\", right: x}");
  compare.on_missing = policy::Handling::kUnresolved;
  compare.on_unparseable = policy::Handling::kFail;
  EXPECT_EQ(AnswersOf(compare, {"n", "x"}, {{"1", "2"}, {"", "2"}, {"1", "bad"}, {"c", ""}}), "PUFS");

  policy::RuleSpec regex = Spec("regex", "{field: n, pattern: \"[a-z]+\"}");
  EXPECT_EQ(AnswersOf(regex, {"n"}, {{"abc"}, {"1"}}), "PF")
      << "a text kind judges an unparseable value like any text";
  regex.on_unparseable = policy::Handling::kUnresolved;
  EXPECT_EQ(AnswersOf(regex, {"n"}, {{"abc"}, {"1"}}), "UF");

  policy::RuleSpec unique = Spec("unique", "{fields: [code, code2]}");
  unique.on_missing = policy::Handling::kFail;
  EXPECT_EQ(AnswersOf(unique, {"code", "code2"}, {{"a", ""}, {"c", ""}, {"a", "b"}}), "FSP");
}

TEST(Kinds, WhenLeavesRecordsOut) {
  EXPECT_EQ(AnswersOf(Spec("required", "{field: code2}", "record.code == \"x\""), {"code", "code2"},
                      {{"x", ""}, {"y", ""}, {"", ""}, {"x", "v"}}),
            "FSSP");
  EXPECT_EQ(AnswersOf(Spec("required", "{field: code2}", "record.n > 5"), {"n", "code2"},
                      {{"6", ""}, {"bad", ""}, {"1", ""}}),
            "FUS");
}

TEST(Kinds, WhenKeepsRecordsOutOfWhatARuleRemembers) {
  EXPECT_EQ(AnswersOf(Spec("unique", "{fields: [code]}", "record.n == 1"), {"code", "n"},
                      {{"a", "2"}, {"a", "1"}, {"a", "2"}, {"a", "1"}}),
            "SPSF");
}

TEST(Kinds, UniqueCountsGroupsAndOccurrences) {
  const auto rules = MustCompile({Spec("unique", "{fields: [code]}")});
  Judge judge(rules, policy::Gate(), {}, {}, nullptr);
  judge.Add(MakeBatch(rules->schema, {"code"}, {{"a"}, {"b"}, {"a"}, {"a"}, {"c1"}, {"b"}}), {});
  const record::RuleResult result = judge.Finish(0).scorecard.rules[0];
  EXPECT_EQ(result.counts.fail, 3u);
  EXPECT_EQ(result.groups, 2u);
  EXPECT_EQ(result.occurrences, 5u);
  EXPECT_EQ(result.samples[0].message, "code \"a\" stands already in record 1");
  EXPECT_EQ(result.samples[2].message, "code \"b\" stands already in record 2");
}

struct MessageCase {
  std::string kind;
  std::string with;
  std::vector<std::string> columns;
  Row row;
  std::string message;
  std::string mend;
};

TEST(Kinds, MessagesSayWhatIsWrongAndHowToMendIt) {
  const std::vector<MessageCase> cases = {
      {"required", "{field: code}", {"code"}, {""}, "code is missing", "give code a value"},
      {"required", "{field: code}", {"code"}, {"N/A"}, "code \"N/A\" counts as missing", "give code a value"},
      {"in_list",
       "{field: code, values: [Burglary, Drugs]}",
       {"code"},
       {"burglary"},
       "code \"burglary\" is none of the 2 values of the list",
       "did you mean \"Burglary\"?"},
      {"in_list",
       "{field: code, values: [Burglary, Drugs]}",
       {"code"},
       {"Drugs "},
       "code \"Drugs \" is none of the 2 values of the list",
       "remove the blank at its end"},
      {"in_list",
       "{field: code, values: [A, B]}",
       {"code"},
       {"wrong"},
       "code \"wrong\" is none of the 2 values of the list",
       "use one of \"A\", \"B\""},
      {"regex",
       "{field: code, pattern: \"E[0-9]\"}",
       {"code"},
       {" E1"},
       "code \" E1\" does not have the form E[0-9]",
       "remove the blank at its beginning"},
      {"range",
       "{field: x, min: 0, max: 1}",
       {"x"},
       {"2"},
       "x \"2\" is not at least 0 and at most 1",
       "check x: it must be at least 0 and at most 1"},
      {"type",
       "{field: month}",
       {"month"},
       {"2024-5"},
       "month \"2024-5\" is not a date as yyyy-MM",
       "write month as a date as yyyy-MM"},
      {"compare",
       "{left: d2, op: \">=\", right: d}",
       {"d", "d2"},
       {"2024-02-01", "2024-01-01"},
       "d2 \"2024-01-01\" is not at least d \"2024-02-01\"",
       "d2 must be at least d; correct whichever is wrong"},
      {"all_or_none",
       "{fields: [code, code2]}",
       {"code"},
       {"a"},
       "code is given without code2",
       "give code2 too, or leave out code"},
      {"length",
       "{field: code, min: 3}",
       {"code"},
       {"ab"},
       "code \"ab\" has 2 characters, not at least 3",
       "code must have at least 3 characters"},
  };
  for (const MessageCase& one : cases) {
    const record::Finding finding = FirstFinding(Spec(one.kind, one.with), one.columns, {one.row});
    EXPECT_EQ(finding.message, one.message);
    EXPECT_EQ(finding.mend, one.mend);
    EXPECT_EQ(finding.line, 2u);
  }
}

TEST(Kinds, TheAuthorsOwnMendComesFirst) {
  policy::RuleSpec spec = Spec("required", "{field: code}");
  spec.mend = "look it up in the ONS postcode directory";
  EXPECT_EQ(FirstFinding(spec, {"code"}, {{""}}).mend, spec.mend);
}

TEST(Kinds, AMessageCutsLongValues) {
  const record::Finding finding =
      FirstFinding(Spec("length", "{field: code, max: 10}"), {"code"}, {{std::string(500, 'x')}});
  EXPECT_LT(finding.message.size(), 150u);
  EXPECT_EQ(finding.values[0].second.size(), 500u) << "the value itself is whole";
}

}  // namespace
}  // namespace concordat::quality
