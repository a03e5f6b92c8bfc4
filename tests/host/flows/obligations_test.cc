// What is owed after a release, over a real store and a real log.
#include "host/flows/obligations.h"

#include "fmt/format.h"
#include "host/flows/disclosure_index.h"
#include "host/flows/disputes.h"
#include "host/flows/due.h"
#include "host/flows/obligation_secret.h"
#include "host/flows/receipts.h"
#include "host/flows/record_holders.h"
#include "host/flows/rectify.h"
#include "tests/host/flows/host_fixture.h"

namespace concordat::flows {
namespace {

const DatasetId kCrime("street_crime");
const PartnerId kConstabulary("constabulary");
const PartnerId kCouncil("county-council");

const Caller kPat = CallerOf("constabulary", "steward", "pat");
const Caller kSam = CallerOf("county-council", "steward", "sam");
const Caller kDrew = CallerOf("county-council", "delegate", "drew");
const Caller kAlex = CallerOf("county-council", "analyst", "alex");

class ObligationsTest : public HostFixture {
 protected:
  ObligationsTest() : HostFixture("2026-05-20T12:00:00Z") {}
  void SetUp() override {
    OpenHost();
    schema_ = policies_->Get()->set->FindDataset(kCrime).second->schema;
  }

  // Records with these identifiers and nothing else of interest.
  store::Attempt Submit(const std::string& id, const std::vector<std::string>& keys,
                        const std::string& supersedes = "", std::optional<double> accuracy = std::nullopt) {
    std::vector<store::Row> rows;
    for (const std::string& key : keys) {
      rows.emplace_back(schema_->fields.size());
      rows.back()[*schema_->Find("crime_id")] = key;
    }
    store::Attempt attempt = store::AttemptOf(id, static_cast<int>(++number_), supersedes);
    attempt.feed = FeedId("constabulary-street-crime");
    attempt.partner = kConstabulary;
    attempt.dataset = kCrime;
    attempt.received = clock_.Now();
    attempt.submitter = kPat.spiffe_id;
    attempt.accepted = attempt.total = keys.size();
    if (accuracy) {
      attempt.result = json::Object{
          {"dimensions", json::Array{json::Object{{"dimension", "accuracy"}, {"score", *accuracy}}}}};
    }
    const auto writer = *store_->Begin(attempt.id, attempt.dataset, schema_);
    const data::Batch batch = store::BatchOf(schema_, rows);
    EXPECT_OK(writer->AppendAccepted(batch, store::All(batch)));
    EXPECT_OK(writer->Seal({}));
    EXPECT_OK(store_->Publish(attempt));
    return *store_->Get(attempt.id);
  }

  // A disclosure of these submissions; `form` is how the identifier left.
  std::string Disclose(const PartnerId& to, const std::vector<std::string>& submissions,
                       const std::string& form = "release", const std::string& protocol = "asb-hotspots") {
    json::Array named;
    for (const std::string& id : submissions) named.emplace_back(id);
    json::Array fields{json::Object{{"field", "lsoa_code"}, {"form", "release"}}};
    if (!form.empty()) fields.push_back(json::Object{{"field", "crime_id"}, {"form", form}});
    ReceiptDraft draft;
    draft.kind = record::ReceiptKind::kDisclosure;
    draft.subject = {{"dataset", kCrime.str()},
                     {"protocol", protocol},
                     {"partner", to.str()},
                     {"submissions", std::move(named)},
                     {"fields", std::move(fields)}};
    if (form == "pseudonymise")
      draft.subject["pseudonymKey"] = store_->PseudonymKey(ProtocolId(protocol))->first;
    draft.decision = "permit";
    draft.partner = to;
    const std::string receipt = json::TextOr(*IssueReceipt(host_, draft), "id", "");
    // As an exchange does: whose records left is known to the index alone.
    const auto index = *DisclosureIndexWriter::Create(host_, kCrime);
    std::vector<SubmissionId> ids;
    for (const std::string& id : submissions) {
      if (store_->Get(SubmissionId(id)).ok()) ids.emplace_back(id);
    }
    EXPECT_OK(store_->ReadRecords(kCrime, schema_, ids, [&](const data::Batch& batch) {
      const data::Column& keys = batch.columns[*schema_->Find("crime_id")];
      for (size_t row = 0; row < batch.rows(); ++row) index->Add(SubjectKey({keys.text->at(row)}));
      return absl::OkStatus();
    }));
    EXPECT_OK(index->Finish(ReceiptId(receipt)));
    return receipt;
  }

