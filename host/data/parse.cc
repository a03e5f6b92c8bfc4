#include "host/data/parse.h"

#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

#include "absl/strings/charconv.h"
#include "fmt/format.h"

namespace concordat::data {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Where the parts of a number's text end; `ok` is false when it is not written as a number.
struct NumberShape {
  bool negative = false;
  bool ok = false;
  bool has_exponent = false;
  int digits = 0;  // of the mantissa
  int fraction_digits = 0;
  uint64_t mantissa = 0;  // wraps beyond 19 digits; only used up to 18
};

size_t SkipDigits(std::string_view text, size_t at, NumberShape& shape) {
  for (; at < text.size() && IsDigit(text[at]); ++at) {
    shape.mantissa = shape.mantissa * 10 + static_cast<uint64_t>(text[at] - '0');
    ++shape.digits;
  }
  return at;
}

// After 'e': optional sign and at least one digit, up to the end.
bool IsExponent(std::string_view text) {
  size_t at = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
  const size_t first = at;
  while (at < text.size() && IsDigit(text[at])) ++at;
  return at > first && at == text.size();
}

NumberShape ShapeOf(std::string_view text) {
  NumberShape shape;
  size_t at = 0;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    shape.negative = text[0] == '-';
    at = 1;
  }
  at = SkipDigits(text, at, shape);
  if (shape.digits == 0) return shape;
  if (at < text.size() && text[at] == '.') {
    const int whole = shape.digits;
    at = SkipDigits(text, at + 1, shape);
    shape.fraction_digits = shape.digits - whole;
    if (shape.fraction_digits == 0) return shape;
  }
  shape.has_exponent = at < text.size() && (text[at] == 'e' || text[at] == 'E');
  shape.ok = shape.has_exponent ? IsExponent(text.substr(at + 1)) : at == text.size();
  return shape;
}

constexpr std::array<double, 19> kPowersOfTen = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                                 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};

std::optional<double> ParseSlowly(std::string_view text) {
  if (text[0] == '+') text.remove_prefix(1);
  double number = 0;
  const auto result = absl::from_chars(text.data(), text.data() + text.size(), number);
  // Too large is no number; too small is zero or the nearest there is, which from_chars has put there.
  if (result.ec == std::errc::result_out_of_range && std::fabs(number) > 1) return std::nullopt;
  return number;
}

}  // namespace

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
  const auto blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty()) {
    if (blank(text.front()))
      text.remove_prefix(1);
    else if (text.starts_with(kNoBreakSpace))
      text.remove_prefix(2);
    else
      break;
  }
  while (!text.empty()) {
    if (blank(text.back()))
      text.remove_suffix(1);
    else if (text.ends_with(kNoBreakSpace))
      text.remove_suffix(2);
    else
      break;
  }
  return text;
}

std::optional<int64_t> ParseInteger(std::string_view text) {
  const bool plus = !text.empty() && text[0] == '+';
  if (plus) text.remove_prefix(1);
  if (text.empty() || (plus && text[0] == '-')) return std::nullopt;
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> ParseNumber(std::string_view text) {
  const NumberShape shape = ShapeOf(text);
  if (!shape.ok) return std::nullopt;
  // Both operands are exact, so the one division rounds correctly (Clinger 1990).
  constexpr uint64_t kExactlyRepresentable = uint64_t{1} << 53;
  if (!shape.has_exponent && shape.digits <= 18 && shape.mantissa <= kExactlyRepresentable) {
    const double magnitude =
        static_cast<double>(shape.mantissa) / kPowersOfTen[static_cast<size_t>(shape.fraction_digits)];
    return shape.negative ? -magnitude : magnitude;
  }
  return ParseSlowly(text);
}

std::optional<bool> ParseBoolean(std::string_view text) {
  for (const std::string_view word : {"true", "True", "TRUE", "1", "Y", "Yes"}) {
    if (text == word) return true;
  }
  for (const std::string_view word : {"false", "False", "FALSE", "0", "N", "No"}) {
    if (text == word) return false;
  }
  return std::nullopt;
}

// Both conversions: Howard Hinnant, "chrono-compatible low-level date algorithms"; years begin in March
// there.
int64_t DaysFromCivil(int year, int month, int day) {
  const int64_t y = month <= 2 ? year - 1 : year;
  const int64_t era = (y >= 0 ? y : y - 399) / 400;
  const int64_t year_of_era = y - era * 400;
  const int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

void CivilFromDays(int64_t days, int& year, int& month, int& day) {
  const int64_t z = days + 719'468;
  const int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const int64_t day_of_era = z - era * 146'097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  year = static_cast<int>(year_of_era + era * 400 + (month <= 2 ? 1 : 0));
}

std::string DateText(int64_t days) {
  int year = 0, month = 0, day = 0;
  CivilFromDays(days, year, month, day);
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

std::string TimestampText(int64_t micros) {
  int64_t days = micros / kMicrosPerDay;
  int64_t rest = micros % kMicrosPerDay;
  if (rest < 0) {
    rest += kMicrosPerDay;
    --days;
  }
  const int64_t seconds = rest / kMicrosPerSecond;
  const int64_t fraction = rest % kMicrosPerSecond;
  std::string out =
      fmt::format("{}T{:02}:{:02}:{:02}", DateText(days), seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (fraction != 0) out += fmt::format(".{:06}", fraction);
  return out + "Z";
}

std::string NumberText(double number) {
  if (number == 0) return "0";
  const double magnitude = std::fabs(number);
  // Below 1e-15 the zeros would outnumber the digits; there and from 1e15 on the shorter form serves.
  const bool fixed = magnitude < 1e15 && magnitude >= 1e-15;
  std::array<char, 64> buffer;
  const auto result =
      fixed ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::fixed)
            : std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return std::string(buffer.data(), result.ptr);
}

}  // namespace concordat::data
