#include "plugins/delimited/rows.h"

#include <cstring>

namespace concordat::delimited {
namespace {

static_assert(sdk::ByteBuffer::kSlack >= 32);  // what a short copy may write beyond its cell

// Cells are short: two fixed copies beat a call.
inline char* CopyCell(const char* from, size_t length, char* to) {
  if (length <= 32) {
    std::memcpy(to, from, 16);
    if (length > 16) std::memcpy(to + 16, from + 16, 16);
  } else {
    std::memcpy(to, from, length);
  }
  return to + length;
}

inline char* CopyQuoted(const RowRun& run, const char* from, size_t length, char* to) {
  if (!run.doubled || length == 0 || std::memchr(from, run.quote, length) == nullptr) {
    return CopyCell(from, length, to);
  }
  const char* const end = from + length;
  while (from < end) {
    const bool pair = *from == run.quote;
    *to++ = *from;
    from += pair ? 2 : 1;
  }
  return to;
}

// Where the cell of this column starts in each row.
class CellStarts {
 public:
  CellStarts(const RowRun& run, size_t column)
      : at_(column == 0 ? run.starts : run.ends + column - 1),
        step_(column == 0 ? 1 : run.stride),
        skip_(column == 0 ? 0 : 1) {}
  uint32_t operator[](size_t row) const { return at_[row * step_] + skip_; }

 private:
  const uint32_t* at_;
  size_t step_;
  uint32_t skip_;
};

size_t CellBytes(const RowRun& run, size_t column) {
  const CellStarts starts(run, column);
  size_t bytes = 0;
  for (size_t row = 0; row < run.rows; ++row) bytes += run.ends[row * run.stride + column] - starts[row];
  return bytes;
}

template <bool kQuoted>
void AppendColumn(const RowRun& run, size_t column, sdk::TextBuilder& cells) {
  const CellStarts starts(run, column);
  const uint32_t* ends = run.ends + column;
  const size_t before = cells.bytes();
  char* const room = cells.Room(CellBytes(run, column));
  int32_t* offsets = cells.OffsetRoom(run.rows);
  char* to = room;
  for (size_t row = 0; row < run.rows; ++row) {
    const char* from = run.text + starts[row];
    const size_t length = static_cast<size_t>(run.text + ends[row * run.stride] - from);
    if (kQuoted && length > 0 && *from == run.quote) {
      to = CopyQuoted(run, from + 1, length - 2, to);
    } else {
      to = CopyCell(from, length, to);
    }
    offsets[row] = static_cast<int32_t>(before + static_cast<size_t>(to - room));
  }
  cells.CommitCells(static_cast<size_t>(to - room));
}

}  // namespace

void AppendRun(const RowRun& run, sdk::BatchBuilder& batch) {
  if (run.rows == 0) return;
  for (size_t i = 0; i < batch.column_count(); ++i) {
    if (run.quoted) {
      AppendColumn<true>(run, i, batch.column(i));
    } else {
      AppendColumn<false>(run, i, batch.column(i));
    }
  }
}

}  // namespace concordat::delimited
