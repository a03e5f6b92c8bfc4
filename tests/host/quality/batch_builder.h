// Records, rules and runs for the tests of this layer, in as few words as a test case has.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "host/data/parse.h"
#include "host/policy/policy_set.h"
#include "host/policy/reader.h"
#include "host/quality/compiled_rules.h"
#include "host/quality/judge.h"
#include "host/quality/kinds/kinds.h"
#include "host/quality/rule_state.h"

namespace concordat::quality {

using Row = std::vector<std::string>;
using Rows = std::vector<Row>;

inline data::Field TestField(std::string name, data::LogicalType type = data::LogicalType::kString,
                             std::string format = "") {
  data::Field field;
  field.name = std::move(name);
  field.type = type;
  field.format = std::move(format);
  field.missing_tokens = {"N/A"};
  field.markers = {{"c", "suppressed"}};
  return field;
}

/// Fields a and b of each type; each knows the missing token N/A and the marker c.
inline std::shared_ptr<const data::Schema> TestSchema() {
  using data::LogicalType;
  auto schema = std::make_shared<data::Schema>();
  schema->dataset = "test";
  schema->fields = {TestField("code"),
                    TestField("code2"),
                    TestField("n", LogicalType::kInteger),
                    TestField("n2", LogicalType::kInteger),
                    TestField("x", LogicalType::kNumber),
                    TestField("d", LogicalType::kDate),
                    TestField("d2", LogicalType::kDate),
                    TestField("month", LogicalType::kDate, "yyyy-MM"),
                    TestField("t", LogicalType::kTimestamp),
                    TestField("time", LogicalType::kTime),
                    TestField("yes", LogicalType::kBoolean)};
  return schema;
}

/// A batch of rows that give some of the schema's fields, by `columns`; the others are empty.
inline data::Batch MakeBatch(std::shared_ptr<const data::Schema> schema,
                             const std::vector<std::string>& columns, const Rows& rows,
                             uint64_t first_record = 1) {
  data::Batch batch;
  batch.schema = schema;
  for (const data::Field& field : schema->fields) {
    const auto named = std::find(columns.begin(), columns.end(), field.name);
    auto text = std::make_shared<data::TextColumn>();
    text->name = field.name;
    for (const Row& row : rows) {
      const size_t index = static_cast<size_t>(named - columns.begin());
      text->Append(index < row.size() ? row[index] : "");
    }
    data::Column column;
    column.field = &field;
    column.text = text;
    absl::StatusOr<data::CellParser> parser = data::CellParser::Create(field);
    EXPECT_TRUE(parser.ok()) << parser.status();
    if (parser.ok()) parser->Fill(column);
    batch.columns.push_back(std::move(column));
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    batch.records.push_back(first_record + i);
    batch.lines.push_back(first_record + i + 1);
  }
  return batch;
}

/// `with` as flow YAML, with places.
inline policy::Node Yaml(const std::string& text) {
  auto source = std::make_shared<SourceText>();
  source->name = "rule.yaml";
  source->text = text;
  Issues issues;
  policy::Node node = policy::ReadYaml(source, issues);
  EXPECT_FALSE(issues.has_errors()) << text << "\n"
                                    << (issues.list().empty() ? "" : RenderIssue(issues.list()[0]));
  return node;
}

inline policy::RuleSpec Spec(std::string kind, const std::string& with, std::string when = "") {
  policy::RuleSpec spec;
  spec.id = kind + "_rule";
  spec.kind = std::move(kind);
  spec.with = Yaml(with);
  spec.place = spec.with.place();
  spec.when = std::move(when);
  spec.when_place = spec.place;
  spec.weight = record::DefaultWeight(spec.severity);
  return spec;
}

/// A policy set with a list file and a dataset to refer to.
inline policy::PolicySet TestPolicies() {
  policy::PolicySet policies;
  policies.lists["lists/areas.csv"] = {"lists/areas.csv", "", "code,name\nE01,North\nE02,South\n"};
  policies.lists["lists/pairs.csv"] = {"lists/pairs.csv", "", "first,second\na,bk\nb,k\n"};
  policies.lists["lists/only.csv"] = {"lists/only.csv", "", "key\nE01\n\"x,y\"\n"};
  policies.lists["lists/wards.csv"] = {
      "lists/wards.csv", "", "code,since,until\nW1,2020-01-01,2023-12-31\nW2,2024-01-01,\nW1,2024-07-01,\n"};
  policies.lists["lists/broken.csv"] = {"lists/broken.csv", "", "key,name\nE01\n"};
  policy::Contract stations;
  stations.name = "stations";
  policy::ContractObject object;
  object.name = "station";
  auto schema = std::make_shared<data::Schema>();
  schema->fields = {TestField("id"), TestField("kind")};
  object.schema = schema;
  stations.objects.push_back(std::move(object));
  policies.contracts.push_back(std::move(stations));
  return policies;
}

inline std::shared_ptr<const CompiledRules> CompileAll(
    std::vector<policy::RuleSpec> specs, Issues& issues,
    std::shared_ptr<const data::Schema> schema = TestSchema(),
    const policy::PolicySet& policies = TestPolicies()) {
  policy::Contract contract;
  policy::ContractObject object;
  object.name = "test";
  object.schema = std::move(schema);
  object.rules = std::move(specs);
  return CompileRules(contract, object, policies, issues);
}

/// The same, for rules without mistakes.
inline std::shared_ptr<const CompiledRules> MustCompile(
    std::vector<policy::RuleSpec> specs, std::shared_ptr<const data::Schema> schema = TestSchema()) {
  Issues issues;
  std::shared_ptr<const CompiledRules> rules = CompileAll(std::move(specs), issues, std::move(schema));
  for (const Issue& issue : issues.list()) ADD_FAILURE() << RenderIssue(issue);
  return rules;
}

/// "PFSU": what one rule answers for each row: pass, fail, skip, unresolved.
inline std::string AnswersOf(const policy::RuleSpec& spec, const std::vector<std::string>& columns,
                             const Rows& rows, const RunContext& context = {}, size_t batch_size = 8192) {
  const std::shared_ptr<const CompiledRules> rules = MustCompile({spec});
  if (rules == nullptr) return "no rule";
  RuleState state(rules->rules[0], context, policy::Gate());
  std::string letters;
  for (size_t begin = 0; begin < rows.size(); begin += batch_size) {
    const Rows part(rows.begin() + begin, rows.begin() + std::min(begin + batch_size, rows.size()));
    const data::Batch batch = MakeBatch(rules->schema, columns, part, begin + 1);
    WhenAnswers when;
    if (!rules->whens.empty()) when.Evaluate(rules->whens[0], batch);
    state.Judge(batch, rules->whens.empty() ? nullptr : &when);
    for (const Answer answer : state.answers()) letters += "PFSU"[static_cast<size_t>(answer)];
  }
  return letters;
}

/// The finding of the first row that fails or is unresolved.
inline record::Finding FirstFinding(const policy::RuleSpec& spec, const std::vector<std::string>& columns,
                                    const Rows& rows, RunContext context = {}) {
  const std::shared_ptr<const CompiledRules> rules = MustCompile({spec});
  Judge judge(rules, policy::Gate(), std::move(context), {}, nullptr);
  judge.Add(MakeBatch(rules->schema, columns, rows), {});
  const Outcome outcome = judge.Finish(0);
  if (outcome.scorecard.rules.empty() || outcome.scorecard.rules[0].samples.empty()) return {};
  return outcome.scorecard.rules[0].samples[0];
}

inline policy::Period TestPeriod() {
  return {"2024-05", data::DaysFromCivil(2024, 5, 1), data::DaysFromCivil(2024, 5, 31)};
}

}  // namespace concordat::quality
