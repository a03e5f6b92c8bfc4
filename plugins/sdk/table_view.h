// Reading a table of utf8 columns that somebody else owns: a reference table, or the batch given to Validate.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "plugins/sdk/adapter_abi.h"

namespace concordat::sdk {

/// One column of cells. Cheap to copy; valid as long as the table it came from.
class ColumnView {
 public:
  ColumnView() = default;
  ColumnView(std::string_view name, const ArrowArray& array)
      : name_(name),
        rows_(static_cast<size_t>(array.length)),
        offsets_(static_cast<const int32_t*>(array.buffers[1]) + array.offset),
        bytes_(static_cast<const char*>(array.buffers[2])) {}

  std::string_view name() const { return name_; }
  size_t rows() const { return rows_; }
  std::string_view operator[](size_t row) const {
    return {bytes_ + offsets_[row], static_cast<size_t>(offsets_[row + 1] - offsets_[row])};
  }

 private:
  std::string_view name_;
  size_t rows_ = 0;
  const int32_t* offsets_ = nullptr;
  const char* bytes_ = nullptr;
};

/// Utf8 columns of equal length, as the worker hands them over (no nulls). Cheap to copy; owns nothing.
class TableView {
 public:
  TableView() = default;
  TableView(const ArrowSchema& schema, const ArrowArray& table) : schema_(&schema), table_(&table) {}

  size_t rows() const { return table_ == nullptr ? 0 : static_cast<size_t>(table_->length); }
  size_t column_count() const { return table_ == nullptr ? 0 : static_cast<size_t>(table_->n_children); }
  ColumnView column(size_t index) const { return {schema_->children[index]->name, *table_->children[index]}; }
  /// The first column of that name, or nothing.
  std::optional<ColumnView> Find(std::string_view name) const {
    for (size_t i = 0; i < column_count(); ++i) {
      if (name == schema_->children[i]->name) return column(i);
    }
    return std::nullopt;
  }

 private:
  const ArrowSchema* schema_ = nullptr;
  const ArrowArray* table_ = nullptr;
};

}  // namespace concordat::sdk
