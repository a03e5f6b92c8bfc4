// A row of a sheet as it stands in the file, its cells as the text that people see.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace concordat::spreadsheet {

enum class CellKind : uint8_t { kText, kNumber, kDate, kBoolean, kError };

/// Sheets have at most so many columns and rows, in Excel and in LibreOffice.
inline constexpr uint32_t kMostColumns = 16384;
inline constexpr uint64_t kMostRows = 1048576;

struct Cell {
  uint32_t column = 0;  // 0-based
  CellKind kind = CellKind::kText;
  bool percent = false;    // shown as a percentage
  bool no_result = false;  // a formula without a stored result; its text is empty
  uint32_t begin = 0;      // of its text in Row::text
  uint32_t size = 0;
};

/// Cells in the order of their columns; only those that hold something.
struct Row {
  uint64_t number = 0;  // in the sheet, 1-based
  bool hidden = false;
  std::vector<Cell> cells;
  std::string text;

  std::string_view TextOf(const Cell& cell) const {
    return std::string_view(text).substr(cell.begin, cell.size);
  }
  /// Null when there is no such cell.
  const Cell* At(uint32_t column) const {
    for (const Cell& cell : cells) {
      if (cell.column == column) return &cell;
      if (cell.column > column) break;
    }
    return nullptr;
  }
  void Add(Cell cell, std::string_view value) {
    cell.begin = static_cast<uint32_t>(text.size());
    cell.size = static_cast<uint32_t>(value.size());
    text += value;
    cells.push_back(cell);
  }
  void Clear() {
    number = 0;
    hidden = false;
    cells.clear();
    text.clear();
  }
};

/// A rectangle of cells, both ends included; 0-based columns, 1-based rows.
struct Area {
  uint32_t first_column = 0;
  uint32_t last_column = kMostColumns - 1;
  uint64_t first_row = 1;
  uint64_t last_row = kMostRows;

  bool Holds(uint32_t column, uint64_t row) const {
    return column >= first_column && column <= last_column && row >= first_row && row <= last_row;
  }
};

/// "C" for 2.
std::string ColumnName(uint32_t column);
/// "C7" into column 2 and row 7, "C" into column 2 and row 0; false when it is no place.
bool ReadPlace(std::string_view text, uint32_t& column, uint64_t& row);
/// "A5:F200", "A5:F", "A5"; false when it is no area.
bool ReadArea(std::string_view text, Area& area);

}  // namespace concordat::spreadsheet
