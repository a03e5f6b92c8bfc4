#include "plugins/tree/row.h"

namespace concordat::tree {

void Row::Begin() {
  for (const int column : touched_) {
    cells_[static_cast<size_t>(column)].values = 0;
    cells_[static_cast<size_t>(column)].text.clear();
  }
  touched_.clear();
  elements_.clear();
  in_element_ = false;
  bytes_ = 0;
}

void Row::Add(int column, std::string_view text) {
  if (column < 0) return;
  bytes_ += text.size();
  if (in_element_) {
    elements_.back().emplace_back(column, std::string(text));
    return;
  }
  Cell& cell = cells_[static_cast<size_t>(column)];
  if (cell.values == 0) touched_.push_back(column);
  AddTo(cell, text);
}

void Row::BeginElement() {
  elements_.emplace_back();
  in_element_ = true;
}

void Row::AddTo(Cell& cell, std::string_view text) {
  if (cell.values == 0) {
    cell.text.assign(text);
  } else {
    if (!separator_.empty() && text.find(separator_) != std::string_view::npos) ++ambiguous_;
    if (cell.values == 1 && !separator_.empty() && cell.text.find(separator_) != std::string::npos)
      ++ambiguous_;
    cell.text.append(separator_).append(text);
  }
  ++cell.values;
}

void Row::Emit(sdk::BatchBuilder& batch, uint64_t line) {
  if (elements_.empty()) {
    EmitOne(batch, line);
    return;
  }
  for (const auto& element : elements_) {
    // What an element fills, nothing outside the list fills.
    for (const auto& [column, text] : element) AddTo(cells_[static_cast<size_t>(column)], text);
    EmitOne(batch, line);
    for (const auto& [column, text] : element) {
      cells_[static_cast<size_t>(column)].values = 0;
      cells_[static_cast<size_t>(column)].text.clear();
    }
  }
}

void Row::EmitOne(sdk::BatchBuilder& batch, uint64_t line) {
  for (size_t column = 0; column < cells_.size(); ++column) batch.column(column).Append(cells_[column].text);
  batch.EndRecord(line);
}

}  // namespace concordat::tree
