// Numbers of a workbook as text, and the text of its cells.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace concordat::spreadsheet {

/// A stored number: nothing when it is none.
std::optional<double> ReadNumber(std::string_view stored);
/// As people see it at full width: whole numbers as they are stored, others to the 15 digits that
/// spreadsheets show (0.1+0.2 is stored as 0.30000000000000004 and shown as 0.3); no exponent but for very
/// large and very small ones.
std::string NumberText(std::string_view stored, double value);
/// "_x000D_" and its like, as Excel writes characters that XML cannot hold.
std::string WithoutEscapes(std::string_view text);

}  // namespace concordat::spreadsheet
