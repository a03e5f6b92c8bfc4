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

// 0 to 9, or more for any other character.
constexpr unsigned DigitOf(char c) { return static_cast<unsigned char>(c) - unsigned{'0'}; }

// Skips digits and adds them to `value`, which wraps beyond 19 of them.
const char* SkipDigits(const char* at, const char* end, uint64_t& value) {
  for (; at != end && DigitOf(*at) <= 9; ++at) value = value * 10 + DigitOf(*at);
  return at;
}

// 'e' or 'E', optional sign and at least one digit, up to the end.
bool IsExponent(const char* at, const char* end) {
  if (at == end || (*at != 'e' && *at != 'E')) return false;
  ++at;
  if (at != end && (*at == '+' || *at == '-')) ++at;
  uint64_t ignored = 0;
  return at != end && SkipDigits(at, end, ignored) == end;
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
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool negative = at != end && *at == '-';
  if (at != end && (*at == '-' || *at == '+')) ++at;
  if (at == end) return std::nullopt;
  constexpr std::ptrdiff_t kSafeDigits = 18;  // these fit whatever they are
  if (end - at <= kSafeDigits) {
    uint64_t value = 0;
    if (SkipDigits(at, end, value) != end) return std::nullopt;
    return negative ? -static_cast<int64_t>(value) : static_cast<int64_t>(value);
  }
  if (!negative && *at == '-') return std::nullopt;  // "+-1": from_chars knows the minus sign
  if (negative) --at;
  int64_t value = 0;
  const auto result = std::from_chars(at, end, value);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return value;
}

std::optional<double> ParseNumber(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool negative = at != end && *at == '-';
  if (at != end && (*at == '-' || *at == '+')) ++at;
  uint64_t mantissa = 0;
  const char* const whole = at;
  at = SkipDigits(at, end, mantissa);
  size_t digits = static_cast<size_t>(at - whole);
  if (digits == 0) return std::nullopt;
  size_t fraction_digits = 0;
  if (at != end && *at == '.') {
    const char* const fraction = ++at;
    at = SkipDigits(at, end, mantissa);
    fraction_digits = static_cast<size_t>(at - fraction);
    if (fraction_digits == 0) return std::nullopt;
    digits += fraction_digits;
  }
  if (at != end) return IsExponent(at, end) ? ParseSlowly(text) : std::nullopt;
  // Both operands are exact, so the one division rounds correctly (Clinger 1990).
  constexpr uint64_t kExactlyRepresentable = uint64_t{1} << 53;
  if (digits > 18 || mantissa > kExactlyRepresentable) return ParseSlowly(text);
  const double magnitude = static_cast<double>(mantissa) / kPowersOfTen[fraction_digits];
  return negative ? -magnitude : magnitude;
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
  const int y = month <= 2 ? year - 1 : year;
  const int era = (y >= 0 ? y : y - 399) / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return int64_t{era} * 146'097 + day_of_era - 719'468;
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