  std::vector<store::Obligation> Owed(const store::ObligationStore::ObligationFilter& filter = {}) {
    return store::Value(store_->ListObligations(filter));
  }
  json::Object Seen(const store::Obligation& obligation, const Caller& viewer) {
    return store::Value(ObligationJson(host_, obligation, viewer));
  }
  absl::StatusOr<json::Value> Doubt(const std::string& key, const std::string& field = "lsoa_code",
                                    const Caller& by = kAlex) {
    return Dispute(host_, {by, kCrime, key, field, "looks wrong", ReceiptId()});
  }
  void Answer(const absl::StatusOr<json::Value>& dispute, const std::string& outcome) {
    ASSERT_OK(dispute);
    EXPECT_OK(CloseObligation(host_, {kPat, json::TextOr(*dispute, "id", ""), "looked up", "", outcome}));
  }
  double AccuracyOf(const std::string& submission) {
    return store::Value(AccuracyAfterDisputes(host_, *store_->Get(SubmissionId(submission))));
  }

  std::shared_ptr<const data::Schema> schema_;
  size_t number_ = 0;
};

TEST_F(ObligationsTest, ARetentionGivesTheDayOfItsCertificate) {
  const policy::SharingProtocol* protocol =
      policies_->Get()->set->FindProtocol(ProtocolId("asb-hotspots")).front();
  const auto due = DeletionDue(*protocol, *ParseTime("2028-02-29T23:10:00Z"));
  ASSERT_TRUE(due.has_value());
  EXPECT_EQ(TimeText(*due), "2029-02-28T23:59:59Z");
  policy::SharingProtocol without = *protocol;
  without.retention.evidence.clear();
  EXPECT_EQ(DeletionDue(without, clock_.Now()), std::nullopt);
  without = *protocol;
  without.retention.recipient.reset();
  EXPECT_EQ(DeletionDue(without, clock_.Now()), std::nullopt);
}

TEST_F(ObligationsTest, ADeletionCertificateIsOwedOnceAndClosedWithWhatWasDeleted) {
  const ReceiptId disclosure(Disclose(kCouncil, {"S-1"}));
  const absl::Time due = clock_.Now() + absl::Hours(24);
  for (int i = 0; i < 2; ++i)
    ASSERT_OK(OweDeletion(host_, disclosure, kCouncil, kCrime, ProtocolId("asb-hotspots"), due));
  ASSERT_EQ(Owed().size(), 1u);
  const store::Obligation owed = Owed().front();
  EXPECT_EQ(owed.partner, kCouncil);
  EXPECT_EQ(Seen(owed, kSam).at("daysLate").to_number<int64_t>(), 0);
  clock_.Set(due + absl::Hours(25));
  EXPECT_EQ(Seen(owed, kSam).at("daysLate").to_number<int64_t>(), 2);

  EXPECT_CODE(CloseObligation(host_, {kSam, owed.id, "", "", ""}), absl::StatusCode::kInvalidArgument);
  EXPECT_CODE(CloseObligation(host_, {kSam, owed.id, "gone", "", "upheld"}),
              absl::StatusCode::kInvalidArgument);
  EXPECT_CODE(CloseObligation(host_, {kSam, owed.id, "gone", "sha256:1", ""}),
              absl::StatusCode::kInvalidArgument);
  EXPECT_CODE(CloseObligation(host_, {kPat, owed.id, "gone", "", ""}), absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(CloseObligation(host_, {kAlex, owed.id, "gone", "", ""}), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(log_->size(), 1u) << "a refused closing leaves no receipt";
  const auto closed = CloseObligation(host_, {kSam, owed.id, "rows.csv deleted by IT", "", ""});
  ASSERT_OK(closed);
  const std::string receipt = json::Compact(*json::Find(*closed, "receipt"));
  EXPECT_THAT(receipt, testing::HasSubstr("rows.csv deleted by IT"));
  EXPECT_THAT(receipt, testing::HasSubstr(disclosure.str()));
  EXPECT_EQ(Owed().front().state, "closed");
  EXPECT_EQ(Owed().front().receipts.size(), 2u);
  EXPECT_CODE(CloseObligation(host_, {kSam, owed.id, "again", "", ""}),
              absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(log_->size(), 2u);
}

TEST_F(ObligationsTest, AnEmergencyIsReviewedByAnotherWithin72Hours) {
  const ReceiptId receipt(Disclose(kCouncil, {"S-1"}));
  for (int i = 0; i < 2; ++i)
    ASSERT_OK(OweEmergencyReview(host_, receipt, kCouncil, kDrew.spiffe_id, "a child is missing", "vital"));
  ASSERT_EQ(Owed().size(), 1u);
  const store::Obligation owed = Owed().front();
  EXPECT_EQ(owed.due, clock_.Now() + absl::Hours(72));
  EXPECT_EQ(owed.dataset, kCrime) << "from the receipt";
  EXPECT_THAT(json::TextOr(json::Value(Seen(owed, kSam)), "reason", ""),
              testing::HasSubstr("a child is missing"));
  for (const Caller& other : {CallerOf("county-council", "auditor", "ann"), kPat})
    EXPECT_EQ(Seen(owed, other).count("reason"), 0u) << other.spiffe_id;
  const auto own = CloseObligation(host_, {kDrew, owed.id, "fine", "", "justified"});
  EXPECT_CODE(own, absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(std::string(MessageOf(own.status())), testing::HasSubstr("somebody else"));
  EXPECT_CODE(CloseObligation(host_, {kSam, owed.id, "fine", "", ""}), absl::StatusCode::kInvalidArgument);
  EXPECT_OK(CloseObligation(host_, {kSam, owed.id, "fine", "", "unjustified"}));
  EXPECT_EQ(Owed().front().outcome, "unjustified");
}

TEST_F(ObligationsTest, TextsAreSealedAndBoundToTheirPlace) {
  const ObligationSecret secret = *ObligationSecret::Of(host_);
  const std::string sealed = secret.Seal("Mrs X of Mill Lane", "O-1", "reason");
  EXPECT_THAT(sealed, testing::Not(testing::HasSubstr("Mill")));
  EXPECT_EQ(*ObligationSecret::Of(host_)->Open(sealed, "O-1", "reason"), "Mrs X of Mill Lane");
  EXPECT_CODE(secret.Open(sealed, "O-2", "reason"), absl::StatusCode::kDataLoss);
  EXPECT_CODE(secret.Open(sealed, "O-1", "label"), absl::StatusCode::kDataLoss);
  EXPECT_EQ(secret.RecordToken(kCrime, "1"), secret.RecordToken(kCrime, "1"));
  EXPECT_NE(secret.RecordToken(kCrime, "1"), secret.RecordToken(DatasetId("other"), "1"));
}

TEST_F(ObligationsTest, WordsForOthersArePlainText) {
  for (const char* fine : {"deleted", "Größe: 5 m²", "one\n\ttwo"})
    EXPECT_OK(RequireWords(fine, "--reason", "why"));
  const std::string longest(4000, 'a');
  EXPECT_OK(RequireWords(longest, "--reason", "why"));
  for (const std::string& bad :
       {std::string(), longest + "a", std::string("red \x1b[31m"), std::string("csi \xc2\x9b"),
        std::string("\xff"), std::string("a\0b", 3), std::string("a\rb"), std::string("\x7f")}) {
    EXPECT_CODE(RequireWords(bad, "--reason", "why"), absl::StatusCode::kInvalidArgument);
  }
}

TEST(RecordKey, TellsCompositeKeysApart) {
  EXPECT_EQ(RecordKey({{"a|b"}}), "a|b");
  EXPECT_EQ(RecordKey({{"a"}, {"b"}}), "a|b");
  EXPECT_NE(RecordKey({{"a|"}, {"b"}}), RecordKey({{"a"}, {"|b"}}));
  EXPECT_EQ(RecordKey({{"a|"}, {"b\\"}}), "a\\||b\\\\");
}

TEST_F(ObligationsTest, ACorrectionIsToldToHoldersOfTheOldRecordInTheirForm) {
  Submit("S-1", {"id-1", "id-2"});
  const std::string plain = Disclose(PartnerId("health-body"), {"S-1"});
  const std::string pseudonym = Disclose(kCouncil, {"S-1"}, "pseudonymise");
  const std::string counts = Disclose(PartnerId("voluntary-action"), {"S-1"}, "");
  Disclose(kConstabulary, {"S-1"});
  clock_.Set(clock_.Now() + absl::Hours(5));
  EXPECT_CODE(Rectify(host_, {kPat, kCrime, "id-1", SubmissionId(), "wrong"}),
              absl::StatusCode::kFailedPrecondition)
      << "nothing is corrected yet";
  Submit("S-2", {"id-1", "id-2"}, "S-1");
  Disclose(kCouncil, {"S-2"});
  Disclose(kCouncil, {"S-2", "S-1"});
  clock_.Set(clock_.Now() + absl::Hours(1));
  const auto told = Rectify(host_, {kPat, kCrime, "id-1", SubmissionId("S-2"), "wrong"});
  ASSERT_OK(told);
  EXPECT_EQ(json::Find(*told, "told")->as_array().size(), 3u);
  std::map<std::string, std::string> labels;
  for (const store::Obligation& owed : Owed({.kind = "rectification"})) {
    const json::Object seen = Seen(owed, CallerOf(owed.partner.str(), "steward", "x"));
    labels[owed.disclosure] = json::TextOr(json::Value(seen), "record", "");
    EXPECT_EQ(seen.at("secondsToNotify").to_number<int64_t>(), 3600);
    EXPECT_EQ(owed.due, clock_.Now() + absl::Hours(24 * 30));
  }
  EXPECT_EQ(labels.at(plain), "id-1");
  EXPECT_EQ(labels.at(counts), "");
  EXPECT_EQ(labels.at(pseudonym).size(), 64u);
  EXPECT_EQ(json::Compact(*told).find("id-1"), std::string::npos);
  EXPECT_CODE(Rectify(host_, {kPat, kCrime, "id-9", SubmissionId(), "wrong"}), absl::StatusCode::kNotFound);
  EXPECT_CODE(Rectify(host_, {kSam, kCrime, "id-1", SubmissionId(), "wrong"}),
              absl::StatusCode::kFailedPrecondition)
      << "the council supplies none of it";
  EXPECT_CODE(Rectify(host_, {kAlex, kCrime, "id-1", SubmissionId(), "wrong"}),
              absl::StatusCode::kPermissionDenied);
}

TEST_F(ObligationsTest, ASupersededSubmissionIsToldOncePerDisclosure) {
  Submit("S-1", {"id-1"});
  const std::string first = Disclose(kCouncil, {"S-1"});
  const std::string second = Disclose(PartnerId("health-body"), {"S-1"});
  const store::Attempt correction = Submit("S-2", {"id-1"}, "S-1");
  for (int i = 0; i < 2; ++i) ASSERT_OK(OweCorrections(host_, correction));
  ASSERT_EQ(Owed().size(), 2u);
  EXPECT_EQ(Owed({.partner = kCouncil}).front().disclosure, first);
  EXPECT_EQ(Owed({.partner = PartnerId("health-body")}).front().disclosure, second);
}

TEST_F(ObligationsTest, DisputesLowerTheAccuracyUntilTheyAreAnswered) {
  Submit("S-1", {"id-1", "id-2", "id-3", "id-4"}, "", 90.0);
  Disclose(kCouncil, {"S-1"});
  EXPECT_EQ(AccuracyOf("S-1"), 90.0);
  const auto first = Doubt("id-1");
  ASSERT_OK(first);
  EXPECT_EQ(AccuracyOf("S-1"), 75.0);
  EXPECT_CODE(Doubt("id-1"), absl::StatusCode::kAlreadyExists);
  const auto same_record = Doubt("id-1", "crime_id");
  EXPECT_EQ(AccuracyOf("S-1"), 75.0) << "a record counts once";
  const auto second = Doubt("id-2");
  EXPECT_EQ(AccuracyOf("S-1"), 50.0);
  Answer(second, "rejected");
  EXPECT_EQ(AccuracyOf("S-1"), 75.0);
  Answer(first, "upheld");
  Answer(same_record, "rejected");
  EXPECT_EQ(AccuracyOf("S-1"), 75.0);
  EXPECT_EQ(store::Value(AccuracyAfterDisputes(host_, kCrime)), 75.0);

  std::map<std::string, double> scores{{"accuracy", 90.0}, {"score", 99.0}};
  ASSERT_OK(LowerAccuracy(host_, *store_->Get(SubmissionId("S-1")), scores));
  EXPECT_EQ(scores, (std::map<std::string, double>{{"accuracy", 75.0}, {"score", 99.0}}));
  scores.erase("accuracy");
  ASSERT_OK(LowerAccuracy(host_, *store_->Get(SubmissionId("S-1")), scores));
  EXPECT_EQ(scores.count("accuracy"), 0u) << "a doubt is no measurement";
}

TEST_F(ObligationsTest, AnOpenDisputeFollowsItsSuccessorAnUpheldOneEndsWithIt) {
  Submit("S-1", {"id-1", "id-2"});
  Disclose(kCouncil, {"S-1"});
  const auto upheld = Doubt("id-1");
  ASSERT_OK(Doubt("id-2"));
  Answer(upheld, "upheld");
  EXPECT_EQ(AccuracyOf("S-1"), 0.0);
  Submit("S-2", {"id-1", "id-2"}, "S-1");
  Submit("S-3", {"id-1", "id-2"}, "S-2");
  const DisputeCounts counts = store::Value(DisputesOf(host_, *store_->Get(SubmissionId("S-3"))));
  EXPECT_EQ(counts.open, 1u);
  EXPECT_EQ(counts.upheld, 0u);
  EXPECT_EQ(AccuracyOf("S-3"), 50.0);
  EXPECT_EQ(AccuracyOf("S-2"), 100.0) << "superseded itself, and nobody doubted it";
}

TEST_F(ObligationsTest, ADisputeNeedsADisclosureThatHoldsTheRecord) {
  Submit("S-1", {"id-1", ""});
  EXPECT_CODE(Doubt("id-1"), absl::StatusCode::kPermissionDenied);
  Disclose(PartnerId("health-body"), {"S-1"});
  EXPECT_CODE(Doubt("id-1"), absl::StatusCode::kPermissionDenied);
  Disclose(kCouncil, {"S-1"}, "");
  const auto hidden = Doubt("id-1");
  EXPECT_CODE(hidden, absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(std::string(MessageOf(hidden.status())), testing::HasSubstr("field crime_id did not leave"));
  Disclose(kCouncil, {"S-1"});
  Disclose(kCouncil, {"S-gone"});
  EXPECT_CODE(Doubt("id-2"), absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(Doubt("id-1", "location"), absl::StatusCode::kInvalidArgument);
  EXPECT_CODE(Doubt("id-1", "lsoa_code", kDrew), absl::StatusCode::kPermissionDenied);
  EXPECT_TRUE(Owed().empty());
  EXPECT_OK(Doubt("id-1"));
  EXPECT_EQ(Owed().front().partner, kConstabulary);
}

TEST_F(ObligationsTest, TheDueListHoldsDataAndObligationsOverdueFirst) {
  const ReceiptId disclosure(Disclose(kConstabulary, {"S-1"}));
  const auto owe = [&](const std::string& receipt, const char* due) {
    ASSERT_OK(OweDeletion(host_, ReceiptId(receipt), kConstabulary, kCrime, ProtocolId("asb-hotspots"),
                          *ParseTime(due)));
  };
  owe("R-1", "2026-12-01T00:00:00Z");
  owe("R-2", "2026-05-01T00:00:00Z");
  const json::Value own = store::Value(DueList(host_, kPat, kConstabulary));
  std::vector<std::string> dues;
  std::set<std::string> kinds;
  for (const json::Value& item : json::Find(own, "owed")->as_array()) {
    dues.push_back(json::TextOr(item, "due", ""));
    kinds.insert(json::TextOr(item, "kind", ""));
    EXPECT_NE(json::TextOr(item, "id", ""), "");
  }
  EXPECT_THAT(kinds, testing::ElementsAre("deletion_certificate", "submission"));
  EXPECT_EQ(dues.front(), "2026-05-01");
  EXPECT_EQ(dues.back(), "2026-12-01");
  EXPECT_TRUE(std::is_sorted(dues.begin(), dues.end()));
  const json::Value others = store::Value(DueList(host_, kSam, kConstabulary));
  EXPECT_EQ(json::Find(others, "owed")->as_array().size(), dues.size() - 2);
  EXPECT_CODE(ListObligations(host_, kSam, {.partner = kConstabulary}), absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace concordat::flows
