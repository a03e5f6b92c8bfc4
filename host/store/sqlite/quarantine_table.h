// The held-back and unreadable records of one attempt.
#pragma once

#include <functional>
#include <optional>

#include "host/base/status.h"
#include "host/store/sqlite/attempt_seal.h"
#include "host/store/sqlite/connection.h"
#include "host/store/sqlite/text_list.h"
#include "host/store/store.h"

namespace concordat::store {

/// Appends records to a file being staged, making the table at the first one. One thread at a time.
class QuarantineWriter {
 public:
  /// `seal` may be null; both outlive it.
  QuarantineWriter(Connection& file, const AttemptSeal* seal);
  /// In any order; AlreadyExists for a record number that stands there already.
  absl::Status Append(const QuarantinedRecord& record);
  /// To be called when the table was dropped.
  void Forget() { created_ = false; }

 private:
  absl::Status AppendSealed(const QuarantinedRecord& record);

  Connection& file_;
  std::optional<TableSeal> seal_;
  bool created_ = false;
  TextList cells_;  // scratch
};

/// In record order. `seal` as it was written with.
absl::Status VisitQuarantinedIn(Connection& file, const AttemptSeal* seal,
                                const std::function<absl::Status(const QuarantinedRecord&)>& visit);

}  // namespace concordat::store
