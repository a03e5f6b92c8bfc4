// The store as one object: every call goes to the part that owns its noun.

#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

#include "fmt/format.h"
#include "host/base/seal.h"
#include "host/store/sqlite/actions.h"
#include "host/store/sqlite/adapter_records.h"
#include "host/store/sqlite/administration.h"
#include "host/store/sqlite/agreements.h"
#include "host/store/sqlite/assessments.h"
#include "host/store/sqlite/control.h"
#include "host/store/sqlite/control_copy.h"
#include "host/store/sqlite/enrolments.h"
#include "host/store/sqlite/judgements.h"
#include "host/store/sqlite/layout.h"
#include "host/store/sqlite/obligations.h"
#include "host/store/sqlite/receipts.h"
#include "host/store/sqlite/releases.h"
#include "host/store/sqlite/submissions.h"
#include "host/store/store.h"

namespace concordat::store {
namespace {

class SqliteStore : public Store {
 public:
  SqliteStore(Layout layout, FileDescriptor lock, std::unique_ptr<Control> control, std::string key)
      : layout_(std::move(layout)),
        lock_(std::move(lock)),
        control_(std::move(control)),
        keys_(*control_, std::move(key)) {}

  absl::Status Start() {
    RETURN_IF_ERROR(keys_.Check());
    control_->TruncateLog().IgnoreError();  // what an erasure could not, because somebody read
    RETURN_IF_ERROR(submissions_.RemoveStaged());
    return enrolments_.Load();
  }

  absl::StatusOr<std::unique_ptr<AttemptWriter>> Begin(const SubmissionId& id, const DatasetId& dataset,
                                                       std::shared_ptr<const data::Schema> schema) override {
    return submissions_.Begin(id, dataset, std::move(schema));
  }
  absl::Status Publish(const Attempt& attempt) override { return Changed(submissions_.Publish(attempt)); }
  absl::Status Withdraw(const SubmissionId& id, const std::string& reason,
                        const json::Value& receipt) override {
    return Changed(submissions_.Withdraw(id, reason, receipt));
  }
  absl::Status Erase(const SubmissionId& id, const std::string& reason, absl::Time time,
                     const json::Value& receipt, const json::Value& result) override {
    RETURN_IF_ERROR(ForgetUpgrades(layout_.ControlPath()));
    return Changed(submissions_.Erase(id, reason, time, receipt, result));
  }
  absl::StatusOr<std::vector<ErasedRows>> EraseSubject(
      const DatasetId& dataset, const std::optional<PartnerId>& partner, const std::string& field,
      const std::string& value, const std::function<json::Value(const json::Value&)>& scrub) override {
    RETURN_IF_ERROR(ForgetUpgrades(layout_.ControlPath()));
    auto erased = submissions_.EraseSubject(dataset, partner, field, value, scrub);
    ++revision_;  // not before: what is read meanwhile must not pass for what stands afterwards
    return erased;
  }
  std::string KeyedHash(std::string_view text) const override { return submissions_.KeyedHash(text); }
  absl::StatusOr<Attempt> Get(const SubmissionId& id) const override { return submissions_.Get(id); }
  absl::StatusOr<std::optional<Attempt>> Current(const FeedId& feed,
                                                 const std::string& period) const override {
    return submissions_.Current(feed, period);
  }
  absl::StatusOr<std::vector<Attempt>> List(const Filter& filter) const override {
    return submissions_.List(filter);
  }
  absl::StatusOr<std::optional<Attempt>> SameBytes(const FeedId& feed, const std::string& source_digest,
                                                   const std::string& other_than_period) const override {
    return submissions_.SameBytes(feed, source_digest, other_than_period);
  }
  absl::StatusOr<std::string> SourceKey(const SubmissionId& id) const override {
    return submissions_.SourceKey(id);
  }
  absl::StatusOr<std::vector<std::string>> SourceColumns(const SubmissionId& id) const override {
    return submissions_.SourceColumns(id);
  }
  absl::Status VisitQuarantined(
      const SubmissionId& id,
      const std::function<absl::Status(const QuarantinedRecord&)>& visit) const override {
    return submissions_.VisitQuarantined(id, visit);
  }
  absl::Status VisitFindings(
      const SubmissionId& id, const std::string& rule,
      const std::function<absl::Status(const record::Finding&)>& visit) const override {
    return submissions_.VisitFindings(id, rule, visit);
  }
  absl::Status ReadRecords(const DatasetId& dataset, std::shared_ptr<const data::Schema> schema,
                           const std::vector<SubmissionId>& submissions,
                           const std::function<absl::Status(const data::Batch&)>& visit) const override {
    return submissions_.ReadRecords(dataset, std::move(schema), submissions, visit);
  }

