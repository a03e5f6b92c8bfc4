#include "host/policy/policy_test.h"

#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/policy/names.h"

namespace concordat::policy {
namespace {

std::optional<absl::Time> ReadTime(Fields& fields, std::string_view key) {
  const std::string text = fields.TextOr(key, "");
  if (!fields.Has(key) || text.empty()) return std::nullopt;
  const auto time = ParseTime(text);
  if (time.ok()) return *time;
  fields.Error(key, "bad-time", std::string(MessageOf(time.status())));
  return std::nullopt;
}

// Record numbers count from 1, in the order of `given`.
RuleTest::Finding ReadExpectedFinding(const Node& node, size_t records, Issues& issues) {
  Fields fields(node, "expected finding", issues);
  const auto record = fields.Integer("record");
  if (record && (*record < 1 || *record > static_cast<int64_t>(records))) {
    fields.Error("record", "out-of-range", fmt::format("there are records 1 to {} given", records));
  }
  RuleTest::Finding finding;
  finding.record = record ? static_cast<uint64_t>(*record) : 0;
  finding.rule = fields.Text("rule");
  finding.place = node.place();
  fields.Finish();
  return finding;
}

// A cell's text as a file would have it; null and absent are both empty.
std::string CellText(const Node& value, Issues& issues) {
  if (value.is_null() || value.is_scalar()) return value.AsText().value_or("");
  issues.Error(value.place(), "wrong-type", "a field of a record is a text, a number or null");
  return "";
}

void ReadRuleTest(const Node& node, PolicyTest& test, Issues& issues) {
  Fields fields(node, "rule test", issues);
  RuleTest rule;
  rule.contract = fields.Text("contract");
  rule.place = node["contract"].place();
  const Node given = fields.Sequence("given");
  if (node.is_map() && given.items().empty()) {
    fields.Error("given", fields.Has("given") ? "empty-value" : "missing-key",
                 "the rule test gives no record");
  }
  for (const Node& record : given.items()) {
    if (!record.is_map()) issues.Error(record.place(), "wrong-type", "a record is a map of \"field: value\"");
    rule.given.emplace_back();
    rule.given_places.push_back(record.place());
    for (const Node::Member& cell : record.members())
      rule.given.back().emplace_back(cell.key, CellText(cell.value, issues));
  }
  const Node expect = fields.Sequence("expect");
  if (node.is_map() && !fields.Has("expect")) {
    fields.Error("", "missing-key", "the rule test needs \"expect\"", "write [] when nothing may be found");
  }
  for (const Node& finding : expect.items())
    rule.expect.push_back(ReadExpectedFinding(finding, given.items().size(), issues));
  fields.Finish();
  test.rules.push_back(std::move(rule));
}

void ReadRequest(const Node& node, RulingTest& test, Issues& issues) {
  if (!node.present()) return;
  Fields fields(node, "request", issues);
  test.partner = fields.Text("partner");
  test.dataset = fields.Text("dataset");
  test.purpose = fields.TextOr("purpose", "");
  test.protocol = fields.TextOr("protocol", "");
  test.role = fields.TextOr("role", "analyst");
  test.user = fields.TextOr("user", "");
  test.where = fields.TextOr("where", "");
  test.form = fields.WordOr("form", "", {"records", "aggregate"});
  test.select = fields.Texts("select");
  for (const Node::Member& attribute : fields.Map("attributes").members())
    test.attributes.emplace_back(attribute.key, CellText(attribute.value, issues));
  test.time = ReadTime(fields, "time");
  fields.Finish();
}

void ReadQuality(const Node& node, RulingTest& test, Issues& issues) {
  Fields fields(node, "quality of the ruling test", issues);
  for (const Node::Member& member : node.members()) {
    if (const auto score = fields.Number(member.key)) test.quality[member.key] = *score;
  }
  fields.Finish();
}

RulingTest::Assessed ReadAssessed(const Node& node, Issues& issues) {
  Fields fields(node, "assessment of the ruling test", issues);
  RulingTest::Assessed assessed;
  assessed.template_id = fields.Text("template");
  assessed.partner = fields.TextOr("partner", "");
  const auto level = fields.Integer("level");
  if (node.is_map() && !fields.Has("level"))
    fields.Error("", "missing-key", "the assessment of the ruling test needs \"level\"",
                 "leave the assessment out to test what happens without one: assessments: []");
  assessed.level = static_cast<int>(level.value_or(0));
  assessed.submitted = ReadTime(fields, "submitted");
  fields.Finish();
  return assessed;
}

void ReadRulingTest(const Node& node, PolicyTest& into, Issues& issues) {
  Fields fields(node, "ruling test", issues);
  RulingTest test;
  ReadRequest(fields.Map("request"), test, issues);
  if (const Node quality = fields.Map("quality"); quality.is_map()) ReadQuality(quality, test, issues);
  if (const Node assessments = fields.Sequence("assessments"); fields.Has("assessments")) {
    test.assessments.emplace();
    for (const Node& assessed : assessments.items())
      test.assessments->push_back(ReadAssessed(assessed, issues));
  }
  const Node expect = fields.Map("expect");
  if (node.is_map() && !fields.Has("request"))
    fields.Error("", "missing-key", "the ruling test needs \"request\"");
  // What nobody expects to be permitted is denied.
  test.decision = "deny";
  test.place = node.place();
  if (expect.present()) {
    Fields expected(expect, "expected ruling", issues);
    if (!expected.Has("decision"))
      expected.Error("", "missing-key", "the expected ruling needs \"decision\"");
    test.decision = expected.WordOr("decision", "", {"permit", "deny"});
    test.clause = expected.TextOr("clause", "");
    test.cause = expected.TextOr("cause", "");
    test.place = expect.place();
    expected.Finish();
  }
  fields.Finish();
  into.rulings.push_back(std::move(test));
}

}  // namespace

PolicyTest ReadPolicyTest(const Node& document, Issues& issues) {
  Fields fields(document, "policy test", issues);
  ReadHeader(fields, "PolicyTest");
  PolicyTest test;
  test.now = ReadTime(fields, "now");
  for (const Node& rule : fields.Sequence("rules").items()) ReadRuleTest(rule, test, issues);
  for (const Node& ruling : fields.Sequence("rulings").items()) ReadRulingTest(ruling, test, issues);
  fields.Finish();
  return test;
}

}  // namespace concordat::policy
