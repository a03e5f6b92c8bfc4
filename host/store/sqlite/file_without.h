// The file of an attempt written anew without what it says of one subject, under a new key.
#pragma once

#include <string>

#include "host/base/ids.h"
#include "host/base/status.h"
#include "host/store/sqlite/attempt_seal.h"
#include "host/store/sqlite/connection.h"

namespace concordat::store {

/// One subject: whose `field` (of the contract) is `value`.
struct Subject {
  std::string field;
  std::string value;
};

struct RemovedRows {
  uint64_t accepted = 0;
  uint64_t quarantined = 0;
  uint64_t findings = 0;
  bool any() const { return accepted + quarantined + findings > 0; }
};

/// Copies `file` to a new one at `path`, sealed with `fresh` where it was sealed with `seal` (both null when
/// it was not), without: accepted rows of the subject, held-back records with a cell that is the value or
/// with a text that holds it, findings on any of these or with the value in them, and the key of the kept
/// source.
absl::StatusOr<RemovedRows> WriteWithout(Connection& file, const AttemptSeal* seal, const AttemptSeal* fresh,
                                         const DatasetId& dataset, const Subject& subject,
                                         const std::string& path);

}  // namespace concordat::store
