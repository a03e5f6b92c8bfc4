#include "plugins/delimited/rows.h"

#include <cstring>

namespace concordat::delimited {
namespace {

static_assert(sdk::ByteBuffer::kSlack >= 32);  // what a short copy may write beyond its cell

// Cells are short: a few fixed copies beat a call.
inline char* CopyCell(const char* from, size_t length, char* to) {
  if (length <= 64) {
    std::memcpy(to, from, 16);
    if (length > 16) std::memcpy(to + 16, from + 16, 16);
    if (length > 32) std::memcpy(to + 32, from + 32, 32);
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

// Where a column's cells stand in each row of a run. By value in the loops below: what they write is of type
// char, which for the compiler could be anything else of theirs.
struct CellWalk {
  CellWalk(const RowRun& run, size_t column)
      : text(run.text),
        start(column == 0 ? run.starts : run.ends + column - 1),
        end(run.ends + column),
        start_step(column == 0 ? 1 : run.stride),
        stride(run.stride),
        skip(column == 0 ? 0 : 1) {}
  const char* Begin() const { return text + *start + skip; }
  size_t Length() const { return *end - *start - skip; }
  void Next() {
    start += start_step;
    end += stride;
  }

  const char* const text;
  const uint32_t* start;
  const uint32_t* end;
  const size_t start_step;
  const size_t stride;
  const uint32_t skip;
};

// Room for the column's cells: the whole text of a short run will do, a long one is added up.
size_t CellBytes(const RowRun& run, size_t column) {
  constexpr size_t kShort = size_t{64} << 10;
  const size_t all = run.ends[(run.rows - 1) * run.stride + run.stride - 1] - run.starts[0];
  if (all <= kShort) return all;
  size_t bytes = 0;
  CellWalk cells(run, column);
  for (size_t row = 0; row < run.rows; ++row, cells.Next()) bytes += cells.Length();
  return bytes;
}

template <bool kQuoted>
void AppendColumn(const RowRun& run, size_t column, sdk::TextBuilder& builder) {
  CellWalk cells(run, column);
  const char quote = run.quote;
  const size_t before = builder.bytes();
  char* const room = builder.Room(CellBytes(run, column));
  int32_t* offset = builder.OffsetRoom(run.rows);
  const int32_t* const last = offset + run.rows;
  char* to = room;
  for (; offset < last; cells.Next()) {
    const char* const from = cells.Begin();
    const size_t length = cells.Length();
    if (kQuoted && length > 0 && *from == quote) {
      to = CopyQuoted(run, from + 1, length - 2, to);
    } else {
      to = CopyCell(from, length, to);
    }
    *offset++ = static_cast<int32_t>(before + static_cast<size_t>(to - room));
  }
  builder.CommitCells(static_cast<size_t>(to - room));
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
