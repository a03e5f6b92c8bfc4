// One Arrow column as text cells: borrowed where it already is utf8, converted where it is not.
#pragma once

#include <cstdint>
#include <memory>

#include "host/base/status.h"
#include "host/data/batch_frame.h"
#include "host/data/text_column.h"
#include "host/worker/arrow_schema.h"
#include "plugins/sdk/adapter_abi.h"

namespace concordat::worker {

/// Cells of one column; `owned` keeps them when nobody else does.
struct Cells {
  data::TextView view;
  std::shared_ptr<const data::TextColumn> owned;

  static Cells Own(data::TextColumn column);
};

/// Whether the row is not null; rows count from the array's own offset. Buffers were checked before.
inline bool IsValid(const ArrowArray& array, size_t row) {
  const auto* bits = static_cast<const uint8_t*>(array.buffers[0]);
  if (bits == nullptr) return true;
  const size_t at = row + static_cast<size_t>(array.offset);
  return (bits[at / 8] >> at % 8 & 1) != 0;
}

/// Checks the array's outer shape (lengths, buffers) for `rows` rows from `first` on, and makes text of it.
/// Null is an empty cell. Aborted names the column and what is wrong with it.
absl::StatusOr<Cells> ReadCells(const ArrowColumn& column, const ArrowArray& array, size_t first,
                                size_t rows);

/// The numbers of a uint64 column, as ReadCells.
absl::StatusOr<const uint64_t*> ReadUint64(const ArrowColumn& column, const ArrowArray& array, size_t first,
                                           size_t rows);

}  // namespace concordat::worker
