// One raw batch as flat bytes: what the worker puts into a slot of the shared ring and the host copies out,
// and how reference tables are handed to the worker.
//
//   magic u32 · columns u32 · rows u64 · unreadable u32 · findings u32
//   records u64[rows] · lines u64[rows]
//   per column: offsets u32[rows + 1], the first 0 · bytes[last offset]
//   per unreadable record: record u64 · line u64 · reason · raw
//   per finding: record u64 · rule u32 · outcome u32 · message · mend · cells u32 · per cell: column · value
//
// Arrays start at a multiple of 8; a text is its size as u32 and its bytes. Byte order is the machine's.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/base/status.h"
#include "host/data/column_pool.h"
#include "host/data/raw_batch.h"
#include "host/data/wire.h"

namespace concordat::data {

/// A column of cells that somebody else owns.
struct TextView {
  const uint32_t* offsets = nullptr;  // rows + 1 entries, ascending; need not start at 0
  const char* bytes = nullptr;

  std::string_view at(size_t row) const { return {bytes + offsets[row], offsets[row + 1] - offsets[row]}; }
};

/// What an adapter's `validate` said of one record, before anybody checked it.
struct RawFinding {
  uint64_t record = 0;
  uint32_t rule = 0;     // index into the manifest's rules
  uint32_t outcome = 0;  // 0 fail, 1 skip, 2 unresolved
  std::string message;
  std::string mend;
  std::vector<std::pair<std::string, std::string>> cells;  // column, value
};

/// A batch that somebody else owns. Unreadable records and findings are ascending by record.
struct BatchView {
  std::vector<TextView> columns;
  std::span<const uint64_t> records;
  std::span<const uint64_t> lines;
  std::span<const UnreadableRecord> unreadable;
  std::span<const RawFinding> findings;

  size_t rows() const { return records.size(); }
};

/// A view of a batch, and of cells alone.
BatchView ViewOf(const RawBatch& batch);

/// Bytes that the batch needs as a frame.
size_t FrameSize(const BatchView& batch);
/// Writes the frame; with a writer that only counts, its size.
void WriteFrame(const BatchView& batch, WireWriter& out);
/// Both parts of a batch cut in two before some record, neither of them empty. Needs two records at least.
std::pair<BatchView, BatchView> SplitBatch(const BatchView& batch);

struct DecodedBatch {
  RawBatch records;
  std::vector<RawFinding> findings;
};

/// Copies a frame out of memory that a stranger may still be writing to, and checks the copy: sizes,
/// ascending offsets, UTF-8, ascending record numbers above `after`, every finding on a readable record of
/// the batch, once a rule, with a rule below `rule_count`. `columns` names the columns that are expected;
/// their memory comes from `pool`. DataLoss says what is wrong; `frame` is read once and never again.
absl::StatusOr<DecodedBatch> DecodeFrame(std::string_view frame, const std::vector<std::string>& columns,
                                         uint64_t after, size_t rule_count, ColumnPool& pool);

/// A frame where it is, for memory that nobody can write to any more and whose writer is trusted (only its
/// structure is checked). Unreadable records and findings are not read. DataLoss when it is no frame.
absl::StatusOr<BatchView> ViewFrame(WireReader& in);

}  // namespace concordat::data
