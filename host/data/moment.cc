#include "host/data/moment.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "fmt/format.h"
#include "host/data/parse.h"

namespace concordat::data {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;
constexpr std::array<int, 10> kTens = {1,       10,        100,        1'000,       10'000,
                                       100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                       "Friday", "Saturday", "Sunday"};

char LowerOf(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool StartsWithIgnoringCase(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  return std::equal(word.begin(), word.end(), text.begin(),
                    [](char a, char b) { return LowerOf(a) == LowerOf(b); });
}

int DaysInMonth(int year, int month) {
  constexpr std::array<int, 13> kDays = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[static_cast<size_t>(month)];
}

bool IsDate(int year, int month, int day) {
  return month >= 1 && month <= 12 && day >= 1 && day <= DaysInMonth(year, month);
}

// 0 is Thursday, 1 January 1970.
int WeekdayOf(int64_t days) { return static_cast<int>(((days + 3) % 7 + 7) % 7); }

// Reads `count` digits at a fixed place, without a branch a digit; the caller has checked the length.
bool FixedDigits(std::string_view text, size_t at, size_t count, int& out) {
  unsigned value = 0;
  unsigned worst = 0;
  for (size_t i = 0; i < count; ++i) {
    const unsigned digit = static_cast<unsigned char>(text[at + i]) - unsigned{'0'};
    worst = std::max(worst, digit);
    value = value * 10 + digit;
  }
  out = static_cast<int>(value);
  return worst <= 9;
}

/// Takes a text apart from the left.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}
  std::string_view rest() const { return rest_; }

  bool Digits(int least, int most, int& out) {
    int count = 0;
    int value = 0;
    while (count < most && static_cast<size_t>(count) < rest_.size()) {
      const unsigned digit = static_cast<unsigned char>(rest_[static_cast<size_t>(count)]) - unsigned{'0'};
      if (digit > 9) break;
      value = value * 10 + static_cast<int>(digit);
      ++count;
    }
    if (count < least) return false;
    rest_.remove_prefix(static_cast<size_t>(count));
    out = value;
    return true;
  }

  bool Literal(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  bool Word(std::string_view word) {
    if (!StartsWithIgnoringCase(rest_, word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  // The index of the name that stands here, whole or cut to three letters; "Sept" is in use too.
  template <size_t N>
  bool Name(const std::array<std::string_view, N>& names, bool whole, int& out) {
    for (size_t i = 0; i < N; ++i) {
      if (whole ? Word(names[i]) : (names[i] == "September" && Word("Sept")) || Word(names[i].substr(0, 3))) {
        out = static_cast<int>(i);
        return true;
      }
    }
    return false;
  }

  char Next() { return rest_.empty() ? '\0' : rest_.front(); }
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

// "Z", "+01:00", "+0100" or "+01".
bool ReadOffset(Cursor& cursor, int& minutes) {
  if (cursor.Literal("Z")) return true;
  const char sign = cursor.Next();
  if (sign != '+' && sign != '-') return false;
  cursor.Literal(std::string_view(&sign, 1));
  int hours = 0;
  int rest = 0;
  if (!cursor.Digits(2, 2, hours)) return false;
  const bool colon = cursor.Literal(":");
  if (!cursor.Digits(2, 2, rest) && colon) return false;
  if (hours > 18 || rest > 59) return false;
  minutes = (sign == '-' ? -1 : 1) * (hours * 60 + rest);
  return true;
}

bool ReadFraction(Cursor& cursor, int least, int most, int& micros) {
  const auto start = cursor;
  int ignored = 0;
  int digits = 0;
  while (digits < most && cursor.Digits(1, 1, ignored)) ++digits;
  if (digits < least) return false;
  cursor = start;
  const int kept = std::min(digits, 6);
  if (!cursor.Digits(kept, kept, micros)) return false;
  micros *= kTens[static_cast<size_t>(6 - kept)];
  for (int i = kept; i < digits; ++i) cursor.Digits(1, 1, ignored);
  return true;
}

bool ReadYear(Cursor& cursor, int letters, int& year) {
  if (letters != 2) return cursor.Digits(4, 4, year);
  if (!cursor.Digits(2, 2, year)) return false;
  year += year >= 70 ? 1900 : 2000;
  return true;
}

bool ReadMonth(Cursor& cursor, int letters, int& month) {
  if (letters <= 2) return cursor.Digits(letters, 2, month);
  if (!cursor.Name(kMonths, letters == 4, month)) return false;
  ++month;
  return true;
}

bool ReadItem(Cursor& cursor, char letter, int count, Moment& moment) {
  switch (letter) {
    case 'y':
    case 'u':
      return ReadYear(cursor, count, moment.year);
    case 'M':
      return ReadMonth(cursor, count, moment.month);
    case 'd':
      return cursor.Digits(count, 2, moment.day);
    case 'E':
      return cursor.Name(kWeekdays, count == 4, moment.weekday);
    case 'H':
    case 'h':
      return cursor.Digits(count, 2, moment.hour) &&
             (letter == 'H' || (moment.hour >= 1 && moment.hour <= 12));
    case 'm':
      return cursor.Digits(count, 2, moment.minute);
    case 's':
      return cursor.Digits(count, 2, moment.second);
    case 'S':
      return ReadFraction(cursor, count, count, moment.micros);
    case 'a':
      moment.half_day = cursor.Word("am") ? 0 : cursor.Word("pm") ? 1 : -1;
      return moment.half_day >= 0;
    default:
      return ReadOffset(cursor, moment.offset_minutes);  // X and Z
  }
}

std::string_view NameFor(std::string_view name, int letters) {
  return letters == 4 ? name : name.substr(0, 3);
}

}  // namespace

bool ReadLetter(char letter, int count, std::string_view& rest, Moment& moment) {
  Cursor cursor(rest);
  if (!ReadItem(cursor, letter, count, moment)) return false;
  rest = cursor.rest();
  return true;
}

void AppendLetter(char letter, int count, const Moment& moment, std::string& out) {
  const auto number = [&](int value) { fmt::format_to(std::back_inserter(out), "{:0{}}", value, count); };
  switch (letter) {
    case 'y':
    case 'u':
      fmt::format_to(std::back_inserter(out), "{:0{}}", count == 2 ? moment.year % 100 : moment.year,
                     count == 2 ? 2 : 4);
      break;
    case 'M':
      if (count <= 2)
        number(moment.month);
      else
        out += NameFor(kMonths[static_cast<size_t>(moment.month - 1)], count);
      break;
    case 'd':
      number(moment.day);
      break;
    case 'E':
      out += NameFor(kWeekdays[static_cast<size_t>(moment.weekday)], count);
      break;
    case 'H':
      number(moment.hour);
      break;
    case 'h':
      number(moment.hour % 12 == 0 ? 12 : moment.hour % 12);
      break;
    case 'm':
      number(moment.minute);
      break;
    case 's':
      number(moment.second);
      break;
    case 'S':
      if (count <= 6)
        number(moment.micros / kTens[static_cast<size_t>(6 - count)]);
      else
        number(moment.micros * kTens[static_cast<size_t>(count - 6)]);
      break;
    case 'a':
      out += moment.half_day == 0 ? "AM" : "PM";
      break;
    case 'X':
      out += 'Z';
      break;
    default:
      out += "+0000";
      break;
  }
}

bool Settle(Moment& moment) {
  if (moment.half_day >= 0) moment.hour = moment.hour % 12 + 12 * moment.half_day;
  if (!IsDate(moment.year, moment.month, moment.day)) return false;
  if (moment.hour > 23 || moment.minute > 59 || moment.second > 59) return false;
  return moment.weekday < 0 ||
         moment.weekday == WeekdayOf(DaysFromCivil(moment.year, moment.month, moment.day));
}

// yyyy-MM-dd, then T or a blank and a time: enough for RFC 3339 and the shorter forms of ISO 8601.
bool ReadIsoTimestamp(std::string_view text, Moment& moment) {
  if (text.size() < 16 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ') ||
      text[13] != ':') {
    return false;
  }
  if (!FixedDigits(text, 0, 4, moment.year) || !FixedDigits(text, 5, 2, moment.month) ||
      !FixedDigits(text, 8, 2, moment.day) || !FixedDigits(text, 11, 2, moment.hour) ||
      !FixedDigits(text, 14, 2, moment.minute)) {
    return false;
  }
  Cursor cursor(text.substr(16));
  if (cursor.Literal(":") && !cursor.Digits(2, 2, moment.second)) return false;
  if (cursor.Literal(".") && !ReadFraction(cursor, 1, 9, moment.micros)) return false;
  if (!cursor.done() && !ReadOffset(cursor, moment.offset_minutes)) return false;
  return cursor.done() && Settle(moment);
}

bool ReadIsoDate(std::string_view text, Moment& moment) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && FixedDigits(text, 0, 4, moment.year) &&
         FixedDigits(text, 5, 2, moment.month) && FixedDigits(text, 8, 2, moment.day) &&
         IsDate(moment.year, moment.month, moment.day);
}

bool ReadIsoMonth(std::string_view text, Moment& moment) {
  return text.size() == 7 && text[4] == '-' && FixedDigits(text, 0, 4, moment.year) &&
         FixedDigits(text, 5, 2, moment.month) && IsDate(moment.year, moment.month, 1);
}

bool ReadDayFirst(std::string_view text, Moment& moment) {
  return text.size() == 10 && text[2] == '/' && text[5] == '/' && FixedDigits(text, 0, 2, moment.day) &&
         FixedDigits(text, 3, 2, moment.month) && FixedDigits(text, 6, 4, moment.year) &&
         IsDate(moment.year, moment.month, moment.day);
}

int64_t MicrosOf(const Moment& moment) {
  const int64_t days = DaysFromCivil(moment.year, moment.month, moment.day);
  const int64_t minutes = days * 1'440 + moment.hour * 60 + moment.minute - moment.offset_minutes;
  return (minutes * 60 + moment.second) * kMicrosPerSecond + moment.micros;
}

Moment MomentOf(int64_t micros) {
  int64_t days = micros / kMicrosPerDay;
  int64_t rest = micros % kMicrosPerDay;
  if (rest < 0) {
    rest += kMicrosPerDay;
    --days;
  }
  Moment moment;
  CivilFromDays(days, moment.year, moment.month, moment.day);
  const int seconds = static_cast<int>(rest / kMicrosPerSecond);
  moment.hour = seconds / 3600;
  moment.minute = seconds / 60 % 60;
  moment.second = seconds % 60;
  moment.micros = static_cast<int>(rest % kMicrosPerSecond);
  moment.half_day = moment.hour / 12;
  moment.weekday = WeekdayOf(days);
  return moment;
}

}  // namespace concordat::data