  absl::Status Put(const StoredReceipt& receipt) override { return receipts_.Put(receipt); }
  absl::StatusOr<StoredReceipt> GetReceipt(const ReceiptId& id) const override {
    return receipts_.GetReceipt(id);
  }
  absl::StatusOr<std::vector<StoredReceipt>> ListReceipts(const std::optional<PartnerId>& partner,
                                                          size_t limit) const override {
    return receipts_.ListReceipts(partner, limit);
  }
  absl::StatusOr<std::vector<StoredReceipt>> DisclosuresOf(const SubmissionId& submission) const override {
    return receipts_.DisclosuresOf(submission);
  }
  absl::StatusOr<std::vector<StoredReceipt>> FindReceipts(const ReceiptFilter& filter) const override {
    return receipts_.FindReceipts(filter);
  }
  absl::StatusOr<std::vector<ReceiptSum>> SumReceipts(const ReceiptFilter& filter) const override {
    return receipts_.SumReceipts(filter);
  }

  absl::Status Enrol(const Enrolment& enrolment) override { return enrolments_.Enrol(enrolment); }
  absl::Status Revoke(const std::string& fingerprint) override { return enrolments_.Revoke(fingerprint); }
  absl::StatusOr<Enrolment> FindEnrolment(const std::string& fingerprint) const override {
    return enrolments_.FindEnrolment(fingerprint);
  }
  absl::StatusOr<std::vector<Enrolment>> ListEnrolments() const override {
    return enrolments_.ListEnrolments();
  }

  absl::Status AddSignature(const ProtocolSignature& signature) override {
    return Changed(agreements_.AddSignature(signature));
  }
  absl::Status RevokeSignature(const ProtocolId& protocol, const std::string& version,
                               const PartnerId& partner, absl::Time time, const std::string& reason,
                               const std::string& signature) override {
    return Changed(agreements_.RevokeSignature(protocol, version, partner, time, reason, signature));
  }
  absl::Status AddRejection(const ProtocolRejection& rejection) override {
    return Changed(agreements_.AddRejection(rejection));
  }
  absl::StatusOr<std::vector<ProtocolRejection>> Rejections(const ProtocolId& protocol) const override {
    return agreements_.Rejections(protocol);
  }
  absl::Status KeepSignedDocument(const std::string& digest, const std::string& canonical) override {
    return agreements_.KeepSignedDocument(digest, canonical);
  }
  absl::StatusOr<std::string> SignedDocument(const std::string& digest) const override {
    return agreements_.SignedDocument(digest);
  }
  absl::StatusOr<std::vector<ProtocolSignature>> Signatures(const ProtocolId& protocol) const override {
    return agreements_.Signatures(protocol);
  }
  absl::StatusOr<std::pair<std::string, std::string>> PseudonymKey(const ProtocolId& protocol) override {
    return agreements_.PseudonymKey(protocol);
  }

  absl::Status OpenCycle(const AssessmentCycle& cycle) override { return assessments_.OpenCycle(cycle); }
  absl::StatusOr<std::vector<AssessmentCycle>> ListCycles(const std::string& template_id) const override {
    return assessments_.ListCycles(template_id);
  }
  absl::Status StartAssessment(const Assessment& assessment,
                               const std::vector<AssessmentEvent>& events) override {
    return assessments_.StartAssessment(assessment, events);
  }
  absl::StatusOr<Assessment> GetAssessment(const std::string& id) const override {
    return assessments_.GetAssessment(id);
  }
  absl::StatusOr<std::vector<Assessment>> ListAssessments(
      const std::optional<PartnerId>& partner) const override {
    return assessments_.ListAssessments(partner);
  }
  absl::Status AddAssessmentEvents(const std::string& id, const std::vector<AssessmentEvent>& events,
                                   const AssessmentStep& step) override {
    absl::Status status = assessments_.AddAssessmentEvents(id, events, step);
    // A ruling may ask for a level that was handed in, not for answers.
    return step.to.empty() && !step.frozen ? status : Changed(std::move(status));
  }
  absl::StatusOr<std::vector<AssessmentEvent>> AssessmentEvents(const std::string& id) const override {
    return assessments_.AssessmentEvents(id);
  }

  absl::Status AddAction(const ImprovementAction& action) override { return actions_.AddAction(action); }
  absl::StatusOr<ImprovementAction> GetAction(const std::string& id) const override {
    return actions_.GetAction(id);
  }
  absl::StatusOr<std::vector<ImprovementAction>> ListActions(const ActionFilter& filter) const override {
    return actions_.ListActions(filter);
  }
  absl::Status ChangeAction(const ImprovementAction& action, const ActionRevision& revision) override {
    return actions_.ChangeAction(action, revision);
  }
  absl::StatusOr<std::vector<ActionRevision>> ActionRevisions(const std::string& id) const override {
    return actions_.ActionRevisions(id);
  }

  absl::Status AddObligations(const std::vector<Obligation>& obligations) override {
    return Changed(obligations_.AddObligations(obligations));
  }
  absl::StatusOr<Obligation> GetObligation(const std::string& id) const override {
    return obligations_.GetObligation(id);
  }
  absl::StatusOr<std::vector<Obligation>> ListObligations(const ObligationFilter& filter) const override {
    return obligations_.ListObligations(filter);
  }
  absl::Status CloseObligation(const std::string& id, const ObligationClosing& closing) override {
    return Changed(obligations_.CloseObligation(id, closing));
  }

