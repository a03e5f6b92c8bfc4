// The tamper-evident log: an append-only file of leaves with signed checkpoints.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/audit/checkpoint.h"
#include "host/audit/merkle.h"
#include "host/audit/verify.h"
#include "host/record/receipt.h"

namespace concordat::audit {

/// The log in `folder`: leaves.log (a line a leaf: base64 of the 32-byte salted commitment), checkpoint
/// (signed note, rewritten atomically after each group of appends, under load after several) and
/// checkpoints.log (see history.h). Thread-safe; concurrent appends share one sync and one checkpoint.
class Log {
 public:
  /// DataLoss when the checkpoint does not match the leaves (a shorter or altered file), is of another log or
  /// signed by another key, with the first bad leaf (see BadLeafOf). A half-written last line, never
  /// acknowledged, is cut off; whole leaves beyond the checkpoint are kept. FailedPrecondition when another
  /// process has the log open.
  static absl::StatusOr<std::unique_ptr<Log>> Open(const std::string& folder, const std::string& origin,
                                                   Signer signer);

  /// Completes `body` to a receipt: signs its canonical form, salts and appends the leaf, adds proof and
  /// checkpoint. Durable when it returns. InvalidArgument when the body is not a receipt's (see
  /// record::CheckReceiptBody). Any other error: not acknowledged, though the leaf may stand in the log.
  /// Unavailable from the first failed sync on: the disk can no longer be trusted.
  absl::StatusOr<record::Receipt> Append(json::Object body);

  /// Leaves that are on the disk.
  uint64_t size() const;
  std::string LatestCheckpoint() const;
  /// A signed note of the log when it had `size` leaves; OutOfRange above size().
  absl::StatusOr<std::string> CheckpointAt(uint64_t size) const;
  /// The inclusion path of a leaf in the log when it had `size` leaves;
  /// OutOfRange unless index < size <= size().
  absl::StatusOr<std::vector<std::string>> Prove(uint64_t index, uint64_t size) const;
  /// That the log of `old_size` is the start of the log of `new_size`;
  /// OutOfRange unless 0 < old <= new <= size().
  absl::StatusOr<std::vector<std::string>> ProveConsistency(uint64_t old_size, uint64_t new_size) const;
  const std::string& public_key() const { return public_key_; }
  const std::string& origin() const { return origin_; }
  /// Reads everything back from disk and compares with the checkpoint, and both with what this process knows.
  /// DataLoss names the first bad leaf exactly (see BadLeafOf).
  absl::Status Verify() const;

 private:
  Log() = default;
  std::string folder_, origin_, public_key_;  // fixed after Open
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace concordat::audit
