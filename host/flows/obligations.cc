#include "host/flows/obligations.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/base/digest_text.h"
#include "host/base/utf8.h"
#include "host/flows/obligation_secret.h"
#include "host/flows/receipts.h"
#include "host/flows/text_array.h"

namespace concordat::flows {
namespace {

constexpr absl::Duration kEmergencyReview = absl::Hours(72);

constexpr size_t kMostBytes = 4000;

// U+0080 to U+009F: two bytes, 0xC2 and 0x80 to 0x9F.
bool HasC1(std::string_view text) {
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    const auto second = static_cast<unsigned char>(text[i + 1]);
    if (static_cast<unsigned char>(text[i]) == 0xc2 && second >= 0x80 && second <= 0x9f) return true;
  }
  return false;
}

absl::StatusOr<bool> IsOwed(const HostParts& host, const std::string& kind, const ReceiptId& receipt) {
  ASSIGN_OR_RETURN(const std::vector<store::Obligation> known,
                   host.store->ListObligations({.kind = kind, .disclosure = receipt.str()}));
  return !known.empty();
}

// What the emergency was about; a receipt that is not filed yet leaves both empty.
void NameSubject(const HostParts& host, const ReceiptId& receipt, store::Obligation& obligation) {
  const absl::StatusOr<store::StoredReceipt> stored = host.store->GetReceipt(receipt);
  if (!stored.ok()) return;
  const json::Value* const subject = json::Find(stored->receipt, "subject");
  if (subject == nullptr) return;
  obligation.dataset = DatasetId(json::TextOr(*subject, "dataset", ""));
  obligation.protocol = ProtocolId(json::TextOr(*subject, "protocol", ""));
}

int64_t DaysLate(const store::Obligation& obligation, absl::Time now) {
  const absl::Time end = obligation.closed_at.value_or(now);
  return end <= obligation.due ? 0 : absl::ToInt64Hours(end - obligation.due) / 24 + 1;
}

absl::Status AddTimes(const HostParts& host, const store::Obligation& obligation, json::Object& object) {
  if (obligation.closed_at)
    object["secondsToClose"] = absl::ToInt64Seconds(*obligation.closed_at - obligation.created);
  if (obligation.kind != "rectification" || obligation.submission.empty()) return absl::OkStatus();
  const absl::StatusOr<store::Attempt> correction = host.store->Get(SubmissionId(obligation.submission));
  if (absl::IsNotFound(correction.status())) return absl::OkStatus();  // its time of keeping is over
  RETURN_IF_ERROR(correction.status());
  object["secondsToNotify"] = absl::ToInt64Seconds(obligation.created - correction->received);
  return absl::OkStatus();
}

void AddMember(json::Object& object, const char* member, const std::string& text) {
  if (!text.empty()) object[member] = text;
}

bool WorksWithData(const Caller& caller) {
  return !caller.administrator &&
         (caller.role == "steward" || caller.role == "analyst" || caller.role == "delegate");
}

// The one who owes sees all texts; the one on whose account it is owed its own words, and the answer to its
// doubt. Nobody else sees any: administrators and auditors read no data.
absl::Status AddTexts(const HostParts& host, const store::Obligation& obligation, const Caller& viewer,
                      json::Object& object) {
  const bool owes = WorksWithData(viewer) && viewer.partner == obligation.partner;
  const bool asked = WorksWithData(viewer) && viewer.partner == obligation.asked_by;
  if (!owes && !asked) return absl::OkStatus();
  ASSIGN_OR_RETURN(const ObligationSecret secret, ObligationSecret::Of(host));
  ASSIGN_OR_RETURN(const std::string reason, secret.Open(obligation.reason, obligation.id, "reason"));
  ASSIGN_OR_RETURN(const std::string label, secret.Open(obligation.label, obligation.id, "label"));
  ASSIGN_OR_RETURN(const std::string evidence, secret.Open(obligation.evidence, obligation.id, "evidence"));
  AddMember(object, "reason", reason);
  if (owes) AddMember(object, "record", label);
  if (!owes && obligation.kind != "dispute") return absl::OkStatus();
  AddMember(object, "evidence", evidence);
  AddMember(object, "evidenceDigest", obligation.evidence_digest);
  return absl::OkStatus();
}

absl::Status RequireClosable(const CloseRequest& request, const store::Obligation& obligation) {
  RETURN_IF_ERROR(
      RequireRole(request.caller, obligation.partner, {"steward", "delegate"}, "close " + obligation.id));
  if (obligation.kind == "emergency_review" && obligation.asker == request.caller.spiffe_id) {
    return absl::PermissionDeniedError(
        fmt::format("{} invoked the emergency of {}, so somebody else of {} reviews it and closes {}",
                    obligation.asker, obligation.disclosure, obligation.partner.str(), obligation.id));
  }
  if (obligation.state == "open") return absl::OkStatus();
  return absl::FailedPreconditionError(fmt::format("{} was closed by {} on {}", obligation.id,
                                                   obligation.closed_by, TimeText(*obligation.closed_at)));
}

absl::Status RequireAnswer(const CloseRequest& request, const store::Obligation& obligation) {
  const bool deletion = obligation.kind == "deletion_certificate";
  RETURN_IF_ERROR(RequireWords(
      request.evidence, "--evidence",
      deletion ? "what was deleted, where, when and by whom" : "what was found and what was done"));
  std::vector<std::string> outcomes;
  if (obligation.kind == "dispute") outcomes = {"upheld", "rejected"};
  if (obligation.kind == "emergency_review") outcomes = {"justified", "unjustified"};
  if (outcomes.empty() && request.outcome.empty()) return absl::OkStatus();
  if (std::find(outcomes.begin(), outcomes.end(), request.outcome) != outcomes.end()) return absl::OkStatus();
  if (outcomes.empty()) {
    return absl::InvalidArgumentError(
        fmt::format("{} is a {}, which has no outcome; leave --outcome out", obligation.id, obligation.kind));
  }
  return absl::InvalidArgumentError(fmt::format("the outcome of {} is {} or {}: --outcome {}", obligation.id,
                                                outcomes[0], outcomes[1], outcomes[0]));
}

// A certificate and a review are accounts that auditors read; what was said about one record stays out of the
// log.
std::string AccountOf(const CloseRequest& request, const store::Obligation& obligation) {
  const bool about_a_record = obligation.kind == "rectification" || obligation.kind == "dispute";
  return about_a_record ? "closed with evidence that the two partners keep" : request.evidence;
}

ReceiptDraft DraftOf(const HostParts& host, const CloseRequest& request,
                     const store::Obligation& obligation) {
  ReceiptDraft draft;
  draft.subject = {{"obligation", obligation.id},
                   {"kind", obligation.kind},
                   {"partner", obligation.partner.str()},
                   {"dataset", obligation.dataset.str()},
                   {"due", TimeText(obligation.due)},
                   {"closer", request.caller.spiffe_id},
                   {"action", "close"}};
  AddMember(draft.subject, "protocol", obligation.protocol.str());
  AddMember(draft.subject, "disclosure", obligation.disclosure);
  AddMember(draft.subject, "submission", obligation.submission);
  AddMember(draft.subject, "outcome", request.outcome);
  draft.digests = {{"policy", host.policies->Get()->set->digest}};
  if (!request.evidence_digest.empty()) draft.digests.emplace_back("evidence", request.evidence_digest);
  draft.decision = request.outcome.empty() ? "closed" : request.outcome;
  draft.reasons = {{obligation.kind, AccountOf(request, obligation)}};
  draft.partner = obligation.partner;
  draft.summary = fmt::format("{} {}: {} by {}", obligation.kind, obligation.id, draft.decision,
                              obligation.partner.str());
  return draft;
}

absl::StatusOr<json::Value> CloseInTurn(const HostParts& host, const CloseRequest& request) {
  ASSIGN_OR_RETURN(const store::Obligation obligation, host.store->GetObligation(request.id));
  RETURN_IF_ERROR(RequireClosable(request, obligation));
  RETURN_IF_ERROR(RequireAnswer(request, obligation));
  if (!request.evidence_digest.empty() && !IsDigestText(request.evidence_digest)) {
    return absl::InvalidArgumentError(
        fmt::format("\"{}\" is no digest of a file: \"sha256:\" and 64 digits", request.evidence_digest));
  }
  ASSIGN_OR_RETURN(const ObligationSecret secret, ObligationSecret::Of(host));
  ASSIGN_OR_RETURN(json::Value receipt, IssueReceipt(host, DraftOf(host, request, obligation)));
  RETURN_IF_ERROR(host.store->CloseObligation(
      obligation.id,
      {host.clock->Now(), request.caller.spiffe_id, secret.Seal(request.evidence, obligation.id, "evidence"),
       request.evidence_digest, request.outcome, json::TextOr(receipt, "id", "")}));
  ASSIGN_OR_RETURN(const store::Obligation closed, host.store->GetObligation(obligation.id));
  ASSIGN_OR_RETURN(json::Object object, ObligationJson(host, closed, request.caller));
  object["receipt"] = std::move(receipt);
  return object;
}

}  // namespace

