// Dates and times in any of a feed's patterns, and the serial days of spreadsheets, written in the contract's
// own form.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/status.h"
#include "host/data/parse.h"
#include "host/policy/mapping.h"

namespace concordat::mapping {

/// Immutable once created.
class DateReader {
 public:
  /// InvalidArgument when a pattern does not compile or cannot make a value of the field.
  static absl::StatusOr<DateReader> Create(const data::Field& field, const policy::DateReading& reading);

  /// Whether anything is to be done: the only pattern may be the contract's own.
  bool changes() const { return !readings_.empty(); }
  /// False, with `out` as it was, when no pattern fits.
  bool Append(std::string_view text, std::string& out) const;
  /// "a date as dd/MM/yyyy or dd-MMM-yy".
  const std::string& in_words() const { return words_; }

 private:
  struct Reading {
    std::optional<data::TimePattern> pattern;  // none: a serial day
    bool from_1904 = false;
    bool two_digit_year = false;
  };
  std::optional<int64_t> Micros(const Reading& reading, std::string_view text) const;

  bool whole_days_ = false;  // a date is the day as written, whatever its offset
  bool time_of_day_ = false;
  std::optional<int> pivot_;
  std::vector<Reading> readings_;
  std::optional<data::TimePattern> to_;
  std::string words_;
};

/// Microseconds since 1970 of a spreadsheet's serial day, with its fraction; nothing when `text` is no number
/// in range. In the 1900 system, which counts a 29 February 1900 that never was, day 60 is no day
/// (Ecma Office Open XML Part 1, 18.17.4.1).
std::optional<int64_t> MicrosOfSerialDay(std::string_view text, bool from_1904);

}  // namespace concordat::mapping
