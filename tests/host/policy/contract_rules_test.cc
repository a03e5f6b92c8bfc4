// Every form of rule in a contract becomes one of a uniform list.
#include "gtest/gtest.h"
#include "tests/host/policy/odcs_reading.h"

namespace concordat::policy {
namespace {

using record::Dimension;
using record::Severity;

std::string With(const RuleSpec& rule) { return json::Compact(rule.with.ToJson()); }

// "kind dimension {with}" of a rule, or "none".
std::string Shown(const ReadingOfContract& reading, std::string_view id) {
  const RuleSpec* rule = reading.Rule(id);
  if (rule == nullptr) return "none";
  return fmt::format("{} {} {}", rule->kind, record::DimensionName(rule->dimension), With(*rule));
}

TEST(NativeKeys, AreRulesOfTheirField) {
  struct Case {
    const char* keys;
    const char* id;
    const char* shown;
  };
  const Case cases[] = {
      {"required: true", "f_required", R"(required completeness {"field":"f"})"},
      {"required: false", "f_required", "none"},
      {"unique: true", "f_unique", R"(unique uniqueness {"fields":["f"]})"},
      {"logicalType: integer", "f_type", R"(type conformity {"field":"f"})"},
      {"logicalType: boolean", "f_type", R"(type conformity {"field":"f"})"},
      {"logicalType: string", "f_type", "none"},
      {"physicalType: int", "f_type", "none"},
      {"logicalType: string, logicalTypeOptions: {pattern: '^a+$'}", "f_pattern",
       R"(pattern conformity {"field":"f","pattern":"^a+$"})"},
      {"logicalType: string, logicalTypeOptions: {maxLength: 9}", "f_length",
       R"(length conformity {"field":"f","max":9})"},
      {"logicalType: string, logicalTypeOptions: {minLength: 1, maxLength: 9.0}", "f_length",
       R"(length conformity {"field":"f","min":1,"max":9})"},
      {"logicalType: integer, logicalTypeOptions: {minimum: 0, exclusiveMaximum: 10}", "f_range",
       R"(range conformity {"field":"f","min":0,"exclusive_max":10})"},
      {"logicalType: number, logicalTypeOptions: {exclusiveMinimum: 0.5}", "f_range",
       R"(range conformity {"field":"f","exclusive_min":0.5})"},
      {"logicalType: date, logicalTypeOptions: {minimum: 2000-01-01, maximum: '2100-01-01'}", "f_range",
       R"(range conformity {"field":"f","min":"2000-01-01","max":"2100-01-01"})"},
      {"logicalType: time, logicalTypeOptions: {maximum: '12:00:00'}", "f_range",
       R"(range conformity {"field":"f","max":"12:00:00"})"},
  };
  for (const Case& c : cases) {
    const ReadingOfContract reading = ReadProperties(fmt::format("[{{name: f, {}}}]", c.keys));
    EXPECT_EQ(Shown(reading, c.id), c.shown) << c.keys;
    EXPECT_EQ(reading.Errors(), "") << c.keys;
  }
}

TEST(NativeKeys, AreErrorsOfWeightThreeAndSayWhereTheyStand) {
  const ReadingOfContract reading = ReadProperties("[{name: f,\n  required: true}]");
  const RuleSpec* rule = reading.Rule("f_required");
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->severity, Severity::kError);
  EXPECT_EQ(rule->weight, 3);
  EXPECT_TRUE(rule->native);
  EXPECT_EQ(rule->object, "visit");
  EXPECT_EQ(rule->field, "f");
  EXPECT_EQ(rule->place.line, 4);
  EXPECT_FALSE(rule->threshold.has_value());
}

TEST(NativeKeys, ComeInWrittenOrderBeforeTheFieldsOwnRules) {
  const ReadingOfContract reading = ReadProperties(
      "[{name: a, quality: [{id: own, metric: nullValues, mustBe: 0}], required: true}, {name: b, unique: "
      "true}]",
      "quality: [{id: rows, metric: rowCount, mustBeGreaterThan: 0}],");
  EXPECT_EQ(reading.RuleIds(), "a_required own b_unique rows");
}

TEST(NativeKeys, SayInWordsWhatTheyAsk) {
  const std::pair<const char*, const char*> cases[] = {
      {"required: true", "f has a value"},
      {"unique: true", "each value of f stands in one record only"},
      {"logicalType: integer", "f is written as integer"},
      {"logicalType: date, logicalTypeOptions: {format: dd/MM/yyyy}",
       "f is written as date in the form dd/MM/yyyy"},
      {"logicalType: string, logicalTypeOptions: {pattern: '^a+$'}", "f matches ^a+$"},
      {"logicalType: string, logicalTypeOptions: {minLength: 3}", "f has at least 3 characters"},
      {"logicalType: string, logicalTypeOptions: {maxLength: 9}", "f has at most 9 characters"},
      {"logicalType: string, logicalTypeOptions: {minLength: 3, maxLength: 9}", "f has 3 to 9 characters"},
      {"logicalType: string, logicalTypeOptions: {minLength: 9, maxLength: 9}", "f has 9 characters"},
      {"quality: [{metric: rowCount, mustBe: 1}]", "the number of records is as expected"},
      {"quality: [{metric: nullValues, mustBe: 0, description: Say who}]", "Say who"},
      {"quality: [{metric: invalidValues, mustBe: 0, arguments: {validValues: [a, b]}}]",
       "f is one of: a, b"},
  };
  for (const auto& [keys, description] : cases) {
    const ReadingOfContract reading = ReadProperties(fmt::format("[{{name: f, {}}}]", keys));
    EXPECT_EQ(reading.contract.objects.at(0).rules.at(0).description, description) << keys;
  }
  const ReadingOfContract range = ReadProperties(
      "[{name: f, logicalType: number, logicalTypeOptions: {minimum: 0, exclusiveMaximum: 10}}]");
  EXPECT_EQ(range.Rule("f_range")->description, "f is at least 0 and below 10");
}

TEST(PrimaryKey, IsUniqueTogetherAndItsPartsAreRequired) {
  const ReadingOfContract reading = ReadProperties(
      "[{name: a, primaryKey: true, primaryKeyPosition: 2}, {name: b, primaryKey: true, primaryKeyPosition: "
      "1}]");
  EXPECT_EQ(reading.RuleIds(), "a_required b_required visit_primary_key");
  EXPECT_EQ(Shown(reading, "visit_primary_key"), R"(unique uniqueness {"fields":["b","a"]})");
}

TEST(Patterns, ThatRe2LacksAreErrorsAtThePattern) {
  const char* const cases[] = {"a(?=b)", "(?<!x)y", "(a)\\1", "[", "a{2000}"};
  for (const char* pattern : cases) {
    const ReadingOfContract native = ReadProperties(
        fmt::format("[{{name: f, logicalType: string, logicalTypeOptions: {{\npattern: '{}'}}}}]", pattern));
    EXPECT_EQ(native.Errors(), "pattern-not-supported@4") << pattern;
    const ReadingOfContract metric = ReadProperties(fmt::format(
        "[{{name: f, quality: [{{metric: invalidValues, mustBe: 0, arguments: {{\npattern: '{}'}}}}]}}]",
        pattern));
    EXPECT_EQ(metric.Errors(), "pattern-not-supported@4") << pattern;
  }
  EXPECT_EQ(ReadProperties("[{name: f, logicalType: string, logicalTypeOptions: {pattern: '\\d{3}-\\w+'}}]")
                .Errors(),
            "");
}

TEST(OptionsThatNobodyChecks, AreWarnedOf) {
  EXPECT_EQ(
      ReadProperties(
          "[{name: f, classification: public, logicalType: string, logicalTypeOptions: {format: email}}]")
          .Warnings(),
      "not-checked@3");
  EXPECT_EQ(
      ReadProperties(
          "[{name: f, classification: public, logicalType: integer, logicalTypeOptions: {multipleOf: 5}}]")
          .Warnings(),
      "not-checked@3");
}

constexpr const char* kTwoObjects =
    "schema: [{{name: visit, id: visit_id, properties: [{{name: area, classification: public{}}}, {{name: "
    "ward, classification: public}}]{}}},\n"
    "{{name: area, id: area_id, properties: [{{name: code, id: code_id, classification: public}}, {{name: "
    "ward, classification: public}}]}}]";

TEST(Relationships, OfAPropertyAreReferencesIntoTheOtherObject) {
  for (const char* to : {"area.code", "schema/area_id/properties/code_id",
                         "/schema/area_id/properties/code_id", "[area.code]"}) {
    const ReadingOfContract reading = ReadContractWith(
        fmt::format(fmt::runtime(kTwoObjects), fmt::format(", relationships: [{{to: {}}}]", to), ""));
    EXPECT_EQ(Shown(reading, "area_reference"),
              R"(in_reference consistency {"fields":["area"],"dataset":"visits/area","key":["code"]})")
        << to;
    EXPECT_EQ(reading.Errors() + reading.Warnings(), "") << to;
  }
}

TEST(Relationships, OfAnObjectMayBeComposite) {
  const ReadingOfContract reading = ReadContractWith(
      fmt::format(fmt::runtime(kTwoObjects), "",
                  ", relationships: [{from: [visit.area, visit.ward], to: [area.code, area.ward]}]"));
  EXPECT_EQ(
      Shown(reading, "area_ward_reference"),
      R"(in_reference consistency {"fields":["area","ward"],"dataset":"visits/area","key":["code","ward"]})");
  EXPECT_EQ(reading.Errors() + reading.Warnings(), "");
}

TEST(Relationships, ToWhatIsNotInTheDocumentAreWarnedOfAndNotRun) {
  const ReadingOfContract reading = ReadContractWith(
      fmt::format(fmt::runtime(kTwoObjects),
                  ", relationships: [{to: area.cod}, {to: 'x.yaml#/schema/a/properties/b'}]", ""));
  EXPECT_EQ(reading.Warnings(), "unknown-reference@2 unknown-reference@2");
  EXPECT_EQ(reading.Find("unknown-reference").hint, "did you mean \"area.code\"?");
  EXPECT_EQ(reading.Rule("area_reference")->not_evaluated, "area.cod is not in this document");
  EXPECT_EQ(reading.Rule("area_reference_2")->not_evaluated,
            "x.yaml#/schema/a/properties/b is in another document");
}

TEST(Relationships, ThatStartElsewhereAreWarnedOfAndNotRun) {
  const ReadingOfContract reading = ReadContractWith(
      fmt::format(fmt::runtime(kTwoObjects), "", ", relationships: [{from: area.ward, to: area.code}]"));
  EXPECT_EQ(reading.Warnings(), "not-evaluated@2");
  EXPECT_EQ(reading.Rule("ward_reference")->not_evaluated, "it starts from the object \"area\"");
}

TEST(LibraryMetrics, BecomeKindsOfTheTable) {
  struct Case {
    const char* metric;
    const char* shown;
  };
  const Case cases[] = {
      {"metric: nullValues", R"(required completeness {"field":"f"})"},
      {"type: library, metric: missingValues, arguments: {missingValues: [null, '', n/a, 0]}",
       R"(required completeness {"field":"f","missing":["n/a",0]})"},
      {"metric: invalidValues, arguments: {validValues: [a, 1, null]}",
       R"(in_list conformity {"field":"f","values":["a",1]})"},
      {"metric: invalidValues, arguments: {pattern: '^a'}",
       R"(pattern conformity {"field":"f","pattern":"^a"})"},
      {"metric: duplicateValues", R"(unique uniqueness {"fields":["f"]})"},
      {"metric: duplicateValues, arguments: {properties: [f, g]}",
       R"(unique uniqueness {"fields":["f","g"]})"},
      {"metric: rowCount", "row_count coverage {}"},
      {"metric: nullValues, dimension: accuracy", R"(required accuracy {"field":"f"})"},
  };
  for (const Case& c : cases) {
    const ReadingOfContract reading = ReadProperties(fmt::format(
        "[{{name: f, classification: public, quality: [{{id: rule, {}, mustBe: 0}}]}}]", c.metric));
    EXPECT_EQ(Shown(reading, "rule"), c.shown) << c.metric;
    EXPECT_EQ(reading.Errors() + reading.Warnings(), "") << c.metric;
    EXPECT_TRUE(reading.Rule("rule")->native);
  }
}

TEST(LibraryMetrics, KeepTheirThreshold) {
  struct Case {
    const char* comparison;
    double value;
    double upper;
    bool percent;
  };
  const Case cases[] = {
      {"mustBe: 0", 0, 0, false},
      {"mustNotBe: 5", 5, 5, false},
      {"mustBeGreaterThan: 1.5", 1.5, 1.5, false},
      {"mustBeGreaterOrEqualTo: 2, unit: rows", 2, 2, false},
      {"mustBeLessThan: 5, unit: percent", 5, 5, true},
      {"mustBeLessOrEqualTo: 3", 3, 3, false},
      {"mustBeBetween: [1, 9]", 1, 9, false},
      {"mustNotBeBetween: [2, 3]", 2, 3, false},
  };
  for (const Case& c : cases) {
    const ReadingOfContract reading = ReadProperties(
        fmt::format("[{{name: f, quality: [{{id: rule, metric: nullValues, {}}}]}}]", c.comparison));
    const std::optional<Threshold>& threshold = reading.Rule("rule")->threshold;
    ASSERT_TRUE(threshold.has_value()) << c.comparison;
    EXPECT_EQ(std::string(c.comparison).find(threshold->op + ":"), 0u) << c.comparison;
    EXPECT_EQ(threshold->value, c.value) << c.comparison;
    EXPECT_EQ(threshold->upper, c.upper) << c.comparison;
    EXPECT_EQ(threshold->percent, c.percent) << c.comparison;
    EXPECT_FALSE(threshold->of_groups) << c.comparison;
  }
}

TEST(LibraryMetrics, CountDuplicatesInGroups) {
  const ReadingOfContract reading =
      ReadProperties("[{name: f, quality: [{metric: duplicateValues, mustBeLessThan: 10}]}]");
  EXPECT_TRUE(reading.Rule("f_duplicateValues")->threshold->of_groups);
}

TEST(LibraryMetrics, WithListAndPatternAreTwoRules) {
  const ReadingOfContract reading = ReadProperties(
      "[{name: f, quality: [{id: v, metric: invalidValues, mustBeLessThan: 5, arguments: {validValues: [a], "
      "pattern: a}}]}]");
  EXPECT_EQ(reading.RuleIds(), "v_pattern v");
  EXPECT_EQ(reading.Rule("v_pattern")->threshold->value, 5);
  EXPECT_EQ(Shown(reading, "v"), R"(in_list conformity {"field":"f","values":["a"]})");
}

TEST(LibraryMetrics, ThatMeasureNothingAreErrors) {
  EXPECT_EQ(ReadProperties("[{name: f, quality: [{metric: invalidValues, mustBe: 0}]}]").Errors(),
            "empty-metric@3");
  EXPECT_EQ(
      ReadProperties("[{name: f, quality: [{metric: invalidValues, arguments: {}, mustBe: 0}]}]").Errors(),
      "empty-metric@3");
  EXPECT_EQ(ReadProperties("[]", "quality: [{metric: duplicateValues, mustBe: 0}],").Errors(),
            "empty-metric@2");
}

TEST(LibraryMetrics, ThatCannotBeComparedAreListedWithTheReason) {
  struct Case {
    const char* rule;
    const char* reason;
  };
  const Case cases[] = {
      {"metric: nullValues, mustBe: none", "mustBe is not compared with a number"},
      {"metric: nullValues, mustBe: 0, unit: percentage", "unit \"percentage\" is neither rows nor percent"},
      {"metric: nullValues, mustBe: 0, arguments: {missingValues: [x]}",
       "nullValues has no argument \"missingValues\""},
  };
  for (const Case& c : cases) {
    const ReadingOfContract reading = ReadProperties(
        fmt::format("[{{name: f, classification: public, quality: [{{id: rule, {}}}]}}]", c.rule));
    EXPECT_EQ(reading.Rule("rule")->not_evaluated, c.reason);
    EXPECT_EQ(reading.Warnings(), "not-evaluated@3") << c.rule;
    EXPECT_EQ(reading.Errors(), "") << c.rule;
  }
  const ReadingOfContract misplaced =
      ReadProperties("[]", "quality: [{id: rule, metric: nullValues, mustBe: 0}],");
  EXPECT_EQ(misplaced.Rule("rule")->not_evaluated, "nullValues counts the values of one property");
}

TEST(OwnRules, AreReadWhole) {
  const ReadingOfContract reading = ReadProperties("[]", R"(quality: [{
    id: closed_after_opened, type: custom, engine: concordat, severity: critical, description: No closing before opening,
    implementation: {rule: compare, with: {left: a, op: ">=", right: b}, when: record.status == "closed",
      onMissing: fail, onUnparseable: unresolved, tolerance: {warn: 0.1%, breach: 0.5%}},
    customProperties: [{property: weight, value: 2.5}, {property: clause, value: DQP-4.2}, {property: mend, value: Ask the officer}]}],)");
  EXPECT_EQ(reading.Errors() + reading.Warnings(), "");
  const RuleSpec* rule = reading.Rule("closed_after_opened");
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(Shown(reading, rule->id), R"(compare consistency {"left":"a","op":">=","right":"b"})");
  EXPECT_EQ(rule->when, "record.status == \"closed\"");
  EXPECT_EQ(rule->when_place.line, 4);
  EXPECT_EQ(rule->on_missing, Handling::kFail);
  EXPECT_EQ(rule->on_unparseable, Handling::kUnresolved);
  EXPECT_DOUBLE_EQ(rule->tolerance.warn.value().value, 0.001);
  EXPECT_DOUBLE_EQ(rule->tolerance.breach.value().value, 0.005);
  EXPECT_EQ(rule->severity, Severity::kCritical);
  EXPECT_EQ(rule->weight, 2.5);
  EXPECT_EQ(rule->clause, "DQP-4.2");
  EXPECT_EQ(rule->mend, "Ask the officer");
  EXPECT_EQ(rule->description, "No closing before opening");
  EXPECT_FALSE(rule->native);
  EXPECT_TRUE(rule->not_evaluated.empty());
}

