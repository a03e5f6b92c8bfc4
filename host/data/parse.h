// Text to typed values and back, strictly (interfaces: "Numbers", "Dates parse strictly by their format").
// Shared by the mapping, the rules, the store and the output of exchanges.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/status.h"
#include "host/data/batch.h"

namespace concordat::data {

/// Optional sign and digits; nothing outside int64.
std::optional<int64_t> ParseInteger(std::string_view text);
/// Optional sign, digits, optional point and digits, optional exponent; no inf, nan, blanks, thousands marks.
std::optional<double> ParseNumber(std::string_view text);
/// true/false, True/False, TRUE/FALSE, 1/0, Y/N or Yes/No, in these spellings only.
std::optional<bool> ParseBoolean(std::string_view text);

/// Without blanks at both ends: space, tab, line ends and the no-break space that spreadsheets leave.
std::string_view Trim(std::string_view text);

struct Moment;

/// A date, time or timestamp pattern of JDK letters (yyyy uuuu yy MMMM MMM MM M dd d EEE EEEE HH H hh mm ss
/// SSS a XXX Z 'T' and literals), compiled once. Thread-safe. "2024-5" is not yyyy-MM; 31 February is no
/// date; two-digit years lie within 1970 to 2069. English names, in any case; a weekday must be the date's
/// own.
class TimePattern {
 public:
  /// InvalidArgument naming the letter that is not supported.
  static absl::StatusOr<TimePattern> Compile(std::string_view pattern);
  /// ISO 8601: yyyy-MM-dd, T or a blank, HH:mm, then :ss, a fraction and Z or an offset, each if it is there.
  static TimePattern IsoTimestamp();

  /// Days since 1970-01-01; a missing day is the first of the month, a missing month January.
  std::optional<int64_t> ParseDays(std::string_view text) const;
  /// Microseconds since 1970-01-01T00:00Z; without an offset in the pattern the text is taken as UTC.
  std::optional<int64_t> ParseMicros(std::string_view text) const;
  /// The other way round: microseconds since 1970-01-01T00:00Z written by this pattern, in UTC.
  void AppendMicros(int64_t micros, std::string& out) const;

  const std::string& text() const { return pattern_; }
  bool has_year() const;

 private:
  // The patterns of nearly all files have a loop of their own.
  enum class Shape : uint8_t { kGeneral, kIsoDate, kIsoMonth, kDayFirst, kIsoTimestamp };
  struct Item {
    char letter = 0;  // 0: literal
    int count = 0;
    std::string literal;
  };
  static absl::Status CheckItems(std::string_view pattern, const std::vector<Item>& items);
  bool Read(std::string_view text, Moment& moment) const;

  std::string pattern_;
  std::vector<Item> items_;
  Shape shape_ = Shape::kGeneral;
};

/// The pattern of a field: its format, else yyyy-MM-dd, HH:mm:ss, or ISO 8601 for a timestamp.
absl::StatusOr<TimePattern> PatternOf(const Field& field);

/// Days since 1970-01-01 of a civil date (proleptic Gregorian), and back.
int64_t DaysFromCivil(int year, int month, int day);
void CivilFromDays(int64_t days, int& year, int& month, int& day);
/// "2026-05-20".
std::string DateText(int64_t days);
/// "2026-05-20T12:00:00Z", with microseconds only when there are some.
std::string TimestampText(int64_t micros);
/// Shortest decimal form that reads back as the same double, without an exponent below 1e15.
std::string NumberText(double number);

/// A field's parser with everything looked up once: states and typed values for a whole column. Thread-safe.
class CellParser {
 public:
  /// `more_missing`: missing tokens besides the field's own. InvalidArgument when the field's format does not
  /// compile.
  static absl::StatusOr<CellParser> Create(const Field& field,
                                           const std::vector<std::string>& more_missing = {});
  /// Fills states, integers and numbers of `column` from its text.
  void Fill(Column& column) const;
  /// True unless `text` is empty, a missing token or a marker.
  bool HoldsValue(std::string_view text) const { return Classify(text) == CellState::kValue; }

 private:
  // A few words, told apart by length before a byte is compared.
  struct Tokens {
    std::vector<std::string> words;
    uint64_t lengths = 0;  // bit n: there is a word of n bytes (63: or more)

    void Add(std::string_view word);
    bool has(std::string_view text) const {
      if ((lengths >> LengthBit(text.size()) & 1) == 0) return false;
      return std::find(words.begin(), words.end(), text) != words.end();
    }
    static constexpr size_t LengthBit(size_t length) { return std::min<size_t>(length, 63); }
  };

  CellState Classify(std::string_view& text) const;
  void FillStrings(Column& column) const;
  template <typename T, typename Parse>
  void FillTyped(Column& column, std::vector<T>& values, Parse parse) const;

  LogicalType type_ = LogicalType::kString;
  bool trim_ = false;
  Tokens missing_;
  Tokens markers_;
  std::optional<TimePattern> pattern_;
};

}  // namespace concordat::data
