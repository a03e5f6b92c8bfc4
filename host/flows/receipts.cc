#include "host/flows/receipts.h"

namespace concordat::flows {
namespace {

json::Array ReasonsJson(const std::vector<record::Reason>& reasons) {
  json::Array array;
  for (const record::Reason& reason : reasons)
    array.push_back(json::Object{{"rule", reason.rule}, {"message", reason.message}});
  return array;
}

json::Object BodyOf(const HostParts& host, const ReceiptDraft& draft) {
  json::Object digests;
  for (const auto& [name, digest] : draft.digests) digests[name] = digest;
  json::Object body;
  body["version"] = 1;
  body["kind"] = json::Value(boost::json::string(record::ReceiptKindName(draft.kind)));
  body["id"] = draft.id.empty() ? NewRandomId("R-") : draft.id;
  body["time"] = TimeText(host.clock->Now());
  body["host"] = host.host_name;
  body["subject"] = draft.subject;
  body["digests"] = std::move(digests);
  body["decision"] = draft.decision;
  body["reasons"] = ReasonsJson(draft.reasons);
  body["records"] = draft.records;
  return body;
}

}  // namespace

absl::StatusOr<record::Receipt> AppendReceipt(const HostParts& host, const ReceiptDraft& draft) {
  return host.log->Append(BodyOf(host, draft));
}

absl::Status FileReceipt(const HostParts& host, const ReceiptDraft& draft, const record::Receipt& receipt) {
  store::StoredReceipt stored;
  stored.leaf_index = receipt.leaf.index;
  stored.id = json::TextOr(receipt.body, "id", "");
  stored.kind = record::ReceiptKindName(draft.kind);
  stored.partner = draft.partner.str();
  stored.subject = draft.summary;
  ASSIGN_OR_RETURN(stored.time, ParseTime(json::TextOr(receipt.body, "time", "")));
  stored.receipt = receipt.ToJson();
  return host.store->Put(stored);
}

absl::StatusOr<json::Value> IssueReceipt(const HostParts& host, const ReceiptDraft& draft) {
  ASSIGN_OR_RETURN(const record::Receipt receipt, AppendReceipt(host, draft));
  RETURN_IF_ERROR(FileReceipt(host, draft, receipt));
  return json::Value(receipt.ToJson());
}

}  // namespace concordat::flows
