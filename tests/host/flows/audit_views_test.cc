// Who saw what, what a partner gave and got, and proofs; over a real log and a real store.
#include "host/flows/audit_views.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmt/format.h"
#include "host/base/files.h"
#include "host/flows/audit_proofs.h"
#include "host/flows/audit_statement.h"
#include "host/flows/disclosure_index.h"
#include "host/flows/receipts.h"

namespace concordat::flows {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const DatasetId kCrime("street_crime");

Caller Person(const std::string& partner, const std::string& role) {
  Caller caller;
  caller.partner = PartnerId(partner);
  caller.role = role;
  caller.spiffe_id = fmt::format("spiffe://derwent.example/partner/{}/{}/x", partner, role);
  return caller;
}
const Caller kAuditor = Person("health-body", "auditor");
const Caller kGiver = Person("constabulary", "steward");
const Caller kRecipient = Person("county-council", "analyst");
const Caller kStranger = Person("bus-operator", "steward");

std::shared_ptr<const LoadedPolicies> Policies() {
  auto set = std::make_shared<policy::PolicySet>();
  for (const char* id : {"constabulary", "county-council", "fire", "bus-operator"}) {
    set->partners.emplace_back();
    set->partners.back().id = PartnerId(id);
  }
  policy::SharingProtocol protocol;
  protocol.id = ProtocolId("asb-hotspots");
  policy::Share share;
  share.dataset = kCrime;
  share.from = {PartnerId("constabulary")};
  protocol.shares = {share};
  set->protocols = {protocol};
  auto loaded = std::make_shared<LoadedPolicies>();
  loaded->set = std::move(set);
  return loaded;
}

class AuditViewsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::make_unique<TemporaryFolder>(*TemporaryFolder::Create());
    store_ = *store::OpenSqliteStore(folder_->path() + "/store", std::string(32, 'k'));
    log_ = *audit::Log::Open(folder_->path() + "/audit", "derwent.example/concordat", signer_);
    host_.clock = &clock_;
    host_.store = store_.get();
    host_.log = log_.get();
    host_.policies = &policies_;
    host_.host_name = "derwent.example/concordat";
    host_.data_dir = folder_->path();
  }

  std::string Issue(const char* time, const std::string& to, record::ReceiptKind kind, json::Object subject,
                    const std::string& decision, json::Object records) {
    clock_.Set(*ParseTime(time));
    ReceiptDraft draft;
    draft.kind = kind;
    draft.subject = std::move(subject);
    draft.decision = decision;
    if (kind == record::ReceiptKind::kRefusal) draft.reasons = {{"purpose", "not for this purpose"}};
    draft.records = std::move(records);
    draft.partner = PartnerId(to);
    const auto receipt = IssueReceipt(host_, draft);
    EXPECT_TRUE(receipt.ok()) << receipt.status();
    return json::TextOr(*receipt, "id", "");
  }
  std::string Disclose(const char* time, const std::string& to, json::Array givers, uint64_t rows) {
    return Issue(time, to, record::ReceiptKind::kDisclosure,
                 {{"dataset", "street_crime"},
                  {"protocol", "asb-hotspots"},
                  {"purpose", "dpv:PublicSafety"},
                  {"user", "spiffe://derwent.example/partner/county-council/analyst/alex"},
                  {"clause", "asb-hotspots/records-to-council"},
                  {"fields", json::Array{json::Object{{"field", "month"}, {"form", "release"}}}},
                  {"bases", json::Array{"art6.1.e"}},
                  {"onBehalfOf", "joint patrol"},
                  {"givers", std::move(givers)}},
                 "permit", {{"released", rows}});
  }
  std::string Refuse(const char* time, const std::string& to) {
    return Issue(time, to, record::ReceiptKind::kRefusal,
                 {{"dataset", "street_crime"}, {"protocol", "asb-hotspots"}, {"purpose", "dpv:Marketing"}},
                 "deny", {});
  }
  std::vector<std::string> Listed(const Caller& caller, const ReceiptQuery& query) const {
    const auto list = ListReceipts(host_, caller, query);
    EXPECT_TRUE(list.ok()) << list.status();
    std::vector<std::string> ids;
    if (!list.ok()) return ids;
    for (const json::Value& row : list->as_array()) ids.push_back(json::TextOr(row, "receipt", ""));
    return ids;
  }
  json::Value Statement(const Caller& caller, const std::string& partner, const std::string& period) const {
    const auto statement = StatementOf(host_, caller, PartnerId(partner), *SpanOf(host_, period, "", ""));
    EXPECT_TRUE(statement.ok()) << statement.status();
    return statement.value_or(json::Value());
  }

  std::unique_ptr<TemporaryFolder> folder_;
  const audit::Signer signer_ = *audit::Signer::Generate();
  FixedClock clock_{absl::UnixEpoch()};
  PolicyHolder policies_{Policies()};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<audit::Log> log_;
  HostParts host_;
};

