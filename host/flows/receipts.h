// The bodies of receipts: what is signed for a submission, a disclosure, a refusal.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"
#include "host/record/receipt.h"
#include "host/record/scorecard.h"

namespace concordat::flows {

/// What a receipt says, before the log completes it.
struct ReceiptDraft {
  std::string id;  // empty: a new one
  record::ReceiptKind kind = record::ReceiptKind::kSubmission;
  json::Object subject;  // what it is about: feed, period, dataset ...
  std::vector<std::pair<std::string, std::string>>
      digests;  // data, policy, contract, protocol, adapter, output
  std::string decision;
  std::vector<record::Reason> reasons;
  json::Object records;  // counts
  PartnerId partner;     // who it is given to
  std::string summary;   // one line for `audit list`
};

/// Appends to the log (durable when it returns) and stores the receipt for retrieval.
absl::StatusOr<json::Value> IssueReceipt(const HostParts& host, const ReceiptDraft& draft);

/// Only appends to the log; the caller stores the receipt in its own transaction and then calls FileReceipt.
absl::StatusOr<record::Receipt> AppendReceipt(const HostParts& host, const ReceiptDraft& draft);
absl::Status FileReceipt(const HostParts& host, const ReceiptDraft& draft, const record::Receipt& receipt);

}  // namespace concordat::flows
