// A batch on its way through the worker: text cells that are borrowed from the adapter as long as nothing had
// to change.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "host/data/batch_frame.h"
#include "host/worker/arrow_text.h"

namespace concordat::worker {

/// Readable records in columns; unreadable ones apart; both ascending. Borrowed cells live as long as the
/// Arrow array.
struct WorkBatch {
  std::vector<Cells> columns;
  std::vector<uint64_t> records;
  std::vector<uint64_t> lines;
  std::vector<data::UnreadableRecord> unreadable;

  size_t rows() const { return records.size(); }
  data::BatchView View(const std::vector<data::RawFinding>& findings) const;
};

/// A run of rows of one column, to be copied as a whole.
struct RowRun {
  const data::TextView* from = nullptr;  // null: `end - begin` empty cells
  size_t begin = 0;
  size_t end = 0;
};

/// A column of its own made of `runs`, in order.
Cells CopyRuns(const std::vector<RowRun>& runs);

}  // namespace concordat::worker
