#include "host/flows/policy_tests.h"

#include <algorithm>
#include <limits>
#include <set>

#include "fmt/format.h"
#include "host/mapping/mapper.h"
#include "host/sharing/gatekeeper.h"
#include "host/sharing/protocol_state.h"

namespace concordat::flows {
namespace {

using policy::RuleTest;
using policy::RulingTest;

// One rule test: its records through mapping and rules, what was found against what was expected.
class RuleTrial {
 public:
  RuleTrial(const LoadedPolicies& policies, const RuleTest& test, absl::Time now, Issues& failures)
      : policies_(policies), test_(test), now_(now), failures_(failures) {}

  void Run() {
    const DatasetId dataset(test_.contract);
    const auto [contract, object] = policies_.set->FindDataset(dataset);
    const auto rules = object == nullptr ? policies_.rules.end() : FindRules(*object);
    if (rules == policies_.rules.end()) {
      failures_.Error(test_.place, "unknown-object",
                      fmt::format("\"{}\" does not name one object with rules", test_.contract),
                      "write contract/object when the contract has several");
      return;
    }
    CheckFields(*object);
    const absl::StatusOr<record::Scorecard> card = Judge(*object, rules->second);
    if (!card.ok()) {
      failures_.Error(test_.place, "not-run", std::string(MessageOf(card.status())));
      return;
    }
    Compare(*card);
  }

 private:
  using RulesOf = std::map<DatasetId, std::shared_ptr<const quality::CompiledRules>>;

  RulesOf::const_iterator FindRules(const policy::ContractObject& object) const {
    return std::find_if(policies_.rules.begin(), policies_.rules.end(), [&](const auto& entry) {
      return policies_.set->FindDataset(entry.first).second == &object;
    });
  }

  void CheckFields(const policy::ContractObject& object) {
    std::vector<std::string> names;
    for (const data::Field& field : object.schema->fields) names.push_back(field.name);
    for (size_t i = 0; i < test_.given.size(); ++i) {
      for (const auto& [field, text] : test_.given[i]) {
        if (object.schema->Find(field)) continue;
        failures_.Error(
            test_.given_places[i], "unknown-field",
            fmt::format("record {} gives the field \"{}\", which {} has not", i + 1, field, test_.contract),
            DidYouMean(field, names));
      }
    }
  }

  // The records as a file without a mapping of its own would bring them.
  data::RawBatch RawRecords(const policy::ContractObject& object) const {
    data::RawBatch raw;
    for (const data::Field& field : object.schema->fields) {
      auto column = std::make_shared<data::TextColumn>();
      column->name = field.name;
      for (const auto& record : test_.given) {
        const auto cell = std::find_if(record.begin(), record.end(),
                                       [&](const auto& candidate) { return candidate.first == field.name; });
        column->Append(cell == record.end() ? "" : cell->second);
      }
      raw.columns.push_back(std::move(column));
    }
    for (uint64_t record = 1; record <= test_.given.size(); ++record) {
      raw.records.push_back(record);
      raw.lines.push_back(0);
    }
    return raw;
  }

  absl::StatusOr<record::Scorecard> Judge(const policy::ContractObject& object,
                                          const std::shared_ptr<const quality::CompiledRules>& rules) const {
    const data::RawBatch raw = RawRecords(object);
    std::vector<std::string> columns;
    for (const auto& column : raw.columns) columns.push_back(column->name);
    ASSIGN_OR_RETURN(mapping::Mapper mapper, mapping::Mapper::Create(policy::Feed(), object.schema, columns));
    quality::RunContext context;
    context.as_of = now_;
    context.samples = test_.given.size() + 1;
    quality::Judge judge(rules, policy::Gate(), context, {}, nullptr);
    judge.Add(mapper.Map(raw), {});
    return judge.Finish(0).scorecard;
  }

  bool Gives(uint64_t record, const std::string& column) const {
    const auto& cells = test_.given[record - 1];
    return std::any_of(cells.begin(), cells.end(), [&](const auto& cell) { return cell.first == column; });
  }

