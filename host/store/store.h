// The shared store: submissions and their records, receipts, signatures, enrolments, assessments,
// obligations.
// Small interfaces by noun; sqlite/ implements them, postgres/ later; tests/contracts holds one suite for
// all. All of it is thread-safe unless said otherwise. Errors: Unavailable (busy, disk), DataLoss (corrupt),
// NotFound.
#pragma once

#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "host/base/ids.h"
#include "host/base/json.h"
#include "host/base/status.h"
#include "host/data/batch.h"
#include "host/data/raw_batch.h"
#include "host/data/row_set.h"
#include "host/record/finding.h"
#include "host/record/scorecard.h"
#include "host/store/adapter_store.h"

namespace concordat::store {

/// Days since 1970-01-01, both inclusive.
struct DaySpan {
  int64_t from = 0;
  int64_t to = 0;
};

/// One delivery, accepted or not: everything about it but its rows.
struct Attempt {
  SubmissionId id;
  FeedId feed;
  PartnerId partner;
  DatasetId dataset;
  std::string period;
  std::optional<DaySpan>
      days;        // of the period, at most a year of them; what an earlier version stored has none
  int number = 1;  // of this feed and period
  record::Verdict verdict = record::Verdict::kReject;
  std::string state;       // current | superseded | withdrawn | rejected | erased
  std::string supersedes;  // submission id or empty
  std::string reason;      // given with --reason
  std::string submitter;   // SPIFFE ID
  absl::Time received;
  std::optional<absl::Time> due;
  std::string source_name;
  uint64_t source_bytes = 0;
  std::string source_digest;  // "sha256:..." of the bytes (of root source and corrections for a mended one)
  std::string policy_digest;
  std::string contract_digest;
  std::string mends;        // the attempt it mends, or empty
  std::string root_source;  // attempt id whose source bytes it is read from (itself unless mended)
  std::string corrections;  // JSON of the accumulated corrections; empty when there are none
  json::Value result;       // the JSON of the submission (interfaces.md) without `timing`
  json::Value receipt;      // the JSON of the receipt
  uint64_t accepted = 0;
  uint64_t total = 0;
  std::string withdrawn_reason;    // filled by the store once it is withdrawn
  json::Value withdrawal_receipt;  // null until then
  std::string erased_reason;       // filled by the store once it is erased
  json::Value erasure_receipt;     // null until then
};

/// A held-back or unreadable record, ready to mend.
struct QuarantinedRecord {
  uint64_t record = 0;
  uint64_t line = 0;
  bool unreadable = false;
  std::string raw;                 // text of an unreadable record
  std::vector<std::string> cells;  // of a readable one, by the attempt's source columns
  std::string reasons;             // "lsoa_code_format: ...; crime_id_unique: ..."
};

/// Writes the rows of one attempt: nothing is visible before Store::Publish. One thread at a time, any number
/// of writers at once, none of which waits for another; must not outlive the store. Destroyed without Seal,
/// everything staged goes away (after a crash, or sealed and never published: at the next start). After an
/// error only destroying it makes sense.
class AttemptWriter {
 public:
  virtual ~AttemptWriter() = default;
  /// Rows of `batch` with keep[row] set, into the dataset's typed table.
  virtual absl::Status AppendAccepted(const data::Batch& batch, const data::RowSet& keep) = 0;
  virtual absl::Status AppendQuarantined(const QuarantinedRecord& record) = 0;
  /// Every failure; bounded memory. Any order is right, record order is quickest.
  virtual absl::Status AppendFinding(const record::Finding& finding) = 0;
  /// Forgets accepted and quarantined rows (a rejection), keeps findings; AppendQuarantined may follow.
  virtual absl::Status DropRows() = 0;
  /// The key under which the attempt's source bytes are kept; stored sealed. FailedPrecondition when nothing
  /// of the schema is confidential.
  virtual absl::Status PutSourceKey(const std::string& key) = 0;
  /// Makes all of it durable, still invisible.
  virtual absl::Status Seal(const std::vector<std::string>& source_columns) = 0;
};

class SubmissionStore {
 public:
  virtual ~SubmissionStore() = default;
  virtual absl::StatusOr<std::unique_ptr<AttemptWriter>> Begin(
      const SubmissionId& id, const DatasetId& dataset, std::shared_ptr<const data::Schema> schema) = 0;
  /// One transaction: the attempt appears; if it is accepted it becomes current, and the current one of its
  /// feed and period superseded (`attempt.state` is not read). Aborted when another attempt became current
  /// since `attempt.supersedes` was read, or took its number: read anew and try again. FailedPrecondition
  /// when an accepted one was not sealed (a rejected one may come without any rows), or the period is signed
  /// off. Durable when it returns.
  virtual absl::Status Publish(const Attempt& attempt) = 0;
  /// A current submission leaves the current ones and none takes its place; its rows stay retrievable.
  /// FailedPrecondition when it is not current, or its period is signed off.
  virtual absl::Status Withdraw(const SubmissionId& id, const std::string& reason,
                                const json::Value& receipt) = 0;

