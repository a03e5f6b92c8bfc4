// Text columns that are used again instead of being given back to the system: fresh memory for every batch
// costs more in page faults than the copy itself.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "host/data/text_column.h"

namespace concordat::data {

/// Thread-safe. Columns come back by themselves when their last owner lets go, on whatever thread, even after
/// the pool's own owner has let go of it.
class ColumnPool : public std::enable_shared_from_this<ColumnPool> {
 public:
  static std::shared_ptr<ColumnPool> Create() { return std::shared_ptr<ColumnPool>(new ColumnPool()); }

  /// An empty column (no offsets, no bytes, no name) that may have memory left from earlier use.
  std::shared_ptr<TextColumn> Take();

 private:
  ColumnPool() = default;
  void GiveBack(std::unique_ptr<TextColumn> column);

  std::mutex mutex_;
  std::vector<std::unique_ptr<TextColumn>> free_;  // guarded by mutex_
  size_t free_bytes_ = 0;                          // guarded by mutex_
};

}  // namespace concordat::data