  void Compare(const record::Scorecard& card) {
    std::set<std::pair<uint64_t, std::string>> found;
    std::vector<std::string> ids;
    for (const record::RuleResult& rule : card.rules) {
      ids.push_back(rule.id);
      for (const record::Finding& finding : rule.samples) {
        found.emplace(finding.record, rule.id);
        if (finding.record > 0) ReportUnexpected(rule, finding);
      }
    }
    for (const RuleTest::Finding& wanted : test_.expect) {
      if (found.contains({wanted.record, wanted.rule})) continue;
      const bool known = std::find(ids.begin(), ids.end(), wanted.rule) != ids.end();
      failures_.Error(wanted.place, known ? "not-found" : "unknown-rule",
                      known ? fmt::format("{} does not fail {}",
                                          wanted.record == 0 ? std::string("the dataset")
                                                             : fmt::format("record {}", wanted.record),
                                          wanted.rule)
                            : fmt::format("{} has no rule \"{}\"", test_.contract, wanted.rule),
                      known ? "change the rule, or what is expected of it" : DidYouMean(wanted.rule, ids));
    }
  }

  void ReportUnexpected(const record::RuleResult& rule, const record::Finding& finding) {
    const bool expected =
        std::any_of(test_.expect.begin(), test_.expect.end(), [&](const RuleTest::Finding& wanted) {
          return wanted.record == finding.record && wanted.rule == rule.id;
        });
    const bool given = std::all_of(rule.columns.begin(), rule.columns.end(),
                                   [&](const std::string& column) { return Gives(finding.record, column); });
    if (expected || !given) return;
    failures_.Error(
        test_.given_places[finding.record - 1], "unexpected-finding",
        fmt::format("record {} fails {}, which is not expected: {}", finding.record, rule.id,
                    finding.message),
        fmt::format("expect {{record: {}, rule: {}}}, or change the rule", finding.record, rule.id));
  }

