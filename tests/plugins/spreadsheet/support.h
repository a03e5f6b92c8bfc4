// Workbooks made of what a test says, and what the reader makes of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/spreadsheet/reader.h"
#include "tests/plugins/packed/packed_files.h"

namespace concordat::spreadsheet {

struct XlsxSheetText {
  std::string name;
  std::string rows;         // within <sheetData>
  std::string behind = "";  // </sheetData>: merged cells
  std::string state = "visible";
  std::string before = "";  // <sheetData>: columns, dimension
};

/// A workbook of strict or transitional kind with these sheets; `styles` is what stands within <styleSheet>,
/// `strings` the <si> elements.
struct XlsxText {
  std::vector<XlsxSheetText> sheets;
  std::string styles = "";
  std::string strings = "";
  std::string properties = "";  // of the workbook
  std::string prefix = "";      // of every element, with its colon
};
std::string MakeXlsx(const XlsxText& book);
/// Of one sheet.
std::string MakeXlsx(const std::string& rows, const std::string& behind = "");

/// Rows out of cells: a number stays one, "=..." is raw XML of a cell, "" is no cell, all else is text.
std::string Rows(const std::vector<std::vector<std::string>>& rows, uint64_t first = 1);

/// `tables` are <table:table> elements.
std::string MakeOds(const std::string& tables, const std::string& manifest = "");

struct ReadResult {
  Status status;
  std::string message;
  std::vector<std::string> columns;
  std::vector<std::string> records;     // "line: a|b"
  std::vector<std::string> unreadable;  // "line: reason"
  std::vector<BadCell> bad;
  std::vector<std::string> notes;
  uint64_t header_row = 0;
  uint64_t blank = 0;

  std::string all_notes() const;
};
ReadResult Read(std::string bytes, const Options& options = {});
/// Without keeping records: how many there are.
Status CountRecords(packed::ByteSource* source, const Options& options, uint64_t& records);

/// The shared sample data beside the checkout, or empty when it is not there.
std::string SharedData();
std::string FileBytes(const std::string& path);

}  // namespace concordat::spreadsheet