  /// Rows, quarantine, findings and corrections go, and the key that opens what copies of them there are;
  /// what was decided stays, as state `erased`; `result` takes the place of its result. A current one leaves
  /// the current ones. Durable when it returns. FailedPrecondition when it is erased already.
  virtual absl::Status Erase(const SubmissionId& id, const std::string& reason, absl::Time time,
                             const json::Value& receipt, const json::Value& result) = 0;
  /// What EraseSubject took away from one attempt.
  struct ErasedRows {
    SubmissionId id;
    SubmissionId root_source;  // whose kept source holds them
    uint64_t accepted = 0;
    uint64_t quarantined = 0;
    uint64_t findings = 0;
  };
  /// Every accepted row of the dataset whose `field` is `value`, and every held-back record and finding in
  /// which the value stands, goes: the files are written anew under new keys, the old keys are destroyed.
  /// Attempts that held nothing of it stay as they are and are not named. Corrections of the
  /// others go, and `scrub` makes their results anew. With `partner` only its submissions are looked at.
  virtual absl::StatusOr<std::vector<ErasedRows>> EraseSubject(
      const DatasetId& dataset, const std::optional<PartnerId>& partner, const std::string& field,
      const std::string& value, const std::function<json::Value(const json::Value& result)>& scrub) = 0;
  /// Of a value that must be told again and not guessed: HMAC-SHA-256 under the host's key, as hexadecimal.
  virtual std::string KeyedHash(std::string_view text) const = 0;

  virtual absl::StatusOr<Attempt> Get(const SubmissionId& id) const = 0;
  virtual absl::StatusOr<std::optional<Attempt>> Current(const FeedId& feed,
                                                         const std::string& period) const = 0;
  struct Filter {
    std::optional<PartnerId> partner;
    std::optional<FeedId> feed;
    std::optional<std::string> period;
    std::optional<DatasetId> dataset;
    std::optional<DaySpan>
        touching;  // with `feed`: periods that share a day with it, or whose days are unknown
    bool current_only = false;
    bool brief = false;  // without corrections, result and receipts, which cost most of the reading
    size_t limit = std::numeric_limits<int32_t>::max();  // at most so many, the newest
  };
  /// Newest first.
  virtual absl::StatusOr<std::vector<Attempt>> List(const Filter& filter) const = 0;
  /// The newest accepted submission, in any state, of another period of the feed with these source bytes.
  virtual absl::StatusOr<std::optional<Attempt>> SameBytes(const FeedId& feed,
                                                           const std::string& source_digest,
                                                           const std::string& other_than_period) const = 0;