TEST(OwnRules, MeasureTheDimensionOfTheirKindUnlessTheySay) {
  const std::pair<const char*, Dimension> cases[] = {
      {"rule: required", Dimension::kCompleteness}, {"rule: all_or_none", Dimension::kCompleteness},
      {"rule: row_count", Dimension::kCoverage},    {"rule: unique", Dimension::kUniqueness},
      {"rule: compare", Dimension::kConsistency},   {"rule: in_reference", Dimension::kConsistency},
      {"rule: period", Dimension::kTimeliness},     {"rule: regex", Dimension::kConformity},
  };
  for (const auto& [implementation, dimension] : cases) {
    const ReadingOfContract reading = ReadProperties(
        "[]", fmt::format("quality: [{{id: rule, type: custom, engine: concordat, implementation: {{{}}}}}],",
                          implementation));
    EXPECT_EQ(reading.Rule("rule")->dimension, dimension) << implementation;
  }
}

TEST(OwnRules, RefuseWhatTheyDoNotKnow) {
  struct Case {
    const char* implementation;
    const char* errors;
    const char* hint;
  };
  const Case cases[] = {
      {"{rule: unique, wth: {fields: [a]}}", "unknown-key@2", "did you mean \"with\"?"},
      {"{rule: unique, onMissing: ignore}", "unknown-word@2", "one of: skip, fail, unresolved"},
      {"{with: {fields: [a]}}", "missing-key@2", ""},
      {"{rule: unique, tolerance: {breech: 1%}}", "unknown-key@2", "did you mean \"breach\"?"},
      {"{rule: unique, with: [a]}", "wrong-type@2", ""},
      {"rule unique", "wrong-type@2", "write implementation: {rule: ..., with: {...}}"},
  };
  for (const Case& c : cases) {
    const ReadingOfContract reading = ReadProperties(
        "[]", fmt::format("quality: [{{id: rule, type: custom, engine: concordat, implementation: {}}}],",
                          c.implementation));
    EXPECT_EQ(reading.Errors(), c.errors) << c.implementation;
    for (const Issue& issue : reading.issues.list()) {
      if (issue.severity == IssueSeverity::kError) {
        EXPECT_EQ(issue.hint, c.hint) << c.implementation;
      }
    }
  }
}

