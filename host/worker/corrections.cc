#include "host/worker/corrections.h"

#include <algorithm>

#include "fmt/format.h"

namespace concordat::worker {
namespace {

absl::Status NotInSource(uint64_t record) {
  return absl::InvalidArgumentError(
      fmt::format("record {} is to be mended, and the source has no such record", record));
}

uint64_t LastRecord(const WorkBatch& batch) {
  const uint64_t readable = batch.records.empty() ? 0 : batch.records.back();
  return std::max(readable, batch.unreadable.empty() ? 0 : batch.unreadable.back().record);
}

}  // namespace

/// The corrected batch in the making: runs of the batch's rows with rows of the corrections between them.
class Corrections::Plan {
 public:
  explicit Plan(const WorkBatch& batch) : batch_(batch) {}

  /// Leaves the batch's rows up to `row` as they are.
  void KeepUntil(size_t row) {
    if (row > row_) pieces_.push_back({row_, row, false, std::nullopt});
    for (; row_ < row; ++row_) Note(batch_.records[row_], batch_.lines[row_]);
  }

  /// Puts correction `index` in the place of its record, or drops that. False when the batch has no such
  /// record.
  bool Correct(size_t index, uint64_t record, bool drop) {
    const auto at = std::lower_bound(batch_.records.begin(), batch_.records.end(), record);
    KeepUntil(static_cast<size_t>(at - batch_.records.begin()));
    std::optional<size_t> original;
    uint64_t line = 0;
    if (at != batch_.records.end() && *at == record) {
      original = row_;
      line = batch_.lines[row_++];
    } else if (const data::UnreadableRecord* bad = FindUnreadable(record); bad != nullptr) {
      line = bad->line;
      mended_.push_back(record);
    } else {
      return false;
    }
    if (drop) return true;
    pieces_.push_back({index, index + 1, true, original});
    Note(record, line);
    return true;
  }

  /// Column `cells` of the corrected batch; `corrected` is null when the corrections do not have that column.
  Cells Rebuild(const Cells& cells, const data::TextView* corrected) const {
    std::vector<RowRun> runs;
    for (const Piece& piece : pieces_) {
      if (!piece.corrected) {
        runs.push_back({&cells.view, piece.begin, piece.end});
      } else if (corrected != nullptr) {
        runs.push_back({corrected, piece.begin, piece.end});
      } else if (piece.original) {
        runs.push_back({&cells.view, *piece.original, *piece.original + 1});
      } else {
        runs.push_back({nullptr, 0, 1});
      }
    }
    return CopyRuns(runs);
  }

  /// Numbers, lines and unreadable records of the corrected batch.
  void MoveInto(WorkBatch& batch) && {
    std::erase_if(batch.unreadable, [&](const data::UnreadableRecord& bad) {
      return std::binary_search(mended_.begin(), mended_.end(), bad.record);
    });
    batch.records = std::move(records_);
    batch.lines = std::move(lines_);
  }

 private:
  struct Piece {
    size_t begin = 0;
    size_t end = 0;
    bool corrected = false;
    std::optional<size_t> original;  // of a corrected row: the row it replaces, unless that was unreadable
  };

  void Note(uint64_t record, uint64_t line) {
    records_.push_back(record);
    lines_.push_back(line);
  }

  const data::UnreadableRecord* FindUnreadable(uint64_t record) const {
    const auto at = std::partition_point(batch_.unreadable.begin(), batch_.unreadable.end(),
                                         [&](const auto& bad) { return bad.record < record; });
    return at != batch_.unreadable.end() && at->record == record ? &*at : nullptr;
  }

  const WorkBatch& batch_;
  size_t row_ = 0;
  std::vector<Piece> pieces_;
  std::vector<uint64_t> records_;
  std::vector<uint64_t> lines_;
  std::vector<uint64_t> mended_;  // unreadable records that are so no longer, or were dropped
};

absl::StatusOr<Corrections> Corrections::Create(const data::WorkerCorrections& corrections,
                                                const std::vector<std::string>& source_columns) {
  std::vector<std::optional<size_t>> column_of(source_columns.size());
  for (size_t i = 0; i < corrections.columns.size(); ++i) {
    size_t at = 0;
    // Of two columns with one name the first meets the first.
    while (at < source_columns.size() && (column_of[at] || source_columns[at] != corrections.columns[i]))
      ++at;
    if (at == source_columns.size()) {
      return absl::InvalidArgumentError(
          fmt::format("column \"{}\" of the mended records is not in the source", corrections.columns[i]));
    }
    column_of[at] = i;
  }
  return Corrections(corrections, std::move(column_of));
}

absl::Status Corrections::Apply(WorkBatch& batch) {
  const auto records = corrections_->cells.records;
  const uint64_t last = LastRecord(batch);
  if (next_ >= records.size() || records[next_] > last) return absl::OkStatus();
  Plan plan(batch);
  for (; next_ < records.size() && records[next_] <= last; ++next_) {
    if (!plan.Correct(next_, records[next_], corrections_->drop[next_] != 0))
      return NotInSource(records[next_]);
  }
  plan.KeepUntil(batch.rows());
  for (size_t i = 0; i < batch.columns.size(); ++i) {
    const auto& column = column_of_[i];
    batch.columns[i] =
        plan.Rebuild(batch.columns[i], column ? &corrections_->cells.columns[*column] : nullptr);
  }
  std::move(plan).MoveInto(batch);
  return absl::OkStatus();
}

absl::Status Corrections::Finish() const {
  const auto records = corrections_->cells.records;
  return next_ < records.size() ? NotInSource(records[next_]) : absl::OkStatus();
}

}  // namespace concordat::worker