TEST_F(AuditViewsTest, SaysWhoSawWhatForWhatPurposeUnderWhichBasis) {
  const std::string id = Disclose("2026-08-03T10:00:00Z", "county-council", {"constabulary"}, 40);
  ReceiptQuery query;
  query.dataset = kCrime;
  query.period = "2026-Q3";
  const auto list = ListReceipts(host_, kAuditor, query);
  ASSERT_TRUE(list.ok()) << list.status();
  ASSERT_EQ(list->as_array().size(), 1u);
  json::Object row = list->as_array()[0].as_object();
  row.erase("subject");
  row.erase("leaf");
  EXPECT_EQ(
      json::Canonical(row),
      fmt::format(R"({{"agency":"county-council","bases":["art6.1.e"],"cause":"",)"
                  R"("clause":"asb-hotspots/records-to-council","dataset":"street_crime",)"
                  R"("decision":"permit","fields":["month"],"givers":["constabulary"],"kind":"disclosure",)"
                  R"("onBehalfOf":"joint patrol","partner":"county-council",)"
                  R"("person":"spiffe://derwent.example/partner/county-council/analyst/alex",)"
                  R"("protocol":"asb-hotspots","purpose":"dpv:PublicSafety","receipt":"{}","rows":40,)"
                  R"("stage":"","time":"2026-08-03T10:00:00Z"}})",
                  id));
}

TEST_F(AuditViewsTest, EachSeesTheirOwnAndWhatBecameOfTheirData) {
  const std::string to_council = Disclose("2026-08-03T10:00:00Z", "county-council", {"constabulary"}, 40);
  const std::string from_fire = Disclose("2026-08-04T10:00:00Z", "county-council", {"fire"}, 4);
  const std::string refusal = Refuse("2026-08-05T10:00:00Z", "bus-operator");
  EXPECT_THAT(Listed(kAuditor, {}), ElementsAre(refusal, from_fire, to_council));
  EXPECT_THAT(Listed(kRecipient, {}), ElementsAre(from_fire, to_council));
  EXPECT_THAT(Listed(kGiver, {}), ElementsAre(to_council));
  EXPECT_THAT(Listed(kStranger, {}), ElementsAre(refusal));
  EXPECT_TRUE(GetReceipt(host_, kGiver, ReceiptId(to_council)).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(GetReceipt(host_, kGiver, ReceiptId(from_fire)).status()));
  EXPECT_TRUE(absl::IsPermissionDenied(GetReceipt(host_, kStranger, ReceiptId(to_council)).status()));
}

TEST_F(AuditViewsTest, TimesAreDaysAndPeriods) {
  const std::string june = Disclose("2026-06-30T23:59:59Z", "county-council", {"constabulary"}, 1);
  const std::string july = Disclose("2026-07-01T00:00:00Z", "county-council", {"constabulary"}, 1);
  const std::string september = Disclose("2026-09-30T23:59:59Z", "county-council", {"constabulary"}, 1);
  ReceiptQuery query;
  query.period = "2026-Q3";
  EXPECT_THAT(Listed(kAuditor, query), ElementsAre(september, july));
  query.period = "2026/27-Q1";
  EXPECT_THAT(Listed(kAuditor, query), ElementsAre(june));
  query.period.clear();
  query.from = "2026-06-30";
  query.to = "2026-07-01";
  EXPECT_THAT(Listed(kAuditor, query), ElementsAre(july, june));
  for (const auto& [period, from, to] : {std::tuple("2026-Q5", "", ""),
                                         {"2026-Q3", "2026-01-01", ""},
                                         {"", "1 July", ""},
                                         {"", "2026-07-02", "2026-07-01"}}) {
    query.period = period, query.from = from, query.to = to;
    EXPECT_TRUE(absl::IsInvalidArgument(ListReceipts(host_, kAuditor, query).status()))
        << period << from << to;
  }
  query = {};
  query.kind = "leak";
  EXPECT_TRUE(absl::IsInvalidArgument(ListReceipts(host_, kAuditor, query).status()));
}

