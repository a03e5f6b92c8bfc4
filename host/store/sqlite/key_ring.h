// The keys of the store: the host's own wraps one a dataset, a dataset's wraps one an attempt. Wrapped keys
// lie in control.db, each bound to what it is for; the host's key never does.
#pragma once

#include <memory>
#include <string>

#include "host/base/ids.h"
#include "host/base/status.h"
#include "host/store/sqlite/attempt_seal.h"
#include "host/store/sqlite/control.h"

namespace concordat::store {

/// Thread-safe.
class KeyRing {
 public:
  /// `control` outlives it; `host_key`: 32 bytes.
  KeyRing(Control& control, std::string host_key) : control_(control), host_key_(std::move(host_key)) {}

  /// FailedPrecondition when the store was sealed with another host key. Leaves the proof for the next time.
  absl::Status Check();
  /// Keeps an attempt's key, within the transaction of `control`; one that it has already is replaced.
  absl::Status Keep(Connection& control, const DatasetId& dataset, const SubmissionId& id,
                    const AttemptSeal& seal) const;
  /// Null when the attempt never had a key or has it no more.
  absl::StatusOr<std::shared_ptr<const AttemptSeal>> Find(const SubmissionId& id) const;
  /// Within the transaction of `control`: what it sealed cannot be opened ever again.
  static absl::Status Destroy(Connection& control, const SubmissionId& id);
  /// A secret of the host's under its own key, bound to `name`; and back: DataLoss when it was changed.
  std::string SealSecret(std::string_view secret, std::string_view name) const;
  absl::StatusOr<std::string> OpenSecret(std::string_view sealed, std::string_view name) const;
  /// HMAC-SHA-256 under a key that is the host's alone, as hexadecimal: a value that can be told again and
  /// not guessed.
  std::string KeyedHash(std::string_view text) const;

 private:
  absl::StatusOr<std::string> DatasetKey(Connection& control, const DatasetId& dataset) const;

  Control& control_;
  const std::string host_key_;
};

}  // namespace concordat::store
