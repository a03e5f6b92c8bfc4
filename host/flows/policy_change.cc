#include "host/flows/policy_change.h"

#include "fmt/format.h"
#include "host/flows/receipts.h"

namespace concordat::flows {

absl::Status RecordPolicyChange(const HostParts& host, const PolicyEntry& entry, const std::string& before) {
  if (entry.digest == before) return absl::OkStatus();
  ReceiptDraft draft;
  draft.kind = record::ReceiptKind::kSubmission;
  draft.subject = {{"action", "policies"}, {"how", entry.how}, {"by", entry.by}};
  draft.digests = {{"before", before}, {"policy", entry.digest}};
  draft.decision = "in_force";
  draft.reasons = {{entry.how, entry.reason}};
  draft.summary = fmt::format("policies ({}): {} -> {}", entry.how, before, entry.digest);
  return IssueReceipt(host, draft).status();
}

}  // namespace concordat::flows
