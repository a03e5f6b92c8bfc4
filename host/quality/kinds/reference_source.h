// Where a rule looks things up: columns of a list file (known at once) or of another dataset (known to a
// host).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/quality/rule_reader.h"

namespace concordat::quality {

/// Immutable, thread-safe.
class ReferenceSource {
 public:
  /// Reads `file` or `dataset`, and `key` (left out: the names of `fields`, or a list file's only column).
  /// `more` are columns besides the key. Null after a reported mistake.
  static std::unique_ptr<ReferenceSource> Read(RuleReader& reader, const std::vector<size_t>& fields,
                                               const std::vector<std::string>& more = {});

  struct Found {
    std::shared_ptr<const ReferenceTable> table;
    std::vector<size_t> columns;  // of the key in the order of `fields`, then of `more`
  };
  /// Unavailable when only the host has the dataset, FailedPrecondition when it cannot be read.
  absl::StatusOr<Found> Find(const RunContext& context) const;
  /// The dataset's name or the list file's path, for messages.
  const std::string& target() const { return target_; }

 private:
  std::string target_;
  std::vector<std::string> names_;  // of the dataset's columns
  Found list_;                      // without table: a dataset
};

}  // namespace concordat::quality
