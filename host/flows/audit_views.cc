#include "host/flows/audit_views.h"

#include "fmt/format.h"

namespace concordat::flows {
namespace {

bool SeesAll(const Caller& caller) { return caller.administrator || caller.role == "auditor"; }

}  // namespace

absl::StatusOr<json::Value> ListReceipts(const HostParts& host, const Caller& caller, size_t limit) {
  const auto partner = SeesAll(caller) ? std::nullopt : std::optional<PartnerId>(caller.partner);
  ASSIGN_OR_RETURN(const std::vector<store::StoredReceipt> receipts,
                   host.store->ListReceipts(partner, limit));
  json::Array list;
  for (const store::StoredReceipt& receipt : receipts) {
    list.push_back(json::Object{{"receipt", receipt.id},
                                {"kind", receipt.kind},
                                {"time", TimeText(receipt.time)},
                                {"partner", receipt.partner},
                                {"subject", receipt.subject},
                                {"leaf", receipt.leaf_index}});
  }
  return list;
}

absl::StatusOr<json::Value> GetReceipt(const HostParts& host, const Caller& caller, const ReceiptId& id) {
  ASSIGN_OR_RETURN(const store::StoredReceipt receipt, host.store->GetReceipt(id));
  if (!SeesAll(caller) && receipt.partner != caller.partner.str()) {
    return absl::PermissionDeniedError(fmt::format("{} was given to {}", id.str(), receipt.partner));
  }
  return receipt.receipt;
}

absl::StatusOr<json::Value> VerifyLog(const HostParts& host) {
  const absl::Status verified = host.log->Verify();
  if (!verified.ok() && !absl::IsDataLoss(verified)) return verified;
  const std::string message =
      verified.ok() ? fmt::format("{} leaves, all as the signed checkpoint says", host.log->size())
                    : std::string(MessageOf(verified));
  return json::Object{{"verified", verified.ok()},
                      {"size", host.log->size()},
                      {"origin", host.log->origin()},
                      {"checkpoint", host.log->LatestCheckpoint()},
                      {"message", message}};
}

}  // namespace concordat::flows