std::optional<absl::Time> DeletionDue(const policy::SharingProtocol& protocol, absl::Time disclosed) {
  const policy::Retention& retention = protocol.retention;
  if (!retention.recipient || retention.evidence != "deletion_certificate") return std::nullopt;
  const int64_t day = absl::ToInt64Hours(disclosed - absl::UnixEpoch()) / 24;
  const absl::Time end = absl::UnixEpoch() + absl::Hours(24) * (retention.recipient->AddTo(day) + 1);
  return end - absl::Seconds(1);
}

absl::Status RequireWords(std::string_view text, std::string_view option, std::string_view what) {
  if (text.find_first_not_of(" \t\n") == std::string_view::npos) {
    return absl::InvalidArgumentError(what.empty() ? fmt::format("{} holds nothing but blanks", option)
                                                   : fmt::format("say {}: {} \"...\"", what, option));
  }
  if (text.size() > kMostBytes) {
    return absl::InvalidArgumentError(fmt::format(
        "{} holds {} bytes; at most {} are kept: name a file instead", option, text.size(), kMostBytes));
  }
  const bool controls = std::any_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
  });
  if (!controls && IsUtf8(text) && !HasC1(text)) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("{} must be plain text in UTF-8", option));
}

absl::StatusOr<std::vector<std::string>> Owe(const HostParts& host,
                                             std::vector<store::Obligation> obligations) {
  ASSIGN_OR_RETURN(const ObligationSecret secret, ObligationSecret::Of(host));
  std::vector<std::string> ids;
  for (store::Obligation& obligation : obligations) {
    if (obligation.id.empty()) obligation.id = NewRandomId("O-");
    obligation.created = host.clock->Now();
    obligation.state = "open";
    obligation.label = secret.Seal(obligation.label, obligation.id, "label");
    obligation.reason = secret.Seal(obligation.reason, obligation.id, "reason");
    ids.push_back(obligation.id);
  }
  if (!obligations.empty()) RETURN_IF_ERROR(host.store->AddObligations(obligations));
  return ids;
}