  /// As AttemptWriter::PutSourceKey had it; empty when there is none, or the attempt was erased.
  virtual absl::StatusOr<std::string> SourceKey(const SubmissionId& id) const = 0;
  virtual absl::StatusOr<std::vector<std::string>> SourceColumns(const SubmissionId& id) const = 0;
  /// In record order; stops early when `visit` fails, with its status. `visit` may call the store.
  virtual absl::Status VisitQuarantined(
      const SubmissionId& id, const std::function<absl::Status(const QuarantinedRecord&)>& visit) const = 0;
  virtual absl::Status VisitFindings(
      const SubmissionId& id, const std::string& rule,  // empty: all rules
      const std::function<absl::Status(const record::Finding&)>& visit) const = 0;
  /// Accepted rows of these submissions, in any state, oldest submission first whatever the order given, as
  /// batches of at most 8192 rows of one submission. `schema` may name fewer fields than were stored, or
  /// others (missing then): only what it names is read. Missing cells come back empty, numbers in their
  /// canonical text, all else as it was accepted.
  virtual absl::Status ReadRecords(const DatasetId& dataset, std::shared_ptr<const data::Schema> schema,
                                   const std::vector<SubmissionId>& submissions,
                                   const std::function<absl::Status(const data::Batch&)>& visit) const = 0;
};

/// Receipts in log order, for `audit list` and proofs.
struct StoredReceipt {
  uint64_t leaf_index = 0;
  std::string id;
  std::string kind;     // submission | disclosure | refusal
  std::string partner;  // who it was given to
  std::string subject;  // one line for people
  absl::Time time;
  json::Value receipt;
};

/// Which receipts; what is left empty does not narrow them.
struct ReceiptFilter {
  std::optional<PartnerId> given_to;  // whose receipts they are
  std::optional<PartnerId> given_by;  // whose data they are about
  std::optional<PartnerId> seen_by;   // one of the two
  DatasetId dataset;
  std::string field;  // that was released
  ProtocolId protocol;
  std::string purpose;
  std::string kind;                 // submission | disclosure | refusal
  std::optional<absl::Time> from;   // inclusive
  std::optional<absl::Time> until;  // exclusive
  std::optional<std::vector<std::string>> ids;
  size_t limit = std::numeric_limits<int32_t>::max();  // at most so many, the newest
};

/// Receipts that are alike, counted.
struct ReceiptSum {
  std::string kind;
  std::string partner;  // who they were given to
  std::vector<std::string> givers;
  std::string dataset;
  std::string protocol;
  std::string purpose;
  std::string decision;
  uint64_t receipts = 0;
  uint64_t rows = 0;  // released, or accepted
};

class ReceiptStore {
 public:
  virtual ~ReceiptStore() = default;
  /// Durable when it returns. The same receipt again is fine; AlreadyExists for other content under its id or
  /// leaf.
  virtual absl::Status Put(const StoredReceipt& receipt) = 0;
  virtual absl::StatusOr<StoredReceipt> GetReceipt(const ReceiptId& id) const = 0;
  /// The newest `limit` of them, in log order.
  virtual absl::StatusOr<std::vector<StoredReceipt>> ListReceipts(const std::optional<PartnerId>& partner,
                                                                  size_t limit) const = 0;
  /// Disclosures whose receipts name this submission in `subject.submissions`, in log order.
  virtual absl::StatusOr<std::vector<StoredReceipt>> DisclosuresOf(const SubmissionId& submission) const = 0;
  /// Newest first, through indexes over what Put read in the receipt: `subject` (dataset, fields, givers,
  /// protocol, purpose), `decision` and `records`. The givers of a receipt without that member are the
  /// suppliers of its submissions.
  virtual absl::StatusOr<std::vector<StoredReceipt>> FindReceipts(const ReceiptFilter& filter) const = 0;
  /// The same receipts in groups, by dataset, partner and the rest; `limit` and `ids` do not count.
  virtual absl::StatusOr<std::vector<ReceiptSum>> SumReceipts(const ReceiptFilter& filter) const = 0;
};

/// A certificate that may speak for a partner.
struct Enrolment {
  std::string fingerprint;  // "sha256:..." over the DER certificate
  std::string spiffe_id;
  PartnerId partner;  // empty for an administrator of the host
  std::string role;
  std::string name;
  std::string certificate;  // PEM
  absl::Time enrolled;
  bool revoked = false;
};

class EnrolmentStore {
 public:
  virtual ~EnrolmentStore() = default;
  /// AlreadyExists when the certificate is enrolled or was: a revoked one never comes back.
  virtual absl::Status Enrol(const Enrolment& enrolment) = 0;
  /// In force for the next FindEnrolment. NotFound when it is not enrolled.
  virtual absl::Status Revoke(const std::string& fingerprint) = 0;
  /// NotFound when the fingerprint is not enrolled; a revoked one is found, marked so. Asked on every call,
  /// so it must be quick.
  virtual absl::StatusOr<Enrolment> FindEnrolment(const std::string& fingerprint) const = 0;
  virtual absl::StatusOr<std::vector<Enrolment>> ListEnrolments() const = 0;
};

/// A party's signature on a protocol's digest; the meaning is sharing/'s.
struct ProtocolSignature {
  ProtocolId protocol;
  std::string version;
  std::string digest;
  PartnerId partner;
  std::string signer;
  std::string name;
  std::string post;
  std::string authority;
  absl::Time time;
  std::string signature;
  std::string certificate;
  bool revoked = false;
  std::optional<absl::Time> revoked_at;
  std::string revoked_reason;
  std::string contracts;             // JSON: the contracts as they stood when it was given; may be empty
  std::string revocation_signature;  // raw, by the delegate who revoked; empty until then
};

/// A party's no to a version of a protocol.
struct ProtocolRejection {
  ProtocolId protocol;
  std::string version;
  std::string digest;
  PartnerId partner;
  std::string signer;
  std::string reason;
  absl::Time time;
  std::string signature;    // raw
  std::string certificate;  // PEM
};

class AgreementStore {
 public:
  virtual ~AgreementStore() = default;
  /// AlreadyExists when the same signer's signature for the same digest is in force.
  virtual absl::Status AddSignature(const ProtocolSignature& signature) = 0;
  /// All signatures of the partner on this version. NotFound when none is in force.
  virtual absl::Status RevokeSignature(const ProtocolId& protocol, const std::string& version,
                                       const PartnerId& partner, absl::Time time, const std::string& reason,
                                       const std::string& signature = "") = 0;
  virtual absl::Status AddRejection(const ProtocolRejection& rejection) = 0;
  /// Oldest first.
  virtual absl::StatusOr<std::vector<ProtocolRejection>> Rejections(const ProtocolId& protocol) const = 0;
  /// What was signed under a digest, kept for good; the same again is fine.
  virtual absl::Status KeepSignedDocument(const std::string& digest, const std::string& canonical) = 0;
  virtual absl::StatusOr<std::string> SignedDocument(const std::string& digest) const = 0;  // NotFound
  /// Oldest first, revoked ones too.
  virtual absl::StatusOr<std::vector<ProtocolSignature>> Signatures(const ProtocolId& protocol) const = 0;
  /// The protocol's pseudonym key, made at the first call: {key id, 32 bytes}.
  virtual absl::StatusOr<std::pair<std::string, std::string>> PseudonymKey(const ProtocolId& protocol) = 0;
};

/// The figures that a release of aggregates held, remembered so that later ones can be compared with them.
struct RememberedRelease {
  std::string receipt;  // of the disclosure
  PartnerId recipient;
  DatasetId dataset;
  std::string table;  // which figures: releases of the same table have the same text here
  absl::Time time;
  std::string sealed;  // the counts; only the caller can open them
};

/// A transfer whose first row may have left and whose end is not on record yet.
struct OpenTransfer {
  std::string receipt;  // that it began
  json::Value draft;    // what its last receipt will say, as far as it is known
};

class ReleaseStore {
 public:
  virtual ~ReleaseStore() = default;
  virtual absl::Status RememberRelease(const RememberedRelease& release) = 0;
  /// Oldest first, those since `since`.
  virtual absl::StatusOr<std::vector<RememberedRelease>> Releases(const PartnerId& recipient,
                                                                  const DatasetId& dataset,
                                                                  const std::string& table,
                                                                  absl::Time since) const = 0;
  /// Durable when it returns: before that no row may leave.
  virtual absl::Status BeginTransfer(const OpenTransfer& transfer) = 0;
  virtual absl::Status EndTransfer(const std::string& receipt) = 0;
  virtual absl::StatusOr<std::vector<OpenTransfer>> OpenTransfers() const = 0;
};

/// A round of self-assessments, opened by the administrator for chosen partners or groups.
struct AssessmentCycle {
  std::string template_id;
  std::string cycle;  // "2026/27"; one for a template and name
  std::string template_version;
  std::string template_digest;
  std::string template_text;  // the whole template: who begins late answers the same questions
  std::string subject;        // the outcome that several groups rate; may be empty
  std::vector<PartnerId> partners;
  std::map<std::string, PartnerId> groups;  // group -> the partner whose stewards write for it; may be empty
  absl::Time opens;
  absl::Time due;
  std::string opened_by;
  absl::Time opened;
};

/// One partner's (or group's) self-assessment in one cycle.
struct Assessment {
  std::string id;  // "A-" and 16 hexadecimal digits
  std::string template_id;
  std::string template_version;
  std::string template_digest;
  std::string template_text;  // the whole template as it was then: a new version changes no earlier result
  PartnerId partner;
  std::string group;  // empty: the partner's own
  std::string cycle;  // "2026/27"
  std::string state;  // open | submitted | signed_off | moderated | published
  std::string started_by;
  absl::Time started;
  std::optional<absl::Time> submitted;
  json::Value frozen;  // since submission: claims, evidence and gaps as they stood; null while it is open
};

/// Something that somebody did to an assessment: the only way in which it changes. Nothing is overwritten:
/// what stands is the fold of all of them.
struct AssessmentEvent {
  uint64_t sequence = 0;  // given by the store
  std::string kind;       // answer, comment, assign, evidence, withdraw_evidence, carry_over, submit, return,
                          // sign_off, moderate, publish
  std::string item;       // empty: the whole
  std::string by;         // SPIFFE ID
  absl::Time at;
  json::Value body;  // by kind: flows/assessment_events.h
};

class AssessmentStore {
 public:
  virtual ~AssessmentStore() = default;
  virtual absl::Status OpenCycle(const AssessmentCycle& cycle) = 0;  // AlreadyExists for template and cycle
  /// Newest first; empty template: of all.
  virtual absl::StatusOr<std::vector<AssessmentCycle>> ListCycles(const std::string& template_id) const = 0;

