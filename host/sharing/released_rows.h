// Rows in the form in which they leave: texts in columns.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/base/status.h"
#include "host/data/text_column.h"

namespace concordat::sharing {

/// Columns of equal length, in output order. Plain value.
struct ReleasedRows {
  std::vector<std::shared_ptr<data::TextColumn>> columns;

  size_t rows() const { return columns.empty() ? 0 : columns.front()->rows(); }
};

/// Empty columns of these names.
ReleasedRows EmptyRows(const std::vector<std::string>& names);
/// The rows of `from` whose flag is set.
ReleasedRows Narrowed(const ReleasedRows& from, const std::vector<bool>& keep);

/// One flat text for a spool, and back. DataLoss when the text is not one of ours.
std::string Packed(const ReleasedRows& rows);
absl::StatusOr<ReleasedRows> Unpacked(std::string_view text, const std::vector<std::string>& names);

}  // namespace concordat::sharing
