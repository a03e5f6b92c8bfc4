#include "tools/concordat/render/table.h"

#include <algorithm>

#include "host/base/utf8.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {

void Table::Add(std::vector<std::string> cells) {
  for (std::string& cell : cells) {
    std::replace(cell.begin(), cell.end(), '\n', ' ');
    cell = HarmlessPage(cell);
  }
  rows_.push_back(std::move(cells));
}

std::string Table::str() const {
  std::vector<size_t> widths;
  for (const std::string& cell : header_) widths.push_back(DisplayWidth(cell));
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size() && i < widths.size(); ++i)
      widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  std::string text;
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string out;
    for (size_t i = 0; i < cells.size() && i < widths.size(); ++i) {
      out += cells[i] + std::string(widths[i] - DisplayWidth(cells[i]) + 2, ' ');
    }
    out.erase(out.find_last_not_of(' ') + 1);
    text += out + "\n";
  };
  line(header_);
  for (const auto& row : rows_) line(row);
  return text;
}

Table TableOf(const json::Value& list, const std::vector<std::string>& members) {
  Table table(members);
  if (!list.is_array()) return table;
  for (const json::Value& row : list.get_array()) {
    std::vector<std::string> cells;
    for (const std::string& member : members) {
      const json::Value& cell = Member(row, member);
      cells.push_back(cell.is_null() ? "" : TextOf(cell));
    }
    table.Add(std::move(cells));
  }
  return table;
}

}  // namespace concordat::cli