absl::Status OweDeletion(const HostParts& host, const ReceiptId& disclosure, const PartnerId& recipient,
                         const DatasetId& dataset, const ProtocolId& protocol, absl::Time due) {
  ASSIGN_OR_RETURN(const bool owed, IsOwed(host, "deletion_certificate", disclosure));
  if (owed) return absl::OkStatus();
  store::Obligation obligation;
  obligation.kind = "deletion_certificate";
  obligation.partner = recipient;
  obligation.role = "steward";
  obligation.dataset = dataset;
  obligation.protocol = protocol;
  obligation.disclosure = disclosure.str();
  obligation.due = due;
  obligation.reason = fmt::format("{} says that data of disclosure {} is deleted by {}", protocol.str(),
                                  disclosure.str(), TimeText(due).substr(0, 10));
  obligation.receipts = {disclosure.str()};
  return Owe(host, {std::move(obligation)}).status();
}

absl::Status OweEmergencyReview(const HostParts& host, const ReceiptId& receipt, const PartnerId& partner,
                                const std::string& user, const std::string& reason, const std::string& basis,
                                std::optional<absl::Time> due) {
  ASSIGN_OR_RETURN(const bool owed, IsOwed(host, "emergency_review", receipt));
  if (owed) return absl::OkStatus();
  store::Obligation obligation;
  obligation.kind = "emergency_review";
  obligation.partner = partner;
  obligation.role = "delegate";
  obligation.asker = user;
  obligation.disclosure = receipt.str();
  obligation.due = due.value_or(host.clock->Now() + kEmergencyReview);
  obligation.reason = fmt::format("{} invoked an emergency on the basis of {}: {}", user, basis, reason);
  obligation.receipts = {receipt.str()};
  NameSubject(host, receipt, obligation);
  return Owe(host, {std::move(obligation)}).status();
}

