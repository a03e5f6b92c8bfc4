// Where the table of a sheet stands, and what its columns are called.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugins/spreadsheet/options.h"
#include "plugins/spreadsheet/row.h"

namespace concordat::spreadsheet {

struct TableColumn {
  uint32_t column = 0;  // of the sheet
  std::string name;     // no two alike
  std::string written;  // as in the sheet, on one line
};

struct TableShape {
  uint64_t header_row = 0;  // its last; 0: none
  uint64_t first_row = 0;   // of the records, if there are any
  uint64_t records = 0;     // of the sample, footnotes and all
  std::vector<TableColumn> columns;
  std::vector<std::string> notes;
};

/// Which rows of the sample are the header: [first, last]; nothing when there is none.
struct HeaderRows {
  size_t first = 0;
  size_t last = 0;
};
std::optional<HeaderRows> FindHeader(const std::vector<Row>& rows, const Options& options);
/// As many filled cells as the table's rows usually have; titles and footnotes count for little.
size_t UsualWidth(const std::vector<Row>& rows);
/// Text, or a number that is a year: what headings are made of.
bool IsHeading(const Row& row, const Cell& cell);

/// Of a sheet that begins with `rows`, within the feed's range already. `merged` is what is known of merged
/// cells. SourceUnreadable when the header is not where the feed says.
Status FindShape(const std::vector<Row>& rows, const std::vector<Area>& merged, const Options& options,
                 TableShape& shape);

}  // namespace concordat::spreadsheet
