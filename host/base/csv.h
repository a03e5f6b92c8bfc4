// Writing CSV (RFC 4180): commas, quotes where they must be, CR LF.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace concordat {

/// The cell, quoted when it holds a comma, a quote or a line break.
std::string CsvCell(std::string_view text);
/// The same, appended.
void AppendCsvCell(std::string_view text, std::string& out);
/// One line with its end.
std::string CsvLine(const std::vector<std::string>& cells);

}  // namespace concordat
