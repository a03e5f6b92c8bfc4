// A host with the demo policies over a real store and a real log, for tests of histories: submissions in a
// line each.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "host/flows/receipts.h"
#include "tests/host/flows/host_fixture.h"

namespace concordat::flows {

/// One rule's counts in a submission's result.
struct RuleCounts {
  std::string id;
  uint64_t pass = 0;
  uint64_t fail = 0;
  std::string severity = "error";
  std::string dimension = "conformity";
  std::string status = "met";
};

class QualityHost : public HostFixture {
 protected:
  static constexpr const char* kFeed = "constabulary-street-crime";

  QualityHost() : HostFixture("2026-11-20T12:00:00Z") {}
  void SetUp() override { OpenHost(); }

  static absl::Time At(std::string_view text) { return *ParseTime(text); }
  struct Sent {
    std::string id;
    std::string period;
    std::string received;  // a time
    double score = 90;
    bool rejected = false;
    std::string supersedes;
    std::vector<RuleCounts> rules = {{"crime_id_present", 99, 1}};
    std::string version = "1.0.0";
    std::string due = "";  // a time; empty: none
  };
  /// Without rows: what is kept of it is its result.
  void Send(const Sent& sent, const std::string& feed = kFeed) {
    const policy::Feed* known = policies_->Get()->set->FindFeed(FeedId(feed));
    store::Attempt attempt = store::AttemptOf(sent.id, ++numbers_[feed + sent.period], sent.supersedes);
    attempt.feed = FeedId(feed);
    attempt.partner = known->partner;
    attempt.dataset = known->dataset();
    attempt.period = sent.period;
    attempt.received = At(sent.received);
    attempt.due = sent.due.empty() ? std::nullopt : std::optional<absl::Time>(At(sent.due));
    attempt.verdict = sent.rejected ? record::Verdict::kReject : record::Verdict::kAccept;
    attempt.state = sent.rejected ? "rejected" : "current";
    attempt.contract_digest = "sha256:" + sent.version;
    json::Array rules;
    for (const RuleCounts& rule : sent.rules) {
      json::Object one{{"id", rule.id},
                       {"kind", "required"},
                       {"dimension", rule.dimension},
                       {"severity", rule.severity},
                       {"status", rule.status},
                       {"state", "enforced"},
                       {"pass", rule.pass},
                       {"fail", rule.fail},
                       {"skip", 0},
                       {"unresolved", 0},
                       {"error", 0},
                       {"threshold", "mustBe 0"}};
      if (rule.pass + rule.fail < 30) one["interval"] = json::Array{0, 1};
      rules.push_back(std::move(one));
    }
    attempt.result = json::Object{
        {"score", sent.score},
        {"grade", "B"},
        {"records", json::Object{{"total", 100}}},
        {"contract", json::Object{{"version", sent.version}, {"digest", attempt.contract_digest}}},
        {"dimensions",
         json::Array{json::Object{{"dimension", "conformity"}, {"score", sent.score + 5}, {"rules", 1}},
                     json::Object{{"dimension", "accuracy"}, {"score", nullptr}, {"rules", 0}}}},
        {"rules", std::move(rules)}};
    if (!sent.rejected) {
      const auto schema = policies_->Get()->set->FindDataset(attempt.dataset).second->schema;
      const auto writer = *store_->Begin(attempt.id, attempt.dataset, schema);
      EXPECT_OK(writer->Seal({}));
    }
    EXPECT_OK(store_->Publish(attempt));
  }

  std::string Release(const std::string& to, const std::string& protocol, const std::string& at) {
    const absl::Time now = clock_.Now();
    clock_.Set(At(at));
    ReceiptDraft draft;
    draft.kind = record::ReceiptKind::kDisclosure;
    draft.subject = {{"dataset", "street_crime"},
                     {"protocol", protocol},
                     {"partner", to},
                     {"purpose", "dpv:PublicSafety"},
                     {"givers", json::Array{"constabulary"}},
                     {"submissions", json::Array{}}};
    draft.decision = "permit";
    draft.records["released"] = 40;
    draft.partner = PartnerId(to);
    const std::string id = json::TextOr(*IssueReceipt(host_, draft), "id", "");
    clock_.Set(now);
    return id;
  }

  std::map<std::string, int> numbers_;
};

}  // namespace concordat::flows
