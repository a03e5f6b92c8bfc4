#include "host/flows/erase.h"

#include <filesystem>
#include <set>

#include "fmt/format.h"
#include "host/flows/keep_source.h"
#include "host/flows/receipts.h"
#include "host/flows/result_json.h"
#include "host/flows/sign_off.h"

namespace concordat::flows {
namespace {

constexpr char kHostItself[] = "host";  // as the submitter of what nobody asked for

void RemoveSource(const HostParts& host, const std::string& attempt) {
  std::error_code gone_already;
  std::filesystem::remove(host.SourceOf(attempt), gone_already);
}

ReceiptDraft CertificateOf(const store::Attempt& attempt, const std::string& by, const std::string& reason) {
  ReceiptDraft draft;
  draft.kind = record::ReceiptKind::kSubmission;
  draft.subject = {{"submission", attempt.id.str()},
                   {"feed", attempt.feed.str()},
                   {"partner", attempt.partner.str()},
                   {"dataset", attempt.dataset.str()},
                   {"period", attempt.period},
                   {"action", "erase"},
                   {"was", attempt.state},
                   {"submitter", by}};
  draft.subject["what"] = "records, held-back records, findings, corrections, kept source, key";
  draft.digests = {{"data", attempt.source_digest}, {"policy", attempt.policy_digest}};
  draft.decision = "erased";
  draft.reasons = {{"erasure", reason}};
  draft.records = {{"total", attempt.total}, {"accepted", attempt.accepted}};
  draft.partner = attempt.partner;
  draft.summary = fmt::format("{} {} {}: erased", attempt.feed.str(), attempt.period, attempt.id.str());
  return draft;
}

// The certificate is in the log before the key goes: a crash between leaves a submission that the next
// attempt erases, never one that went without a word.
absl::StatusOr<json::Value> EraseAttempt(const HostParts& host, const store::Attempt& attempt,
                                         const std::string& by, const std::string& reason) {
  ReceiptDraft certificate = CertificateOf(attempt, by, reason);
  ASSIGN_OR_RETURN(const std::optional<store::SignOff> sign_off, SignOffOf(host, attempt));
  if (sign_off) certificate.subject["signedOff"] = SignOffJson(*sign_off);
  ASSIGN_OR_RETURN(json::Value receipt, IssueReceipt(host, certificate));
  json::Object result;
  if (attempt.result.is_object()) result = WithoutSamples(attempt.result.as_object());
  RETURN_IF_ERROR(host.store->Erase(attempt.id, reason, host.clock->Now(), receipt, result));
  RemoveSource(host, attempt.id.str());
  return receipt;
}

absl::Status RequireReason(const std::string& reason) {
  if (!reason.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError("say why it is erased: --reason \"...\"");
}

std::string Owner(const Caller& caller) { return caller.administrator ? "" : caller.partner.str(); }

absl::Status RequireField(const HostParts& host, const DatasetId& dataset, const std::string& field) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  const policy::ContractObject* object = policies->set->FindDataset(dataset).second;
  if (object == nullptr)
    return absl::NotFoundError(
        fmt::format("there is no dataset \"{}\"; see: concordat catalog list", dataset.str()));
  if (object->schema->Find(field)) return absl::OkStatus();
  std::vector<std::string> names;
  for (const data::Field& known : object->schema->fields) names.push_back(known.name);
  return absl::NotFoundError(
      fmt::format("dataset {} has no field \"{}\"; {}", dataset.str(), field, DidYouMean(field, names)));
}

// A source that could not be read at all may hold anybody.
absl::Status RemoveUnreadSources(const HostParts& host, const DatasetId& dataset, const std::string& owner) {
  store::SubmissionStore::Filter filter;
  filter.dataset = dataset;
  if (!owner.empty()) filter.partner = PartnerId(owner);
  filter.brief = true;
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, host.store->List(filter));
  for (const store::Attempt& attempt : attempts) {
    if (attempt.total == 0) RemoveSource(host, attempt.id.str());
  }
  return absl::OkStatus();
}

// What the law took from data that somebody had signed off.
absl::StatusOr<json::Array> SignedOffAmong(const HostParts& host,
                                           const std::vector<store::SubmissionStore::ErasedRows>& erased) {
  json::Array signed_off;
  for (const store::SubmissionStore::ErasedRows& rows : erased) {
    ASSIGN_OR_RETURN(const store::Attempt attempt, host.store->Get(rows.id));
    ASSIGN_OR_RETURN(const std::optional<store::SignOff> sign_off, SignOffOf(host, attempt));
    if (!sign_off) continue;
    json::Object entry = SignOffJson(*sign_off);
    entry["submission"] = rows.id.str();
    signed_off.push_back(std::move(entry));
  }
  return signed_off;
}

ReceiptDraft SubjectCertificate(const HostParts& host, const EraseSubjectRequest& request,
                                const std::vector<store::SubmissionStore::ErasedRows>& erased) {
  ReceiptDraft draft;
  json::Array submissions;
  uint64_t accepted = 0;
  uint64_t held_back = 0;
  uint64_t findings = 0;
  for (const auto& rows : erased) {
    submissions.push_back(json::Object{{"submission", rows.id.str()},
                                       {"accepted", rows.accepted},
                                       {"quarantined", rows.quarantined},
                                       {"findings", rows.findings}});
    accepted += rows.accepted;
    held_back += rows.quarantined;
    findings += rows.findings;
  }
  draft.kind = record::ReceiptKind::kSubmission;
  draft.subject = {{"dataset", request.dataset.str()},
                   {"field", request.field},
                   {"action", "erase-subject"},
                   {"submitter", request.caller.spiffe_id}};
  draft.subject["subjectHash"] =
      "hmac-sha256:" + host.store->KeyedHash(request.field + "\x1f" + request.value);
  draft.subject["submissions"] = std::move(submissions);
  draft.subject["what"] =
      "the subject's records, held-back records and findings; corrections and kept sources "
      "of these submissions; their keys";
  draft.decision = "erased";
  draft.reasons = {{"erasure", request.reason}};
  draft.records = {{"accepted", accepted}, {"quarantined", held_back}, {"findings", findings}};
  draft.partner = request.caller.partner;
  draft.summary =
      fmt::format("{}: one subject erased from {} submissions", request.dataset.str(), erased.size());
  return draft;
}

absl::StatusOr<std::vector<store::Attempt>> Expired(const HostParts& host, const policy::Contract& contract,
                                                    const DatasetId& dataset) {
  store::SubmissionStore::Filter filter;
  filter.dataset = dataset;
  filter.brief = true;
  ASSIGN_OR_RETURN(std::vector<store::Attempt> attempts, host.store->List(filter));
  const absl::Time now = host.clock->Now();
  std::erase_if(attempts, [&](const store::Attempt& attempt) {
    return attempt.state == "erased" ||
           now - attempt.received <= absl::Seconds(contract.retention->Seconds());
  });
  return attempts;
}

absl::StatusOr<json::Object> PurgeOne(const HostParts& host, const policy::Contract& contract,
                                      const store::Attempt& brief, const std::string& by, bool dry_run) {
  json::Object row{{"submission", brief.id.str()},
                   {"dataset", brief.dataset.str()},
                   {"period", brief.period},
                   {"received", TimeText(brief.received)},
                   {"retention", contract.retention->text}};
  if (dry_run) return row;
  ASSIGN_OR_RETURN(const store::Attempt attempt, host.store->Get(brief.id));
  const std::string reason = fmt::format("retention of contract {} {} is over: {}", contract.id,
                                         contract.version, contract.retention->text);
  ASSIGN_OR_RETURN(const json::Value receipt, EraseAttempt(host, attempt, by, reason));
  row["receipt"] = json::TextOr(receipt, "id", "");
  return row;
}

absl::StatusOr<json::Value> PurgeAll(const HostParts& host, const std::string& by, bool dry_run) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  json::Array gone;
  for (const policy::Contract& contract : policies->set->contracts) {
    if (!contract.retention) continue;
    for (const policy::ContractObject& object : contract.objects) {
      // A feed may name a contract's only object or not.
      const std::set<std::string> names = {object.schema->dataset,
                                           fmt::format("{}/{}", contract.name, object.name)};
      for (const std::string& name : names) {
        ASSIGN_OR_RETURN(const std::vector<store::Attempt> expired, Expired(host, contract, DatasetId(name)));
        for (const store::Attempt& attempt : expired) {
          ASSIGN_OR_RETURN(json::Object row, PurgeOne(host, contract, attempt, by, dry_run));
          gone.push_back(std::move(row));
        }
      }
    }
  }
  if (!dry_run) RETURN_IF_ERROR(RemoveExpiredSources(host));
  return gone;
}

}  // namespace

