// Receipts as each caller may see them, and the log's own check.
#pragma once

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// [{receipt, kind, time, partner, subject, leaf}], newest first; own ones, or all for administrators and
/// auditors.
absl::StatusOr<json::Value> ListReceipts(const HostParts& host, const Caller& caller, size_t limit);
absl::StatusOr<json::Value> GetReceipt(const HostParts& host, const Caller& caller, const ReceiptId& id);
/// Reads the log back from disk: {verified, size, origin, checkpoint, message}.
absl::StatusOr<json::Value> VerifyLog(const HostParts& host);

}  // namespace concordat::flows