TEST_F(AuditViewsTest, BySubjectAPartnerLearnsOfItsOwnDataAlone) {
  const std::string id = Disclose("2026-08-03T10:00:00Z", "county-council", {"constabulary"}, 2);
  Disclose("2026-08-03T10:00:00Z", "county-council", {"constabulary"}, 1);
  auto writer = *DisclosureIndexWriter::Create(host_, kCrime);
  writer->Add("crime-1");
  writer->Add("crime-2");
  ASSERT_TRUE(writer->Finish(ReceiptId(id)).ok());
  ReceiptQuery query;
  query.subject = "crime-2";
  EXPECT_THAT(std::string(ListReceipts(host_, kAuditor, query).status().message()), HasSubstr("--dataset"));
  query.dataset = kCrime;
  EXPECT_THAT(Listed(kAuditor, query), ElementsAre(id));
  EXPECT_THAT(Listed(kGiver, query), ElementsAre(id));
  // The recipient holds pseudonyms: an answer would tell it that this subject is among them.
  EXPECT_THAT(Listed(kRecipient, query), IsEmpty());
  query.subject = "crime-3";
  EXPECT_THAT(Listed(kAuditor, query), IsEmpty());
}

TEST_F(AuditViewsTest, AStatementCountsWhatAPartnerGaveGotAndRefused) {
  Disclose("2026-08-03T10:00:00Z", "county-council", {"constabulary"}, 40);
  Disclose("2026-08-04T10:00:00Z", "county-council", {"constabulary"}, 2);
  Disclose("2026-08-05T10:00:00Z", "fire", {"constabulary", "county-council"}, 7);
  Disclose("2026-12-01T10:00:00Z", "county-council", {"constabulary"}, 1000);  // another quarter
  Refuse("2026-08-05T10:00:00Z", "bus-operator");
  Issue("2026-08-06T10:00:00Z", "constabulary", record::ReceiptKind::kSubmission,
        {{"dataset", "street_crime"}}, "accept", {{"total", 100}, {"accepted", 90}});
  Issue("2026-08-07T10:00:00Z", "constabulary", record::ReceiptKind::kRefusal, {{"dataset", "street_crime"}},
        "reject", {{"total", 100}, {"accepted", 0}});

  const json::Value giver = Statement(kGiver, "constabulary", "2026-Q3");
  EXPECT_EQ(
      json::Canonical(*json::Find(giver, "totals")),
      R"({"gave":{"disclosures":3,"rows":49},"got":{"disclosures":0,"rows":0},"refused":1,"supplied":90,)"
      R"("wasRefused":0})");
  EXPECT_EQ(json::Canonical(*json::Find(giver, "gave")),
            R"([{"dataset":"street_crime","disclosures":2,"from":["constabulary"],"protocol":"asb-hotspots",)"
            R"("purpose":"dpv:PublicSafety","rows":42,"to":"county-council"},)"
            R"({"dataset":"street_crime","disclosures":1,"from":["constabulary","county-council"],)"
            R"("protocol":"asb-hotspots","purpose":"dpv:PublicSafety","rows":7,"to":"fire"}])");
  EXPECT_EQ(json::Canonical(*json::Find(giver, "supplied")),
            R"([{"dataset":"street_crime","records":90,"rejected":1,"submissions":1}])");
  EXPECT_EQ(json::Canonical(*json::Find(giver, "refused")),
            R"([{"dataset":"street_crime","protocol":"asb-hotspots","purpose":"dpv:Marketing","requests":1,)"
            R"("to":"bus-operator"}])");

  const json::Value recipient = Statement(kAuditor, "county-council", "2026-Q3");
  EXPECT_EQ(
      json::Canonical(*json::Find(recipient, "totals")),
      R"({"gave":{"disclosures":1,"rows":7},"got":{"disclosures":2,"rows":42},"refused":0,"supplied":0,)"
      R"("wasRefused":0})");
  const json::Value stranger = Statement(kStranger, "bus-operator", "2026-Q3");
  EXPECT_EQ(
      json::Canonical(*json::Find(stranger, "wasRefused")),
      R"([{"dataset":"street_crime","protocol":"asb-hotspots","purpose":"dpv:Marketing","requests":1}])");

  const TimeSpan all = *SpanOf(host_, "", "", "");
  EXPECT_TRUE(
      absl::IsPermissionDenied(StatementOf(host_, kStranger, PartnerId("constabulary"), all).status()));
  EXPECT_TRUE(absl::IsNotFound(StatementOf(host_, kAuditor, PartnerId("constabluary"), all).status()));
}

