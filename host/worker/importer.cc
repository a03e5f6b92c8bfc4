#include "host/worker/importer.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/worker/shown_text.h"

namespace concordat::worker {
namespace {

constexpr size_t kRawBytes = 4096;
constexpr size_t kReasonBytes = 1024;
constexpr int64_t kMostRows = int64_t{1} << 31;  // what Arrow's own libraries put into one batch at most

ArrowColumn Special(const char* name) {
  ArrowColumn column;
  column.name = name;
  return column;
}

std::vector<size_t> ValidRows(const ArrowArray& array, size_t first, size_t rows) {
  std::vector<size_t> valid;
  if (array.null_count == array.length) return valid;
  for (size_t row = 0; row < rows; ++row) {
    if (IsValid(array, first + row)) valid.push_back(row);
  }
  return valid;
}

template <typename T>
void Erase(const std::vector<size_t>& rows, std::vector<T>& values) {
  size_t next = 0;
  size_t kept = 0;
  for (size_t row = 0; row < values.size(); ++row) {
    if (next < rows.size() && rows[next] == row) {
      ++next;
    } else {
      values[kept++] = values[row];
    }
  }
  values.resize(kept);
}

}  // namespace

absl::Status Importer::CheckStruct(const ArrowArray& array) const {
  if (array.length < 0 || array.offset < 0 || array.length > kMostRows || array.offset > kMostRows) {
    return absl::AbortedError(
        fmt::format("a batch of {} rows from row {} on is none", array.length, array.offset));
  }
  if (array.n_children != static_cast<int64_t>(schema_.children) ||
      (array.n_children > 0 && array.children == nullptr)) {
    return absl::AbortedError(
        fmt::format("a batch has {} columns where its schema has {}", array.n_children, schema_.children));
  }
  if (array.n_buffers > 0 && array.buffers != nullptr && array.buffers[0] != nullptr &&
      array.null_count != 0) {
    return absl::AbortedError("a batch has rows that are null as a whole");
  }
  for (size_t i = 0; i < schema_.children; ++i) {
    if (array.children[i] == nullptr) return absl::AbortedError("a batch has a column that is null");
  }
  return absl::OkStatus();
}

absl::StatusOr<WorkBatch> Importer::Import(const ArrowArray& array) {
  RETURN_IF_ERROR(CheckStruct(array));
  const auto first = static_cast<size_t>(array.offset);
  const auto rows = static_cast<size_t>(array.length);
  WorkBatch batch;
  batch.columns.reserve(schema_.columns.size());
  for (const ArrowColumn& column : schema_.columns) {
    ASSIGN_OR_RETURN(Cells cells, ReadCells(column, *array.children[column.child], first, rows));
    batch.columns.push_back(std::move(cells));
  }
  // After the columns: they show whether there are so many rows at all.
  RETURN_IF_ERROR(ReadNumbers(array, first, rows, batch));
  if (schema_.unreadable) RETURN_IF_ERROR(SetUnreadableApart(array, first, rows, batch));
  return batch;
}

absl::Status Importer::ReadNumbers(const ArrowArray& array, size_t first, size_t rows, WorkBatch& batch) {
  batch.records.resize(rows);
  batch.lines.resize(rows);
  if (schema_.record) {
    ASSIGN_OR_RETURN(const uint64_t* records,
                     ReadUint64(Special(CONCORDAT_RECORD), *array.children[*schema_.record], first, rows));
    std::copy(records, records + rows, batch.records.begin());
  } else {
    for (size_t row = 0; row < rows; ++row) batch.records[row] = last_record_ + 1 + row;
  }
  if (schema_.line) {
    ASSIGN_OR_RETURN(const uint64_t* lines,
                     ReadUint64(Special(CONCORDAT_LINE), *array.children[*schema_.line], first, rows));
    std::copy(lines, lines + rows, batch.lines.begin());
  }
  for (const uint64_t record : batch.records) {
    if (record <= last_record_) {
      return absl::AbortedError(fmt::format("record {} comes after record {}", record, last_record_));
    }
    last_record_ = record;
  }
  return absl::OkStatus();
}

absl::Status Importer::SetUnreadableApart(const ArrowArray& array, size_t first, size_t rows,
                                          WorkBatch& batch) const {
  const ArrowArray& reasons_array = *array.children[*schema_.unreadable];
  ASSIGN_OR_RETURN(const Cells reasons, ReadCells(Special(CONCORDAT_UNREADABLE), reasons_array, first, rows));
  const std::vector<size_t> bad_rows = ValidRows(reasons_array, first, rows);
  if (bad_rows.empty()) return absl::OkStatus();
  Cells raws;
  if (schema_.raw) {
    ASSIGN_OR_RETURN(raws, ReadCells(Special(CONCORDAT_RAW), *array.children[*schema_.raw], first, rows));
  }
  std::vector<std::pair<size_t, size_t>> good;  // runs of readable rows
  size_t begin = 0;
  for (const size_t row : bad_rows) {
    batch.unreadable.push_back({batch.records[row], batch.lines[row],
                                ShownText(reasons.view.at(row), kReasonBytes),
                                schema_.raw ? ShownText(raws.view.at(row), kRawBytes) : std::string()});
    if (row > begin) good.emplace_back(begin, row);
    begin = row + 1;
  }
  if (rows > begin) good.emplace_back(begin, rows);
  for (Cells& cells : batch.columns) {
    std::vector<RowRun> runs;
    for (const auto& [from, to] : good) runs.push_back({&cells.view, from, to});
    cells = CopyRuns(runs);
  }
  Erase(bad_rows, batch.records);
  Erase(bad_rows, batch.lines);
  return absl::OkStatus();
}

}  // namespace concordat::worker
