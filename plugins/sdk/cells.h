// Cutting one line into cells, for layouts of a partner's own; whole CSV files are the delimited adapter's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace concordat::sdk {

/// Cuts `line` at `delimiter`; a cell may stand in double quotes, which are doubled within it (RFC 4180, but
/// no line breaks within cells). False when a quote is not closed or text stands behind a closing one.
inline bool CutCells(std::string_view line, char delimiter, std::vector<std::string>& cells) {
  cells.clear();
  while (true) {
    cells.emplace_back();
    if (!line.empty() && line.front() == '"') {
      line.remove_prefix(1);
      while (true) {
        const size_t quote = line.find('"');
        if (quote == std::string_view::npos) return false;
        cells.back() += line.substr(0, quote);
        line.remove_prefix(quote + 1);
        if (line.empty() || line.front() != '"') break;
        cells.back() += '"';
        line.remove_prefix(1);
      }
      if (!line.empty() && line.front() != delimiter) return false;
    } else {
      const std::string_view cell = line.substr(0, line.find(delimiter));
      cells.back() = cell;
      line.remove_prefix(cell.size());
    }
    if (line.empty()) return true;
    line.remove_prefix(1);
    if (line.empty()) {
      cells.emplace_back();
      return true;
    }
  }
}

}  // namespace concordat::sdk
