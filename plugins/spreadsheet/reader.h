// A workbook's table as records: the whole story, apart from the adapter ABI.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/sdk/batch_builder.h"
#include "plugins/spreadsheet/document.h"
#include "plugins/spreadsheet/merged_values.h"
#include "plugins/spreadsheet/options.h"
#include "plugins/spreadsheet/row_filter.h"
#include "plugins/spreadsheet/sheet_choice.h"

namespace concordat::spreadsheet {

/// A cell without a value that can be judged.
struct BadCell {
  uint64_t record = 0;
  size_t column = 0;  // of the table
  std::string error;  // "#N/A"; empty: a formula without a stored result
};

/// One thread. Errors: SourceUnreadable, for the steward; Failed, the system could not read.
class Reader {
 public:
  /// The source outlives it.
  Reader(packed::ByteSource* source, Options options) : source_(source), options_(std::move(options)) {}

  Status Open();
  const TableShape& shape() const { return sheet_.shape; }

  /// Records until the batch is full; none more at the end.
  Status Next(sdk::BatchBuilder& batch);
  /// Of the last batch.
  const std::vector<BadCell>& bad_cells() const { return bad_cells_; }

  /// Complete at the end.
  uint64_t blank() const { return filter_ ? filter_->blank() : 0; }
  std::vector<std::string> Notes() const;

 private:
  /// What was seen of a column.
  struct Seen {
    uint64_t numbers = 0;
    uint64_t whole = 0;
    uint64_t percents = 0;
    std::string percent;  // the first
    uint64_t errors = 0;
    uint64_t first_error = 0;  // row
    uint64_t no_result = 0;
    uint64_t first_no_result = 0;
  };

  Status PrepareMerged();
  Status NextRow(Row& row, bool& more);
  void Append(const Row& row, sdk::BatchBuilder& batch);
  void Look(const Row& row, const Cell& cell, size_t column);
  bool HasStrayCell(const Row& row, std::string& reason) const;
  void NoteColumn(const TableColumn& column, const Seen& seen, std::vector<std::string>& notes) const;

  packed::ByteSource* source_;
  const Options options_;
  std::unique_ptr<Document> document_;
  OpenedSheet sheet_;
  size_t next_sample_ = 0;
  bool ended_ = false;
  std::optional<RowFilter> filter_;
  MergedValues merged_;
  std::vector<int32_t> places_;  // by the sheet's column: which of the table, or -1
  std::vector<Seen> seen_;
  std::vector<BadCell> bad_cells_;
  std::vector<std::string> notes_;
  uint64_t next_record_ = 1;
  uint64_t last_row_ = 0;
  uint64_t hidden_rows_ = 0;
};

}  // namespace concordat::spreadsheet
