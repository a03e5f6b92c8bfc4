#include "host/data/column_pool.h"

namespace concordat::data {
namespace {

// What may lie idle: a few batches of the usual size.
constexpr size_t kMostIdleBytes = size_t{24} << 20;

size_t Capacity(const TextColumn& column) {
  return column.bytes.capacity() + column.offsets.capacity() * sizeof column.offsets[0];
}

}  // namespace

std::shared_ptr<TextColumn> ColumnPool::Take() {
  std::unique_ptr<TextColumn> column;
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      column = std::move(free_.back());
      free_.pop_back();
      free_bytes_ -= Capacity(*column);
    }
  }
  if (column == nullptr) column = std::make_unique<TextColumn>();
  return {column.release(), [pool = shared_from_this()](TextColumn* used) {
            pool->GiveBack(std::unique_ptr<TextColumn>(used));
          }};
}

void ColumnPool::GiveBack(std::unique_ptr<TextColumn> column) {
  column->name.clear();
  column->offsets.clear();
  column->bytes.clear();
  const size_t bytes = Capacity(*column);
  const std::lock_guard lock(mutex_);
  if (free_bytes_ + bytes > kMostIdleBytes) return;
  free_bytes_ += bytes;
  free_.push_back(std::move(column));
}

}  // namespace concordat::data
