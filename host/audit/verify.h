// Checks that anyone can make offline, with nothing but the host's public key.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/audit/checkpoint.h"
#include "host/audit/history.h"
#include "host/audit/merkle.h"
#include "host/base/json.h"
#include "host/record/receipt.h"

namespace concordat::audit {

/// What a receipt's leaf commits to: SHA-256(salt || signed form); 32 raw bytes.
/// Its Merkle leaf hash is LeafHash of that.
std::string Commitment(std::string_view salt, std::string_view signed_form);

/// The receipt's signature, leaf, checkpoint and inclusion proof. Returns what was checked, in sentences;
/// DataLoss names the first check that does not hold.
absl::StatusOr<std::vector<std::string>> VerifyReceipt(const record::Receipt& receipt,
                                                       std::string_view public_key);
/// A copy of leaves.log, its checkpoint and, when it is there, its checkpoints.log. Leaves beyond the
/// checkpoint are fine and not vouched for; DataLoss for fewer, for another root, for a checkpoint that this
/// key did not sign, or when a signed note of `history` contradicts the leaves: cut, reordered, altered or
/// forked, with the first bad leaf (see BadLeafOf).
absl::StatusOr<Checkpoint> VerifyLogFile(std::string_view leaves, std::string_view checkpoint,
                                         std::string_view public_key, std::string_view history = "");
/// A log as it was read against what its checkpoint says of it.
absl::Status CheckLeaves(const MerkleTree& tree, const Checkpoint& checkpoint);
/// The same with `rest`, what was said of the lines behind the leaves of `tree`, and the text of
/// checkpoints.log.
absl::Status CheckLog(const MerkleTree& tree, const absl::Status& rest, const Checkpoint& checkpoint,
                      std::string_view history, std::string_view public_key);
/// `status` with the place, for people and for BadLeafOf.
absl::Status WithBadLeaf(const absl::Status& status, const BadLeaf& bad);
/// Where the log first differs, in an answer of CheckLog, VerifyLogFile or Log::Verify.
std::optional<BadLeaf> BadLeafOf(const absl::Status& status);
/// One proof in the JSON shape of the transparency-dev vectors ({leafIdx, treeSize, root, leafHash, proof} or
/// {size1, size2, root1, root2, proof}; base64, null proof is empty).
/// OK holds, DataLoss does not, InvalidArgument malformed.
absl::Status VerifyProofJson(const json::Value& proof);

}  // namespace concordat::audit
