// A steward's mended records take the place of the source's before anything judges them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/base/status.h"
#include "host/data/worker_protocol.h"
#include "host/worker/work_batch.h"

namespace concordat::worker {

/// Walks along with the batches. One thread at a time; the job outlives it.
class Corrections {
 public:
  /// InvalidArgument when a correction names a column that the source does not have.
  static absl::StatusOr<Corrections> Create(const data::WorkerCorrections& corrections,
                                            const std::vector<std::string>& source_columns);

  /// Replaces and drops records of this batch. A replaced record keeps its line and the cells of columns that
  /// the corrections do not have (empty ones if it was unreadable). InvalidArgument when a record is not in
  /// the source.
  absl::Status Apply(WorkBatch& batch);
  /// After the last batch: InvalidArgument when corrections are left over.
  absl::Status Finish() const;

 private:
  class Plan;

  Corrections(const data::WorkerCorrections& corrections, std::vector<std::optional<size_t>> column_of)
      : corrections_(&corrections), column_of_(std::move(column_of)) {}

  const data::WorkerCorrections* corrections_;
  std::vector<std::optional<size_t>> column_of_;  // per source column: the corrections' column
  size_t next_ = 0;                               // the first correction that was not applied yet
};

}  // namespace concordat::worker