TEST_F(AuditViewsTest, ProofsHoldOfflineAndBreakWhenTouched) {
  std::vector<std::string> ids;
  for (int i = 0; i < 7; ++i)
    ids.push_back(Disclose("2026-08-03T10:00:00Z", "county-council", {"constabulary"}, 1));
  for (const std::string& id : ids) {
    const auto proof = ProveInclusion(host_, kGiver, ReceiptId(id), 0);
    ASSERT_TRUE(proof.ok()) << proof.status();
    EXPECT_TRUE(audit::VerifyProofJson(*proof).ok());
    const auto checkpoint =
        audit::OpenCheckpoint(json::TextOr(*proof, "checkpoint", ""), signer_.PublicKey());
    ASSERT_TRUE(checkpoint.ok());
    EXPECT_EQ(checkpoint->size, 7u);
    json::Value other = *proof;
    other.as_object()["leafIdx"] = (other.as_object()["leafIdx"].to_number<uint64_t>() + 1) % 7;
    EXPECT_TRUE(absl::IsDataLoss(audit::VerifyProofJson(other)));
  }
  EXPECT_TRUE(audit::VerifyProofJson(*ProveInclusion(host_, kGiver, ReceiptId(ids[2]), 3)).ok());
  EXPECT_TRUE(absl::IsOutOfRange(ProveInclusion(host_, kGiver, ReceiptId(ids[2]), 2).status()));
  EXPECT_TRUE(absl::IsOutOfRange(ProveInclusion(host_, kGiver, ReceiptId(ids[2]), 8).status()));
  EXPECT_TRUE(absl::IsPermissionDenied(ProveInclusion(host_, kStranger, ReceiptId(ids[2]), 0).status()));
  for (uint64_t from = 1; from <= 7; ++from) {
    for (uint64_t to = from; to <= 7; ++to) {
      const auto proof = ProveConsistency(host_, from, to);
      ASSERT_TRUE(proof.ok()) << proof.status();
      EXPECT_TRUE(audit::VerifyProofJson(*proof).ok()) << from << " " << to;
      json::Value other = *proof;
      other.as_object()["root1"] = json::TextOr(*ProveConsistency(host_, 7, 7), "root2", "");
      EXPECT_EQ(absl::IsDataLoss(audit::VerifyProofJson(other)), from < 7) << from << " " << to;
    }
  }
  EXPECT_TRUE(absl::IsOutOfRange(ProveConsistency(host_, 0, 7).status()));
  EXPECT_TRUE(absl::IsOutOfRange(ProveConsistency(host_, 5, 8).status()));
}

TEST_F(AuditViewsTest, TheHostNamesTheFirstBadLeaf) {
  for (int i = 0; i < 5; ++i) Disclose("2026-08-03T10:00:00Z", "county-council", {"constabulary"}, 1);
  EXPECT_EQ(json::Find(*VerifyLog(host_), "firstBad"), nullptr);
  const std::string path = folder_->path() + "/audit/leaves.log";
  std::string leaves = *ReadFile(path);
  leaves.erase(3 * 45, 45);
  ASSERT_TRUE(WriteFileAtomically(path, leaves).ok());
  const json::Value answer = *VerifyLog(host_);
  EXPECT_EQ(*json::Find(answer, "verified"), json::Value(false));
  EXPECT_EQ(json::Canonical(*json::Find(answer, "firstBad")),
            R"({"first":3,"last":3,"line":4,"what":"it is gone, and leaf 4 stands in its place"})");
}

}  // namespace
}  // namespace concordat::flows