TEST(OwnRules, RefuseAWeightThatIsNone) {
  for (const char* weight : {"-1", "heavy", "[1]"}) {
    const ReadingOfContract reading = ReadProperties(
        "[]", fmt::format("quality: [{{type: text, customProperties: [{{property: weight, value: {}}}]}}],",
                          weight));
    EXPECT_EQ(reading.Errors(), "bad-weight@2") << weight;
  }
}

TEST(RulesOfOthers, AreListedWithTheReasonAndWarnedOf) {
  const std::pair<const char*, const char*> cases[] = {
      {"type: sql, query: SELECT 1, mustBe: 0", "the host runs no SQL"},
      {"type: text", "it is a text for people"},
      {"description: bare", "it is a text for people"},
      {"type: custom, engine: soda, implementation: {a: 1}", "it is for the engine \"soda\""},
      {"type: custom, engine: Concordat, implementation: {rule: unique}",
       "it is for the engine \"Concordat\""},
  };
  for (const auto& [rule, reason] : cases) {
    const ReadingOfContract reading = ReadProperties("[]", fmt::format("quality: [{{id: rule, {}}}],", rule));
    ASSERT_NE(reading.Rule("rule"), nullptr) << rule;
    EXPECT_EQ(reading.Rule("rule")->not_evaluated, reason);
    EXPECT_EQ(reading.Warnings(), "not-evaluated@2") << rule;
  }
  EXPECT_EQ(ReadProperties("[]", "quality: [{type: custom, engine: concordatt, implementation: {a: 1}}],")
                .Find("not-evaluated")
                .hint,
            "did you mean engine: concordat?");
}

