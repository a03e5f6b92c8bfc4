// Checks that anyone can make offline, with nothing but the host's public key.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/audit/checkpoint.h"
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
/// A copy of leaves.log and its checkpoint. Leaves beyond the checkpoint are fine and not vouched for;
/// DataLoss for fewer, for another root, or for a checkpoint that this key did not sign.
absl::StatusOr<Checkpoint> VerifyLogFile(std::string_view leaves, std::string_view checkpoint,
                                         std::string_view public_key);
/// A log as it was read against what its checkpoint says of it.
absl::Status CheckLeaves(const MerkleTree& tree, const Checkpoint& checkpoint);
/// One proof in the JSON shape of the transparency-dev vectors ({leafIdx, treeSize, root, leafHash, proof} or
/// {size1, size2, root1, root2, proof}; base64, null proof is empty).
/// OK holds, DataLoss does not, InvalidArgument malformed.
absl::Status VerifyProofJson(const json::Value& proof);

}  // namespace concordat::audit