absl::StatusOr<json::Object> ObligationJson(const HostParts& host, const store::Obligation& obligation,
                                            const Caller& viewer) {
  json::Object object{{"kind", obligation.kind},
                      {"id", obligation.id},
                      {"partner", obligation.partner.str()},
                      {"role", obligation.role},
                      {"dataset", obligation.dataset.str()},
                      {"created", TimeText(obligation.created)},
                      {"due", TimeText(obligation.due).substr(0, 10)},
                      {"dueTime", TimeText(obligation.due)},
                      {"daysLate", DaysLate(obligation, host.clock->Now())},
                      {"state", obligation.state}};
  AddMember(object, "protocol", obligation.protocol.str());
  AddMember(object, "disclosure", obligation.disclosure);
  AddMember(object, "submission", obligation.submission);
  AddMember(object, "field", obligation.field);
  AddMember(object, "askedBy", obligation.asked_by.str());
  RETURN_IF_ERROR(AddTexts(host, obligation, viewer, object));
  RETURN_IF_ERROR(AddTimes(host, obligation, object));
  if (!obligation.closed_at) return object;
  object["closedAt"] = TimeText(*obligation.closed_at);
  if (viewer.administrator || viewer.partner == obligation.partner)
    AddMember(object, "closedBy", obligation.closed_by);
  AddMember(object, "outcome", obligation.outcome);
  object["receipts"] = TextArray(obligation.receipts);
  return object;
}

absl::StatusOr<json::Value> ListObligations(const HostParts& host, const Caller& caller,
                                            const ObligationQuery& query) {
  const bool own = query.partner == caller.partner || query.asked_by == caller.partner;
  if (!caller.administrator && !own) {
    return absl::PermissionDeniedError(fmt::format(
        "{} sees what it owes and what is owed to it, not what others owe", caller.partner.str()));
  }
  ASSIGN_OR_RETURN(
      const std::vector<store::Obligation> obligations,
      host.store->ListObligations(
          {.partner = query.partner, .asked_by = query.asked_by, .kind = query.kind, .state = query.state}));
  json::Array list;
  for (const store::Obligation& obligation : obligations) {
    ASSIGN_OR_RETURN(json::Object object, ObligationJson(host, obligation, caller));
    list.push_back(std::move(object));
  }
  return list;
}

absl::StatusOr<json::Value> CloseObligation(const HostParts& host, const CloseRequest& request) {
  const std::string turn = "close " + request.id;
  if (!host.turns->TryTake(turn))
    return absl::AbortedError(request.id + " is being closed by somebody else just now; look again");
  absl::StatusOr<json::Value> closed = CloseInTurn(host, request);
  host.turns->Return(turn);
  return closed;
}

}  // namespace concordat::flows
