// The tamper-evident log: an append-only file of leaves with signed checkpoints; durable before Append returns.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "host/audit/checkpoint.h"
#include "host/audit/merkle.h"
#include "host/base/clock.h"
#include "host/record/receipt.h"

namespace concordat::audit {

/// The log in `folder`: leaves.log (a line a leaf: base64 of the 32-byte salted commitment) and checkpoint (signed note,
/// rewritten atomically after each append). Thread-safe; concurrent appends share one fsync.
class Log {
 public:
  /// DataLoss when the checkpoint does not match the leaves (a shorter or altered file); a half-written last line,
  /// never acknowledged, is cut off.
  static absl::StatusOr<std::unique_ptr<Log>> Open(const std::string& folder, const std::string& origin, Signer signer);

  /// Completes `body` to a receipt: signs its canonical form, salts and appends the leaf, adds proof and checkpoint.
  absl::StatusOr<record::Receipt> Append(json::Object body);

  uint64_t size() const;
  std::string LatestCheckpoint() const;
  absl::StatusOr<std::vector<std::string>> Prove(uint64_t index, uint64_t size) const;
  const std::string& public_key() const { return public_key_; }
  const std::string& origin() const { return origin_; }
  /// Reads everything back from disk and compares with the checkpoint.
  absl::Status Verify() const;

 private:
  Log() = default;
  std::string folder_, origin_, public_key_;  // fixed after Open
  struct State;
  std::shared_ptr<State> state_;
};

/// Offline: the receipt's signature, leaf, inclusion proof and checkpoint. Returns what was checked, in sentences;
/// DataLoss names the first check that does not hold.
absl::StatusOr<std::vector<std::string>> VerifyReceipt(const record::Receipt& receipt, std::string_view public_key);
/// Offline: a copy of leaves.log and its checkpoint.
absl::StatusOr<Checkpoint> VerifyLogFile(std::string_view leaves, std::string_view checkpoint, std::string_view public_key);
/// One proof in the JSON shape of the transparency-dev vectors ({leafIdx, treeSize, root, leafHash, proof} or
/// {size1, size2, root1, root2, proof}; base64, null proof is empty). OK holds, DataLoss does not, InvalidArgument malformed.
absl::Status VerifyProofJson(const json::Value& proof);

}  // namespace concordat::audit