  absl::Status RememberRelease(const RememberedRelease& release) override {
    return releases_.RememberRelease(release);
  }
  absl::StatusOr<std::vector<RememberedRelease>> Releases(const PartnerId& recipient,
                                                          const DatasetId& dataset, const std::string& table,
                                                          absl::Time since) const override {
    return releases_.Releases(recipient, dataset, table, since);
  }
  absl::Status BeginTransfer(const OpenTransfer& transfer) override {
    return releases_.BeginTransfer(transfer);
  }
  absl::Status EndTransfer(const std::string& receipt) override { return releases_.EndTransfer(receipt); }
  absl::StatusOr<std::vector<OpenTransfer>> OpenTransfers() const override {
    return releases_.OpenTransfers();
  }

  absl::Status AddAcceptance(const Acceptance& acceptance) override {
    return judgements_.AddAcceptance(acceptance);
  }
  absl::StatusOr<std::vector<Acceptance>> Acceptances(const JudgementFilter& filter) const override {
    return judgements_.Acceptances(filter);
  }
  absl::Status AddSignOff(const SignOff& sign_off) override {
    return Changed(judgements_.AddSignOff(sign_off));
  }
  absl::StatusOr<std::vector<SignOff>> SignOffs(const JudgementFilter& filter) const override {
    return judgements_.SignOffs(filter);
  }
  absl::StatusOr<std::optional<SignOff>> StandingSignOff(const FeedId& feed,
                                                         const std::string& period) const override {
    return judgements_.StandingSignOff(feed, period);
  }

  absl::Status AddAdapterDecision(const AdapterDecision& decision) override {
    return adapters_.AddAdapterDecision(decision);
  }
  absl::StatusOr<std::vector<AdapterDecision>> AdapterDecisions() const override {
    return adapters_.AdapterDecisions();
  }
  absl::StatusOr<uint64_t> AddAdapterFailure(const AdapterFailureRecord& failure, bool grave) override {
    return adapters_.AddAdapterFailure(failure, grave);
  }
  absl::Status EndAdapterFailures(const std::string& adapter, const std::string& version,
                                  const FeedId& feed) override {
    return adapters_.EndAdapterFailures(adapter, version, feed);
  }
  absl::StatusOr<std::vector<AdapterTally>> AdapterTallies() const override {
    return adapters_.AdapterTallies();
  }
  absl::StatusOr<std::vector<AdapterFailureRecord>> AdapterFailures(const std::string& adapter,
                                                                    size_t limit) const override {
    return adapters_.AdapterFailures(adapter, limit);
  }

  uint64_t Revision() const override { return revision_.load(); }
  AdministrationStore& administration() { return administration_; }

 private:
  // Even a failed write may have changed something.
  absl::Status Changed(absl::Status status) {
    ++revision_;
    return status;
  }

  std::atomic<uint64_t> revision_{1};
  const Layout layout_;
  const FileDescriptor lock_;  // released last
  const std::unique_ptr<Control> control_;
  KeyRing keys_;
  SqliteSubmissions submissions_{layout_, *control_, keys_};
  SqliteReceipts receipts_{*control_};
  SqliteEnrolments enrolments_{*control_};
  SqliteAgreements agreements_{*control_, keys_};
  SqliteAssessments assessments_{*control_};
  SqliteActions actions_{*control_};
  SqliteObligations obligations_{*control_};
  SqliteReleases releases_{*control_};
  SqliteJudgements judgements_{*control_};
  SqliteAdapterRecords adapters_{*control_};
  SqliteAdministration administration_{*control_, layout_.ControlPath()};
};

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(const std::string& folder, const std::string& key) {
  if (key.size() != kSealKeyBytes)
    return absl::InvalidArgumentError(fmt::format("a store key has {} bytes", kSealKeyBytes));
  // Counting every allocation takes a lock that all connections share; it can only be turned off before
  // SQLite starts.
  static std::once_flag configured;
  std::call_once(configured, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });

  Layout layout(folder);
  RETURN_IF_ERROR(layout.MakeAll());
  ASSIGN_OR_RETURN(FileDescriptor lock, layout.Lock());
  ASSIGN_OR_RETURN(std::unique_ptr<Control> control, Control::Open(layout.ControlPath()));
  auto store = std::make_unique<SqliteStore>(std::move(layout), std::move(lock), std::move(control), key);
  RETURN_IF_ERROR(store->Start());
  return store;
}

AdministrationStore& AdministrationOf(Store& store) {
  return static_cast<SqliteStore&>(store).administration();
}

bool HasWrappedKeys(const std::string& folder) {
  const std::string path = Layout(folder).ControlPath();
  if (access(path.c_str(), F_OK) != 0) return false;
  const auto control = Connection::Open(path, Connection::Mode::kReader);
  if (!control.ok()) return false;
  const auto keys = (*control)->ReadInteger("SELECT count(*) FROM key_check");
  return keys.ok() && *keys > 0;  // a store from before has no such table
}

}  // namespace concordat::store
