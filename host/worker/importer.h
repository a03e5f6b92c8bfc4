// From an adapter's Arrow arrays to text batches: the special columns become record numbers, lines and
// unreadable records.
#pragma once

#include "host/base/status.h"
#include "host/worker/arrow_schema.h"
#include "host/worker/work_batch.h"
#include "plugins/sdk/adapter_abi.h"

namespace concordat::worker {

/// One stream, batch by batch. One thread at a time.
class Importer {
 public:
  explicit Importer(BatchSchema schema) : schema_(std::move(schema)) {}

  const BatchSchema& schema() const { return schema_; }
  /// The cells borrow from `array`, which the caller keeps. Aborted says what is wrong with it.
  absl::StatusOr<WorkBatch> Import(const ArrowArray& array);

 private:
  absl::Status CheckStruct(const ArrowArray& array) const;
  absl::Status ReadNumbers(const ArrowArray& array, size_t first, size_t rows, WorkBatch& batch);
  absl::Status SetUnreadableApart(const ArrowArray& array, size_t first, size_t rows, WorkBatch& batch) const;

  const BatchSchema schema_;
  uint64_t last_record_ = 0;
};

}  // namespace concordat::worker