TEST(Severities, OfOtherWordsAreMappedAndNoted) {
  struct Case {
    const char* word;
    Severity severity;
    bool noted;
  };
  const Case cases[] = {
      {"critical", Severity::kCritical, false}, {"error", Severity::kError, false},
      {"warning", Severity::kWarning, false},   {"info", Severity::kInfo, false},
      {"high", Severity::kError, true},         {"low", Severity::kWarning, true},
      {"minor", Severity::kWarning, true},      {"trivial", Severity::kWarning, true},
      {"dreadful", Severity::kError, true},
  };
  for (const Case& c : cases) {
    const ReadingOfContract reading = ReadProperties(
        "[]", fmt::format("quality: [{{id: rule, metric: rowCount, mustBe: 1, severity: {}}}],", c.word));
    EXPECT_EQ(reading.Rule("rule")->severity, c.severity) << c.word;
    EXPECT_EQ(reading.Rule("rule")->weight, record::DefaultWeight(c.severity)) << c.word;
    EXPECT_EQ(reading.Warnings(), c.noted ? "severity-word@2" : "") << c.word;
  }
}

TEST(RuleIds, AreMadeUpForRulesWithoutOne) {
  const ReadingOfContract reading = ReadProperties(
      "[{name: f, quality: [{metric: nullValues, mustBe: 0}, {metric: nullValues, mustBeLessThan: 5}, {type: "
      "text}]}]",
      "quality: [{metric: rowCount, mustBe: 1}],");
  EXPECT_EQ(reading.RuleIds(), "f_nullValues f_nullValues_2 f_text visit_rowCount");
}

