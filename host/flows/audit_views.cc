#include "host/flows/audit_views.h"

#include <algorithm>
#include <array>

#include "fmt/format.h"
#include "host/flows/audit_query.h"
#include "host/flows/disclosure_index.h"

namespace concordat::flows {
namespace {

constexpr std::array<std::string_view, 3> kKinds = {"submission", "disclosure", "refusal"};

const json::Value& MemberOf(const json::Value& object, std::string_view name) {
  static const json::Value none;
  const json::Value* found = json::Find(object, name);
  return found == nullptr ? none : *found;
}

json::Array NamesOf(const json::Value& list) {
  json::Array names;
  if (!list.is_array()) return names;
  for (const json::Value& item : list.get_array())
    names.push_back(item.is_object() ? MemberOf(item, "field") : item);
  return names;
}

// Whoever acted, under whichever name the receipt's kind has for it.
std::string PersonOf(const json::Value& subject) {
  for (const char* name : {"user", "submitter", "signer", "by"}) {
    const std::string person = json::TextOr(subject, name, "");
    if (!person.empty()) return person;
  }
  return "";
}

const json::Value& RowsOf(const json::Value& records) {
  const json::Value& released = MemberOf(records, "released");
  return released.is_null() ? MemberOf(records, "accepted") : released;
}

json::Object RowOf(const store::StoredReceipt& receipt) {
  const json::Value& subject = MemberOf(receipt.receipt, "subject");
  const json::Value& reasons = MemberOf(receipt.receipt, "reasons");
  const bool refused = receipt.kind == "refusal" && reasons.is_array() && !reasons.get_array().empty();
  return {{"time", TimeText(receipt.time)},
          {"agency", receipt.partner},
          {"person", PersonOf(subject)},
          {"onBehalfOf", MemberOf(subject, "onBehalfOf")},
          {"dataset", json::TextOr(subject, "dataset", "")},
          {"fields", NamesOf(MemberOf(subject, "fields"))},
          {"rows", RowsOf(MemberOf(receipt.receipt, "records"))},
          {"purpose", json::TextOr(subject, "purpose", "")},
          {"bases", NamesOf(MemberOf(subject, "bases"))},
          {"clause", json::TextOr(subject, "clause", "")},
          {"protocol", json::TextOr(subject, "protocol", "")},
          {"decision", json::TextOr(receipt.receipt, "decision", "")},
          {"stage", json::TextOr(subject, "stage", "")},
          {"cause", refused ? json::TextOr(reasons.get_array()[0], "rule", "") : std::string()},
          {"givers", NamesOf(MemberOf(subject, "givers"))},
          {"receipt", receipt.id},
          {"kind", receipt.kind},
          {"partner", receipt.partner},
          {"subject", receipt.subject},
          {"leaf", receipt.leaf_index}};
}

absl::Status NarrowToSubject(const HostParts& host, const Caller& caller, const ReceiptQuery& query,
                             store::ReceiptFilter& filter) {
  if (query.dataset.empty()) {
    return absl::InvalidArgumentError(
        "a subject is looked for in one dataset; name it with --dataset, and the subject by its record's "
        "key");
  }
  ASSIGN_OR_RETURN(filter.ids, DisclosuresOf(host, query.dataset, query.subject));
  if (!SeesAll(caller)) filter.given_by = caller.partner;
  return absl::OkStatus();
}

absl::StatusOr<store::ReceiptFilter> FilterOf(const HostParts& host, const Caller& caller,
                                              const ReceiptQuery& query) {
  if (!query.kind.empty() && std::find(kKinds.begin(), kKinds.end(), query.kind) == kKinds.end()) {
    return absl::InvalidArgumentError(
        fmt::format("\"{}\" is no kind of receipt; they are submission, disclosure and refusal", query.kind));
  }
  ASSIGN_OR_RETURN(const TimeSpan span, SpanOf(host, query.period, query.from, query.to));
  store::ReceiptFilter filter;
  filter.dataset = query.dataset;
  filter.field = query.item;
  filter.protocol = query.protocol;
  filter.purpose = query.purpose;
  filter.kind = query.kind;
  filter.from = span.from;
  filter.until = span.until;
  filter.limit = query.limit;
  if (!query.agency.empty()) filter.given_to = query.agency;
  if (!SeesAll(caller)) filter.seen_by = caller.partner;
  if (!query.subject.empty()) RETURN_IF_ERROR(NarrowToSubject(host, caller, query, filter));
  return filter;
}

}  // namespace

bool SeesAll(const Caller& caller) { return caller.administrator || caller.role == "auditor"; }

absl::StatusOr<store::StoredReceipt> ReceiptFor(const HostParts& host, const Caller& caller,
                                                const ReceiptId& id) {
  ASSIGN_OR_RETURN(store::StoredReceipt receipt, host.store->GetReceipt(id));
  if (SeesAll(caller) || receipt.partner == caller.partner.str()) return receipt;
  store::ReceiptFilter theirs;
  theirs.given_by = caller.partner;
  theirs.ids = {{id.str()}};
  ASSIGN_OR_RETURN(const std::vector<store::StoredReceipt> given, host.store->FindReceipts(theirs));
  if (!given.empty()) return receipt;
  return absl::PermissionDeniedError(fmt::format("{} was given to {}", id.str(), receipt.partner));
}

absl::StatusOr<json::Value> ListReceipts(const HostParts& host, const Caller& caller,
                                         const ReceiptQuery& query) {
  ASSIGN_OR_RETURN(const store::ReceiptFilter filter, FilterOf(host, caller, query));
  ASSIGN_OR_RETURN(const std::vector<store::StoredReceipt> receipts, host.store->FindReceipts(filter));
  json::Array list;
  for (const store::StoredReceipt& receipt : receipts) list.push_back(RowOf(receipt));
  return list;
}

absl::StatusOr<json::Value> GetReceipt(const HostParts& host, const Caller& caller, const ReceiptId& id) {
  ASSIGN_OR_RETURN(const store::StoredReceipt receipt, ReceiptFor(host, caller, id));
  return receipt.receipt;
}

absl::StatusOr<json::Value> VerifyLog(const HostParts& host) {
  const absl::Status verified = host.log->Verify();
  if (!verified.ok() && !absl::IsDataLoss(verified)) return verified;
  const std::string message =
      verified.ok() ? fmt::format("{} leaves, all as the signed checkpoint says", host.log->size())
                    : std::string(MessageOf(verified));
  json::Object answer = {{"verified", verified.ok()},
                         {"size", host.log->size()},
                         {"origin", host.log->origin()},
                         {"checkpoint", host.log->LatestCheckpoint()},
                         {"message", message}};
  if (const auto bad = audit::BadLeafOf(verified)) answer["firstBad"] = bad->ToJson();
  return answer;
}

}  // namespace concordat::flows