  const LoadedPolicies& policies_;
  const RuleTest& test_;
  const absl::Time now_;
  Issues& failures_;
};

// One submission of today from each giver, with the scores of the test.
std::vector<sharing::SubmissionQuality> Supplied(const policy::SharingProtocol& protocol,
                                                 const RulingTest& test, absl::Time now) {
  std::vector<sharing::SubmissionQuality> supplied;
  for (const policy::Party& party : protocol.parties) {
    if (!party.gives) continue;
    sharing::SubmissionQuality submission;
    submission.submission = SubmissionId("S-test");
    submission.partner = party.partner;
    submission.received = now;
    for (size_t i = 0; i < record::kDimensionCount; ++i)
      submission.scores[std::string(record::DimensionName(static_cast<record::Dimension>(i)))] = 100;
    submission.scores["score"] = 100;
    for (const policy::Share& share : protocol.shares) {
      if (!share.quality) continue;
      for (const std::string& rule : share.quality->rules_met) submission.rules[rule] = "met";
    }
    for (const auto& [what, score] : test.quality) submission.scores[what] = score;
    supplied.push_back(std::move(submission));
  }
  return supplied;
}

// What the test says of the givers' self-assessments, or else what the shares ask for.
std::vector<sharing::StandingLevel> Assessed(const policy::SharingProtocol& protocol, const RulingTest& test,
                                             absl::Time now) {
  std::vector<sharing::StandingLevel> levels;
  for (const policy::Party& party : protocol.parties) {
    if (!party.gives) continue;
    if (test.assessments) {
      for (const RulingTest::Assessed& assessed : *test.assessments) {
        if (!assessed.partner.empty() && assessed.partner != party.partner.str()) continue;
        levels.push_back({party.partner, assessed.template_id, "the test", assessed.level,
                          assessed.submitted.value_or(now)});
      }
      continue;
    }
    for (const policy::Share& share : protocol.shares) {
      if (share.quality && share.quality->assessment)
        levels.push_back({party.partner, share.quality->assessment->template_id, "the test",
                          std::numeric_limits<int>::max(), now});
    }
  }
  return levels;
}

record::Ruling RuleUnder(const policy::PolicySet& set, const policy::SharingProtocol& protocol,
                         const RulingTest& test, absl::Time now) {
  sharing::AccessRequest request;
  request.partner = PartnerId(test.partner);
  request.role = test.role;
  request.user = test.user;
  request.dataset = DatasetId(test.dataset);
  request.protocol = protocol.id;
  request.purpose = test.purpose;
  request.form = test.form;
  request.select = test.select;
  request.where = test.where;
  request.time = now;
  for (const auto& [name, value] : test.attributes) request.attributes[name] = expr::Value{value};
  sharing::Facts facts;
  // Everybody has signed the very text that is tested, and those it stands under.
  facts.signatures = sharing::SignedByAll(set, protocol, now);
  facts.submissions = Supplied(protocol, test, now);
  facts.levels = Assessed(protocol, test, now);
  return sharing::Rule(set, request, facts).ruling;
}

bool Shares(const policy::SharingProtocol& protocol, const std::string& dataset) {
  return std::any_of(protocol.shares.begin(), protocol.shares.end(),
                     [&](const policy::Share& share) { return share.dataset.str() == dataset; });
}

// The named protocol, or the first that permits, or else the first that shares the dataset; `only` is the one
// version that is tested.
record::Ruling RulingFor(const policy::PolicySet& set, const RulingTest& test, absl::Time now,
                         const policy::SharingProtocol* only) {
  std::optional<record::Ruling> denial;
  for (const policy::SharingProtocol& protocol : set.protocols) {
    const bool meant =
        test.protocol.empty() ? Shares(protocol, test.dataset) : protocol.id.str() == test.protocol;
    if (!meant || (only != nullptr && &protocol != only)) continue;
    record::Ruling ruling = RuleUnder(set, protocol, test, now);
    if (ruling.permit) return ruling;
    if (!denial) denial = std::move(ruling);
  }
  if (denial) return *std::move(denial);
  record::Ruling none;
  none.clause = (test.protocol.empty() ? "none" : test.protocol) + "/id";
  none.cause = "no_protocol";
  none.message = "no protocol shares this dataset";
  return none;
}

bool IsClause(const std::string& clause, const std::string& wanted) {
  return wanted.empty() || clause == wanted || clause.starts_with(wanted + "/");
}

void RunRuling(const policy::PolicySet& set, const RulingTest& test, absl::Time now,
               const policy::SharingProtocol* only, Issues& failures) {
  const record::Ruling ruling = RulingFor(set, test, now, only);
  const std::string decision = ruling.permit ? "permit" : "deny";
  if (decision == test.decision && IsClause(ruling.clause, test.clause) &&
      (test.cause.empty() || test.cause == ruling.cause)) {
    return;
  }
  std::string wanted = test.decision;
  if (!test.clause.empty()) wanted += fmt::format(" by {}", test.clause);
  if (!test.cause.empty()) wanted += fmt::format(" ({})", test.cause);
  std::string got = fmt::format("{} by {}", decision, ruling.clause);
  if (!ruling.cause.empty()) got += fmt::format(" ({})", ruling.cause);
  failures.Error(test.place, "other-ruling",
                 fmt::format("expected {}, but it is {}: {}", wanted, got, ruling.message),
                 "change the protocol, or what is expected of it");
}

PolicyTestOutcome RunDocument(const LoadedPolicies& policies, const policy::PolicyTest& document,
                              absl::Time now, const policy::SharingProtocol* only) {
  PolicyTestOutcome outcome;
  outcome.path = document.path;
  const absl::Time time = document.now.value_or(now);
  for (const RuleTest& test : document.rules) {
    outcome.expectations += test.given.size();
    RuleTrial(policies, test, time, outcome.failures).Run();
  }
  for (const RulingTest& test : document.rulings) {
    ++outcome.expectations;
    RunRuling(*policies.set, test, test.time.value_or(time), only, outcome.failures);
  }
  return outcome;
}

}  // namespace

std::vector<PolicyTestOutcome> RunPolicyTests(const LoadedPolicies& policies,
                                              const std::vector<std::string>& only, absl::Time now) {
  std::vector<PolicyTestOutcome> outcomes;
  for (const policy::PolicyTest& document : policies.set->tests) {
    if (!only.empty() && std::find(only.begin(), only.end(), document.path) == only.end()) continue;
    outcomes.push_back(RunDocument(policies, document, now, nullptr));
  }
  return outcomes;
}

std::map<std::string, std::vector<std::string>> FailingProtocolTests(const LoadedPolicies& policies) {
  std::map<std::string, std::vector<std::string>> failing;
  for (const policy::SharingProtocol& protocol : policies.set->protocols) {
    const absl::Time first_day = absl::UnixEpoch() + absl::Hours(24 * protocol.validity.from + 12);
    for (const std::string& name : protocol.tests) {
      const auto& documents = policies.set->tests;
      const auto document = std::find_if(
          documents.begin(), documents.end(),
          [&](const policy::PolicyTest& candidate) { return candidate.path == "tests/" + name; });
      if (document == documents.end()) {
        failing[protocol.digest].push_back(fmt::format("tests/{} is missing", name));
        continue;
      }
      const PolicyTestOutcome outcome = RunDocument(policies, *document, first_day, &protocol);
      for (const Issue& issue : outcome.failures.list())
        failing[protocol.digest].push_back(fmt::format("{}: {}", issue.place.str(), issue.message));
    }
  }
  return failing;
}

}  // namespace concordat::flows