TEST(RuleIds, MadeUpOnesGiveWayToWrittenOnes) {
  const ReadingOfContract reading = ReadProperties(
      "[{name: f, quality: [{metric: nullValues, mustBe: 0}, {id: f_nullValues, metric: nullValues, mustBe: "
      "1}]}]");
  EXPECT_EQ(reading.RuleIds(), "f_nullValues_2 f_nullValues");
  EXPECT_EQ(reading.Errors(), "");
}

TEST(RuleIds, ThatStandTwiceAreErrors) {
  const ReadingOfContract same_list =
      ReadProperties("[{name: f, quality: [{id: a, type: text},\n{id: a, type: text}]}]");
  EXPECT_EQ(same_list.Errors(), "duplicate-id@4");
  EXPECT_EQ(same_list.Find("duplicate-id").message, "id \"a\" stands twice; the first is on line 3");
  const ReadingOfContract two_lists = ReadProperties(
      "[{name: f, quality: [{id: a, type: text}]},\n{name: g, quality: [{id: a, type: text}]}]");
  EXPECT_EQ(two_lists.Errors(), "duplicate-id@4");
  const ReadingOfContract native =
      ReadProperties("[{name: f, required: true, quality: [\n{id: f_required, type: text}]}]");
  EXPECT_EQ(native.Errors(), "duplicate-id@4");
}

}  // namespace
}  // namespace concordat::policy
