#include "host/policy/policy_test.h"

#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/policy/names.h"

namespace concordat::policy {
namespace {

void ReadTime(Fields& fields, std::string_view key) {
  const std::string text = fields.TextOr(key, "");
  if (!fields.Has(key) || text.empty()) return;
  if (const auto time = ParseTime(text); !time.ok()) {
    fields.Error(key, "bad-time", std::string(MessageOf(time.status())));
  }
}

// Record numbers count from 1, in the order of `given`.
void ReadExpectedFinding(const Node& node, size_t records, Issues& issues) {
  Fields fields(node, "expected finding", issues);
  const auto record = fields.Integer("record");
  if (record && (*record < 1 || *record > static_cast<int64_t>(records))) {
    fields.Error("record", "out-of-range", fmt::format("there are records 1 to {} given", records));
  }
  fields.Text("rule");
  fields.Finish();
}

void ReadRuleTest(const Node& node, PolicyTest& test, Issues& issues) {
  Fields fields(node, "rule test", issues);
  test.contracts.push_back({fields.Text("contract"), node["contract"].place()});
  const Node given = fields.Sequence("given");
  if (node.is_map() && given.items().empty()) {
    fields.Error("given", fields.Has("given") ? "empty-value" : "missing-key",
                 "the rule test gives no record");
  }
  for (const Node& record : given.items()) {
    if (!record.is_map()) issues.Error(record.place(), "wrong-type", "a record is a map of \"field: value\"");
  }
  const Node expect = fields.Sequence("expect");
  if (node.is_map() && !fields.Has("expect")) {
    fields.Error("", "missing-key", "the rule test needs \"expect\"", "write [] when nothing may be found");
  }
  for (const Node& finding : expect.items()) ReadExpectedFinding(finding, given.items().size(), issues);
  fields.Finish();
}

void ReadRequest(const Node& node, Issues& issues) {
  if (!node.present()) return;
  Fields fields(node, "request", issues);
  fields.Text("partner");
  fields.Text("dataset");
  for (const std::string_view key : {"purpose", "protocol", "role", "user", "where"}) fields.TextOr(key, "");
  fields.WordOr("form", "records", {"records", "aggregate"});
  fields.Texts("select");
  fields.Map("attributes");
  ReadTime(fields, "time");
  fields.Finish();
}

void ReadRulingTest(const Node& node, Issues& issues) {
  Fields fields(node, "ruling test", issues);
  ReadRequest(fields.Map("request"), issues);
  const Node expect = fields.Map("expect");
  for (const std::string_view key : {"request", "expect"}) {
    if (node.is_map() && !fields.Has(key)) {
      fields.Error("", "missing-key", fmt::format("the ruling test needs \"{}\"", key));
    }
  }
  if (expect.present()) {
    Fields expected(expect, "expected ruling", issues);
    if (!expected.Has("decision"))
      expected.Error("", "missing-key", "the expected ruling needs \"decision\"");
    expected.WordOr("decision", "", {"permit", "deny"});
    expected.TextOr("clause", "");
    expected.TextOr("cause", "");
    expected.Finish();
  }
  fields.Finish();
}

}  // namespace

PolicyTest ReadPolicyTest(const Node& document, Issues& issues) {
  Fields fields(document, "policy test", issues);
  ReadHeader(fields, "PolicyTest");
  PolicyTest test;
  ReadTime(fields, "now");
  for (const Node& rule : fields.Sequence("rules").items()) ReadRuleTest(rule, test, issues);
  for (const Node& ruling : fields.Sequence("rulings").items()) ReadRulingTest(ruling, issues);
  fields.Finish();
  return test;
}

}  // namespace concordat::policy
