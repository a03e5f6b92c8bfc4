// A backup becomes a host again: on trial, or for good in an empty folder.
#pragma once

#include <functional>
#include <string>

#include "host/base/json.h"
#include "host/base/status.h"

namespace concordat::flows {

/// Bytes unpacked so far.
using UnpackProgress = std::function<void(uint64_t)>;

/// Whether what was unpacked in `folder` is a whole host: every database passes SQLite's integrity check, the
/// store opens with its key, the log agrees with its signed checkpoints, the receipts verify (the newest
/// 1000), kept sources open and have their digests. Returns {submissions, current, receipts,
/// receiptsVerified, leaves, sources}; DataLoss says what does not hold.
absl::StatusOr<json::Object> CheckUnpacked(const std::string& folder);

/// Unpacks the backup below the system's folder for temporary files (TMPDIR) and checks it; nothing stays.
absl::StatusOr<json::Object> VerifyBackup(const std::string& file, const std::string& passphrase,
                                          const UnpackProgress& progress);

/// Unpacks, checks, and puts in place: DATA_DIR with its signing key, DATA_DIR.key (the store key) and
/// DATA_DIR.restored (policies, the host's certificate, and a concordat.yaml that starts it all). All of it
/// or none. FailedPrecondition when one of the three is there and not empty. Returns what CheckUnpacked does
/// and {dataDir, storeKey, settings, created, host}.
absl::StatusOr<json::Object> RestoreBackup(const std::string& file, const std::string& passphrase,
                                           const std::string& data_dir, const UnpackProgress& progress);

}  // namespace concordat::flows
