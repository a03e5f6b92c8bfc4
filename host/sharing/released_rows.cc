#include "host/sharing/released_rows.h"

#include <cstring>

namespace concordat::sharing {
namespace {

void PutNumber(uint64_t number, std::string& out) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

bool TakeNumber(std::string_view& text, uint64_t& number) {
  if (text.size() < sizeof number) return false;
  std::memcpy(&number, text.data(), sizeof number);
  text.remove_prefix(sizeof number);
  return true;
}

}  // namespace

ReleasedRows EmptyRows(const std::vector<std::string>& names) {
  ReleasedRows rows;
  for (const std::string& name : names) {
    rows.columns.push_back(std::make_shared<data::TextColumn>());
    rows.columns.back()->name = name;
  }
  return rows;
}

ReleasedRows Narrowed(const ReleasedRows& from, const std::vector<bool>& keep) {
  ReleasedRows to;
  for (const auto& column : from.columns) {
    auto narrowed = std::make_shared<data::TextColumn>();
    narrowed->name = column->name;
    for (size_t row = 0; row < keep.size(); ++row) {
      if (keep[row]) narrowed->Append(column->at(row));
    }
    to.columns.push_back(std::move(narrowed));
  }
  return to;
}

std::string Packed(const ReleasedRows& rows) {
  std::string text;
  PutNumber(rows.rows(), text);
  for (const auto& column : rows.columns) {
    text.append(reinterpret_cast<const char*>(column->offsets.data()),
                column->offsets.size() * sizeof(uint32_t));
    text.append(column->bytes);
  }
  return text;
}

absl::StatusOr<ReleasedRows> Unpacked(std::string_view text, const std::vector<std::string>& names) {
  const absl::Status broken = absl::DataLossError("what was staged cannot be read back");
  ReleasedRows rows = EmptyRows(names);
  uint64_t count = 0;
  if (!TakeNumber(text, count) || count > text.size()) return broken;
  for (const auto& column : rows.columns) {
    const size_t size = (count + 1) * sizeof(uint32_t);
    if (text.size() < size) return broken;
    column->offsets.resize(count + 1);
    std::memcpy(column->offsets.data(), text.data(), size);
    text.remove_prefix(size);
    if (column->offsets.back() > text.size()) return broken;
    column->bytes = text.substr(0, column->offsets.back());
    text.remove_prefix(column->offsets.back());
  }
  return rows;
}

}  // namespace concordat::sharing