  /// With its first events, all or nothing. AlreadyExists for partner, template, cycle and group.
  virtual absl::Status StartAssessment(const Assessment& assessment,
                                       const std::vector<AssessmentEvent>& events = {}) = 0;
  virtual absl::StatusOr<Assessment> GetAssessment(const std::string& id) const = 0;
  /// Oldest first.
  virtual absl::StatusOr<std::vector<Assessment>> ListAssessments(
      const std::optional<PartnerId>& partner) const = 0;

  /// What an event may change beside being added; what is left out stays.
  struct AssessmentStep {
    std::string from;  // the state it must be in: FailedPrecondition otherwise
    std::string to;    // empty: the same
    std::optional<json::Value> frozen;
    std::optional<absl::Time> submitted;
  };
  /// All events or none, and the step with them; durable when it returns. `sequence` is not read. Back to
  /// `open` clears `submitted`, and `frozen` unless it is given. NotFound.
  virtual absl::Status AddAssessmentEvents(const std::string& id, const std::vector<AssessmentEvent>& events,
                                           const AssessmentStep& step) = 0;
  /// In order.
  virtual absl::StatusOr<std::vector<AssessmentEvent>> AssessmentEvents(const std::string& id) const = 0;
};

/// What is to be done about a gap.
struct ImprovementAction {
  std::string id;          // "ACT-" and 16 hexadecimal digits
  std::string assessment;  // the one that showed the gap
  PartnerId partner;
  std::string template_id;
  std::string cycle;
  std::string item;
  std::string title;
  std::string owner;     // a person or post
  std::string resource;  // money, days, systems; may be empty
  absl::Time due;
  std::string state;  // open | closed | cancelled
  std::string created_by;
  absl::Time created;
  std::optional<absl::Time> closed_at;
  std::string closed_by;
  std::string evidence;         // of its closing, or why it was cancelled
  std::string evidence_digest;  // "sha256:..." or empty
};

/// One change of an action, kept for good.
struct ActionRevision {
  std::string action;
  std::string by;
  absl::Time at;
  std::string reason;
  json::Value before;  // the members that changed
  json::Value after;
};

class ActionStore {
 public:
  virtual ~ActionStore() = default;
  virtual absl::Status AddAction(const ImprovementAction& action) = 0;
  virtual absl::StatusOr<ImprovementAction> GetAction(const std::string& id) const = 0;
  struct ActionFilter {
    std::optional<PartnerId> partner;
    std::string assessment;  // empty: all; so are the next ones
    std::string state;
  };
  /// Earliest due first.
  virtual absl::StatusOr<std::vector<ImprovementAction>> ListActions(const ActionFilter& filter) const = 0;
  /// Owner, due, title, resource, state and closing take the place of what stood; the revision is added.
  /// NotFound; FailedPrecondition when it is no longer open.
  virtual absl::Status ChangeAction(const ImprovementAction& action, const ActionRevision& revision) = 0;
  /// Oldest first.
  virtual absl::StatusOr<std::vector<ActionRevision>> ActionRevisions(const std::string& id) const = 0;
};

/// Something owed after a release: a deletion certificate, the review of an emergency, a correction to
/// follow, a doubt to answer. `reason`, `label` and `evidence` may hold personal data: the flow seals them
/// (flows/obligation_secret.h), the store keeps bytes.
struct Obligation {
  std::string id;      // "O-" and 16 hexadecimal digits
  std::string kind;    // deletion_certificate | emergency_review | rectification | dispute
  PartnerId partner;   // who owes it
  std::string role;    // who of them it is meant for: steward | delegate; a hint
  PartnerId asked_by;  // on whose account: the supplier of a correction, the recipient that doubts
  std::string asker;   // SPIFFE ID of whoever caused it; empty: the host
  DatasetId dataset;
  ProtocolId protocol;
  std::string disclosure;    // receipt id of the release, or empty
  std::string submission;    // the one that corrects, or that holds the doubted record, or empty
  std::string record_token;  // keyed token of the record's key, or empty
  std::string field;         // of a dispute
  std::string label;         // the record's key as the one who owes knows it
  std::string reason;
  absl::Time created;
  absl::Time due;
  std::string state = "open";  // open | closed
  std::optional<absl::Time> closed_at;
  std::string closed_by;        // SPIFFE ID
  std::string evidence;         // what was done
  std::string evidence_digest;  // "sha256:..." of a file that proves it, or empty
  std::string outcome;          // of a dispute: upheld | rejected
  std::vector<std::string> receipts;
};

class ObligationStore {
 public:
  virtual ~ObligationStore() = default;
  /// All of them or none. AlreadyExists for an id that is taken.
  virtual absl::Status AddObligations(const std::vector<Obligation>& obligations) = 0;
  virtual absl::StatusOr<Obligation> GetObligation(const std::string& id) const = 0;
  struct ObligationFilter {
    std::optional<PartnerId> partner;   // who owes
    std::optional<PartnerId> asked_by;  // on whose account
    std::optional<DatasetId> dataset;
    std::string kind;        // empty: all; so are the next ones
    std::string state;       // open | closed
    std::string disclosure;  // receipt id
    std::string submission;
  };
  /// Earliest due first; of one due time the oldest first.
  virtual absl::StatusOr<std::vector<Obligation>> ListObligations(const ObligationFilter& filter) const = 0;
  struct ObligationClosing {
    absl::Time time;
    std::string by;
    std::string evidence;
    std::string evidence_digest;
    std::string outcome;
    std::string receipt;  // added to `receipts`
  };
  /// FailedPrecondition when it is closed already, NotFound when there is none.
  virtual absl::Status CloseObligation(const std::string& id, const ObligationClosing& closing) = 0;
};

/// A warning of one submission that a second person found right but explainable. It changes no score and no
/// ruling.
struct Acceptance {
  SubmissionId submission;
  FeedId feed;  // this and the next three: as the submission has them
  PartnerId partner;
  DatasetId dataset;
  std::string period;
  std::string rule;
  std::string reason;
  std::string by;  // SPIFFE ID
  absl::Time at;
  std::string until;  // "2027-03-31": the last day (UTC) on which it counts
  json::Value receipt;
};

/// A period's data are signed off, or opened again: one step of its history.
struct SignOff {
  SubmissionId submission;  // the current one when it was signed off
  FeedId feed;
  PartnerId partner;
  DatasetId dataset;
  std::string period;
  bool reopened = false;  // else signed off
  std::string assurance;  // external_audit | internal_audit | random_checks | periodic_checks | no_checks;
                          // empty: reopened
  std::string comment;    // of the one who signed off; why it was reopened
  std::string by;         // SPIFFE ID
  absl::Time at;
  json::Value receipt;
};

/// What people said about data beside what rules said. Nothing is overwritten. A period that is signed off is
/// locked: Publish and Withdraw answer FailedPrecondition until it is reopened; erasing goes on.
class JudgementStore {
 public:
  virtual ~JudgementStore() = default;
  /// What is left out does not narrow.
  struct JudgementFilter {
    std::optional<SubmissionId> submission;
    std::optional<FeedId> feed;
    std::optional<PartnerId> partner;
    std::optional<DatasetId> dataset;
    std::optional<std::string> period;
  };
  /// Of one submission and rule the newest counts. NotFound when there is no such submission.
  virtual absl::Status AddAcceptance(const Acceptance& acceptance) = 0;
  /// Oldest first, replaced and expired ones too.
  virtual absl::StatusOr<std::vector<Acceptance>> Acceptances(const JudgementFilter& filter) const = 0;
  /// Locks (or with `reopened` opens) the feed's period, durable when it returns. FailedPrecondition when the
  /// submission is not the current one or the period is signed off already; to reopen: when it is not signed
  /// off, or with another submission.
  virtual absl::Status AddSignOff(const SignOff& sign_off) = 0;
  /// Oldest first, reopenings too.
  virtual absl::StatusOr<std::vector<SignOff>> SignOffs(const JudgementFilter& filter) const = 0;
  /// What locks the feed's period now.
  virtual absl::StatusOr<std::optional<SignOff>> StandingSignOff(const FeedId& feed,
                                                                 const std::string& period) const = 0;
};

class Store : public SubmissionStore,
              public ReceiptStore,
              public EnrolmentStore,
              public AgreementStore,
              public AssessmentStore,
              public ActionStore,
              public ObligationStore,
              public ReleaseStore,
              public JudgementStore,
              public AdapterStore {
 public:
  /// Grows whenever something changes that a ruling may depend on: submissions, signatures, obligations. For
  /// caches; of this process only.
  virtual uint64_t Revision() const = 0;
};

/// Opens or creates the SQLite store below `folder`: control.db (everything but rows) and
/// datasets/<dataset>/<attempt>.db (typed tables; why one file an attempt: README.md). Removes what a crash
/// left staged. FailedPrecondition when the folder belongs to a newer version, Unavailable when another
/// process has it open.
///
/// `key` (32 bytes, kept apart from the folder) wraps the keys under which columns classified confidential or
/// above, and all else that may hold their values, are sealed. FailedPrecondition when it is not the one that
/// the store was sealed with.
absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(const std::string& folder, const std::string& key);
/// Whether the store below `folder` has keys wrapped already; false when there is none. Opens nothing.
bool HasWrappedKeys(const std::string& folder);

}  // namespace concordat::store
