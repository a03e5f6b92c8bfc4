#include "plugins/spreadsheet/number_format.h"

#include <cmath>
#include <cstdio>

namespace concordat::spreadsheet {
namespace {

using Kind = NumberFormat::Kind;

constexpr int64_t kDayMillis = 86'400'000;
constexpr double kLastSerial = 2958466;  // 10000-01-01
constexpr int kDays1904 = 1462;          // its day 0 is 1904-01-01

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// A format's first section without what is only decoration; "[h]" and its like become a capital letter.
std::string Bare(std::string_view code) {
  std::string bare;
  for (size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    const char c = code[i];
    if (c == '"') {
      i = std::min(code.find('"', i + 1), code.size() - 1);
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == '[') {
      const size_t end = std::min(code.find(']', i + 1), code.size() - 1);
      const char first = i + 1 < code.size() ? Lower(code[i + 1]) : ' ';
      const bool same =
          code.find_first_not_of(std::string{first, static_cast<char>(first - 32)}, i + 1) == end;
      if ((first == 'h' || first == 'm' || first == 's') && same) bare += static_cast<char>(first - 32);
      i = end;
    } else {
      bare += Lower(c);
    }
  }
  return bare;
}

// Minutes stand after hours or before seconds; any other m is a month.
bool IsMinute(std::string_view bare, size_t at) {
  for (size_t i = at; i-- > 0;) {
    if (bare[i] == 'h' || bare[i] == 'H') return true;
    if (bare[i] == 'y' || bare[i] == 'd' || bare[i] == 's') break;
  }
  for (size_t i = at + 1; i < bare.size(); ++i) {
    if (bare[i] == 's' || bare[i] == 'S') return true;
    if (bare[i] == 'y' || bare[i] == 'd' || bare[i] == 'h') break;
  }
  return false;
}

bool IsPadding(std::string_view bare) {
  return bare.size() >= 2 && bare.size() <= 30 && bare.find_first_not_of('0') == bare.npos;
}

// The proleptic Gregorian calendar; day 0 is 1970-01-01. Source: H. Hinnant, "chrono-compatible low-level
// date algorithms".
void CivilFromDays(int64_t days, int& year, int& month, int& day) {
  days += 719468;
  const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const auto of_era = static_cast<uint32_t>(days - era * 146097);
  const uint32_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const uint32_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const uint32_t shifted = (5 * of_year + 2) / 153;
  day = static_cast<int>(of_year - (153 * shifted + 2) / 5 + 1);
  month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  year = static_cast<int>(static_cast<int64_t>(year_of_era) + era * 400) + (month <= 2 ? 1 : 0);
}

template <typename... Numbers>
void Print(std::string& text, const char* form, Numbers... numbers) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, form, numbers...);
  text += buffer;
}

void AddTime(int64_t millis, std::string& text) {
  const int64_t seconds = millis / 1000;
  Print(text, "%02lld:%02lld:%02lld", static_cast<long long>(seconds / 3600),
        static_cast<long long>(seconds / 60 % 60), static_cast<long long>(seconds % 60));
  if (millis % 1000 != 0) Print(text, ".%03lld", static_cast<long long>(millis % 1000));
}

// Excel counts a 29 February 1900 that never was: days before it are one further on.
void AddDate(int64_t day, bool epoch_1904, std::string& text) {
  if (day == 60 && !epoch_1904) {
    text += "1900-02-29";
    return;
  }
  const int64_t since_1970 = day - 25569 + (epoch_1904 ? kDays1904 : 0) + (!epoch_1904 && day < 60 ? 1 : 0);
  int year = 0, month = 0, of_month = 0;
  CivilFromDays(since_1970, year, month, of_month);
  Print(text, "%04d-%02d-%02d", year, month, of_month);
}

}  // namespace

NumberFormat FormatOfCode(std::string_view code) {
  const std::string bare = Bare(code);
  if (IsPadding(bare)) return {Kind::kPadded, static_cast<uint8_t>(bare.size())};
  if (bare.find("general") != bare.npos) return {};
  bool date = false, time = false, elapsed = false;
  for (size_t i = 0; i < bare.size(); ++i) {
    const char c = bare[i];
    if (c == 'H' || c == 'M' || c == 'S') elapsed = true;
    if (c == 'y' || c == 'd') date = true;
    if (c == 'h' || c == 's') time = true;
    if (c == 'm') (IsMinute(bare, i) ? time : date) = true;
  }
  if (elapsed && !date) return {Kind::kElapsed};
  if (date && time) return {Kind::kDateTime};
  if (date) return {Kind::kDate};
  if (time) return {Kind::kTime};
  return {bare.find('%') != bare.npos ? Kind::kPercent : Kind::kPlain};
}

NumberFormat FormatOfNumber(uint32_t number) {
  if (number == 9 || number == 10) return {Kind::kPercent};
  if (number >= 14 && number <= 17) return {Kind::kDate};
  if ((number >= 18 && number <= 21) || number == 45 || number == 47) return {Kind::kTime};
  if (number == 22) return {Kind::kDateTime};
  if (number == 46) return {Kind::kElapsed};
  if (number == 32 || number == 33) return {Kind::kTime};  // East Asian dates and times
  if ((number >= 27 && number <= 36) || (number >= 50 && number <= 58)) return {Kind::kDate};
  return {};
}

bool DateText(double serial, Kind kind, bool epoch_1904, std::string& text) {
  if (!(serial >= 0 && serial < kLastSerial - (epoch_1904 ? kDays1904 : 0))) return false;
  const auto millis = static_cast<int64_t>(std::llround(serial * static_cast<double>(kDayMillis)));
  if (kind == Kind::kElapsed) {
    AddTime(millis, text);
    return true;
  }
  const int64_t day = millis / kDayMillis;
  if (kind != Kind::kTime) {
    if (day == 0 && !epoch_1904) return false;
    AddDate(day, epoch_1904, text);
  }
  if (kind == Kind::kDateTime) text += 'T';
  if (kind != Kind::kDate) AddTime(millis % kDayMillis, text);
  return true;
}

}  // namespace concordat::spreadsheet