absl::StatusOr<json::Value> EraseSubmission(const HostParts& host, const EraseRequest& request) {
  RETURN_IF_ERROR(RequireReason(request.reason));
  ASSIGN_OR_RETURN(const store::Attempt attempt, host.store->Get(request.id));
  if (!request.caller.administrator) {
    RETURN_IF_ERROR(RequireRole(request.caller, attempt.partner, {"steward"}, "erase " + request.id.str()));
  }
  if (attempt.state == "erased")
    return absl::FailedPreconditionError(fmt::format("{} is erased already", attempt.id.str()));
  return EraseAttempt(host, attempt, request.caller.spiffe_id, request.reason);
}

absl::StatusOr<json::Value> EraseSubject(const HostParts& host, const EraseSubjectRequest& request) {
  RETURN_IF_ERROR(RequireReason(request.reason));
  if (!request.caller.administrator) {
    RETURN_IF_ERROR(RequireRole(request.caller, request.caller.partner, {"steward"}, "erase a subject"));
  }
  RETURN_IF_ERROR(RequireField(host, request.dataset, request.field));
  const std::string owner = Owner(request.caller);
  std::optional<PartnerId> partner;
  if (!owner.empty()) partner = PartnerId(owner);
  ASSIGN_OR_RETURN(const auto erased,
                   host.store->EraseSubject(request.dataset, partner, request.field, request.value,
                                            [](const json::Value& result) -> json::Value {
                                              if (!result.is_object()) return result;
                                              return WithoutSamples(result.as_object());
                                            }));
  for (const store::SubmissionStore::ErasedRows& rows : erased) {
    RemoveSource(host, rows.id.str());
    RemoveSource(host, rows.root_source.str());
  }
  RETURN_IF_ERROR(RemoveUnreadSources(host, request.dataset, owner));
  ReceiptDraft certificate = SubjectCertificate(host, request, erased);
  ASSIGN_OR_RETURN(json::Array signed_off, SignedOffAmong(host, erased));
  if (!signed_off.empty()) certificate.subject["signedOff"] = std::move(signed_off);
  return IssueReceipt(host, certificate);
}

absl::StatusOr<json::Value> Purge(const HostParts& host, const Caller& caller, bool dry_run) {
  RETURN_IF_ERROR(RequireAdministrator(caller, "purge what is past its retention"));
  return PurgeAll(host, caller.spiffe_id, dry_run);
}

absl::StatusOr<json::Value> PurgeByRetention(const HostParts& host) {
  return PurgeAll(host, kHostItself, /*dry_run=*/false);
}

}  // namespace concordat::flows
