// Which rows below the header are records: totals and footnotes at the end are none.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "plugins/spreadsheet/options.h"
#include "plugins/spreadsheet/row.h"
#include "plugins/spreadsheet/table_shape.h"

namespace concordat::spreadsheet {

/// Rows go in and records come out, in order; a row that may be a total or a footnote waits until it is known
/// what follows.
class RowFilter {
 public:
  RowFilter(const Options& options, const TableShape& shape);

  void Add(Row row);
  void AddEnd();
  /// False when none is ready.
  bool Take(Row& row);

  /// Empty rows between records.
  uint64_t blank() const { return blank_; }
  /// What was left out; complete after AddEnd.
  std::vector<std::string> notes() const;

 private:
  enum class Guess { kRecord, kTotal, kNote };
  struct Waiting {
    Row row;
    Guess guess;
    bool after_gap;
  };

  Guess GuessOf(const Row& row) const;
  bool IsTotal(const Row& row) const;
  bool MayBeNote(const Row& row) const;
  void Emit(Row row);
  void Flush(size_t count);
  void LeaveOut(const Waiting& waiting);

  const Options& options_;
  const uint32_t first_column_;
  const size_t columns_;
  uint64_t last_row_;  // that was a record, or the header
  uint64_t last_seen_;
  uint64_t blank_ = 0;
  std::deque<Waiting> waiting_;
  std::deque<Row> ready_;
  std::vector<std::string> totals_;
  std::vector<std::string> kept_totals_;  // read as records
  std::vector<std::string> footnotes_;
};

}  // namespace concordat::spreadsheet
