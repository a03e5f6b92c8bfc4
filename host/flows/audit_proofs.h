// Proofs from the log for those who keep a receipt or an old checkpoint; each is checked offline
// (audit::VerifyProofJson and the checkpoint's signature).
#pragma once

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// That the receipt's leaf stands in the log of `size` leaves (0: as it is now): {receipt, leafIdx, treeSize,
/// root, leafHash, proof, checkpoint, verifierKey}. Who may see the receipt may prove it; OutOfRange when the
/// log of that size does not hold it yet.
absl::StatusOr<json::Value> ProveInclusion(const HostParts& host, const Caller& caller, const ReceiptId& id,
                                           uint64_t size);
/// That the log of `from` leaves is the start of the log of `to` leaves (0: as it is now): {size1, size2,
/// root1, root2, proof, checkpoint, verifierKey}, the checkpoint of `to`. OutOfRange unless 0 < from <= to
/// <= the log's size.
absl::StatusOr<json::Value> ProveConsistency(const HostParts& host, uint64_t from, uint64_t to);

}  // namespace concordat::flows
