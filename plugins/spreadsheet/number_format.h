// How a number is to be shown: plain, a date, a time, a percentage, a code with leading zeros.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace concordat::spreadsheet {

struct NumberFormat {
  enum class Kind : uint8_t { kPlain, kDate, kTime, kDateTime, kElapsed, kPercent, kPadded };
  Kind kind = Kind::kPlain;
  uint8_t width = 0;  // of kPadded: "00000" is 5
};

/// Of a format's code, as in "dd/mm/yyyy". Only its first section counts: the others are for negative
/// numbers, zero and text. Source: ECMA-376 part 1, 18.8.30 and 18.8.31.
NumberFormat FormatOfCode(std::string_view code);
/// Of a format that has a number only (below 164).
NumberFormat FormatOfNumber(uint32_t number);

/// A serial as ISO 8601 in what `kind` shows: 2019-01-31, 13:45:00, 2019-01-31T13:45:00, or 26:30:00 of
/// elapsed time. `epoch_1904` is the workbook's. False when there is no such date: before 1900 or after 9999.
bool DateText(double serial, NumberFormat::Kind kind, bool epoch_1904, std::string& text);

}  // namespace concordat::spreadsheet
