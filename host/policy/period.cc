#include "host/policy/period.h"

#include <array>
#include <charconv>
#include <chrono>

#include "fmt/format.h"

namespace concordat::policy {
namespace {

namespace chrono = std::chrono;

constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};
constexpr std::string_view kForms =
    "2026-05 (month), 2026-Q3 (calendar quarter), 2026 (calendar year), 2026/27 (financial year), 2026/27-Q3 "
    "(its "
    "quarter), 2026-W21 (ISO week) or 2026-05-20 (day)";
constexpr double kSecondsPerDay = 86400;
constexpr double kDaysPerMonth = 30.436875;  // a Gregorian year of 365.2425 days by twelve

chrono::year_month_day CivilFrom(int64_t day) {
  return chrono::year_month_day(chrono::sys_days(chrono::days(static_cast<int>(day))));
}

int64_t DayNumber(int year, int month, int day) {
  const chrono::year_month_day date{chrono::year(year), chrono::month(static_cast<unsigned>(month)),
                                    chrono::day(static_cast<unsigned>(day))};
  return chrono::sys_days(date).time_since_epoch().count();
}

// The day of month is cut to the month's end: 31 January and one month is 28 or 29 February.
int64_t AddMonths(int64_t day, int months) {
  const chrono::year_month_day date = CivilFrom(day);
  const chrono::year_month moved = date.year() / date.month() + chrono::months(months);
  const chrono::year_month_day_last end{moved.year(), chrono::month_day_last(moved.month())};
  return chrono::sys_days(moved / std::min(date.day(), end.day())).time_since_epoch().count();
}

std::string DateInWords(int64_t day) {
  const chrono::year_month_day date = CivilFrom(day);
  return fmt::format("{} {} {}", static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()));
}

// Monday of the ISO week: week 1 holds 4 January.
int64_t WeekStart(int year, int week) {
  const int64_t fourth = DayNumber(year, 1, 4);
  const unsigned weekday =
      chrono::weekday(chrono::sys_days(chrono::days(static_cast<int>(fourth)))).iso_encoding();
  return fourth - (static_cast<int64_t>(weekday) - 1) + 7 * (week - 1);
}

Period Months(std::string id, int64_t from, int months) {
  return {std::move(id), from, AddMonths(from, months) - 1};
}

int NumberAt(std::string_view text, size_t at, size_t length) {
  int value = 0;
  std::from_chars(text.data() + at, text.data() + at + length, value);
  return value;
}

// Letters stand for themselves, 9 for any digit.
bool HasForm(std::string_view text, std::string_view form) {
  if (text.size() != form.size()) return false;
  for (size_t i = 0; i < form.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '9' ? !digit : text[i] != form[i]) return false;
  }
  return true;
}

absl::Status Invalid(std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(fmt::format("\"{}\" is not a period: {}; write {}", text, why, kForms));
}

struct Request {
  std::string_view text;
  int year_start_month;
  int year_start_day;
};

absl::StatusOr<Period> ParseMonth(const Request& request) {
  const int month = NumberAt(request.text, 5, 2);
  if (month < 1 || month > 12) return Invalid(request.text, "there is no such month");
  return Months(std::string(request.text), DayNumber(NumberAt(request.text, 0, 4), month, 1), 1);
}

absl::StatusOr<Period> ParseQuarter(const Request& request) {
  const int quarter = NumberAt(request.text, 6, 1);
  if (quarter < 1 || quarter > 4) return Invalid(request.text, "a year has quarters 1 to 4");
  return Months(std::string(request.text), DayNumber(NumberAt(request.text, 0, 4), 3 * quarter - 2, 1), 3);
}

absl::StatusOr<Period> ParseYear(const Request& request) {
  return Months(std::string(request.text), DayNumber(NumberAt(request.text, 0, 4), 1, 1), 12);
}

absl::StatusOr<Period> ParseFinancialYear(const Request& request) {
  const int year = NumberAt(request.text, 0, 4);
  if (NumberAt(request.text, 5, 2) != (year + 1) % 100) {
    return Invalid(request.text,
                   fmt::format("the financial year after {}/ ends in {:02}", year, (year + 1) % 100));
  }
  const int64_t start = DayNumber(year, request.year_start_month, request.year_start_day);
  if (request.text.size() == 7) return Months(std::string(request.text), start, 12);
  const int quarter = NumberAt(request.text, 9, 1);
  if (quarter < 1 || quarter > 4) return Invalid(request.text, "a year has quarters 1 to 4");
  return Period{std::string(request.text), AddMonths(start, 3 * (quarter - 1)),
                AddMonths(start, 3 * quarter) - 1};
}

absl::StatusOr<Period> ParseWeek(const Request& request) {
  const int year = NumberAt(request.text, 0, 4);
  const int week = NumberAt(request.text, 6, 2);
  const int64_t from = WeekStart(year, week);
  if (week < 1 || from >= WeekStart(year + 1, 1)) return Invalid(request.text, "that year has no such week");
  return Period{std::string(request.text), from, from + 6};
}

absl::StatusOr<Period> ParseDayPeriod(const Request& request) {
  const auto day = ParseDay(request.text);
  if (!day) return Invalid(request.text, "there is no such day");
  return Period{std::string(request.text), *day, *day};
}

struct Form {
  std::string_view form;
  absl::StatusOr<Period> (*parse)(const Request&);
};

constexpr std::array kPeriodForms = {
    Form{"9999-99", ParseMonth},         Form{"9999-Q9", ParseQuarter},          Form{"9999", ParseYear},
    Form{"9999/99", ParseFinancialYear}, Form{"9999/99-Q9", ParseFinancialYear}, Form{"9999-W99", ParseWeek},
    Form{"9999-99-99", ParseDayPeriod},
};

Period WeekContaining(int64_t day) {
  const unsigned weekday =
      chrono::weekday(chrono::sys_days(chrono::days(static_cast<int>(day)))).iso_encoding();
  const int64_t monday = day - (static_cast<int64_t>(weekday) - 1);
  const int year = static_cast<int>(CivilFrom(monday + 3).year());  // the Thursday names the year
  return {fmt::format("{}-W{:02}", year, (monday - WeekStart(year, 1)) / 7 + 1), monday, monday + 6};
}

// A quarter or a year of the financial year, which is a plain calendar one when it starts on 1 January.
Period FinancialContaining(int64_t day, int months, int start_month, int start_day) {
  int year = static_cast<int>(CivilFrom(day).year());
  if (day < DayNumber(year, start_month, start_day)) --year;
  const int64_t start = DayNumber(year, start_month, start_day);
  const bool calendar = start_month == 1 && start_day == 1;
  std::string id = calendar ? fmt::format("{:04}", year) : fmt::format("{:04}/{:02}", year, (year + 1) % 100);
  if (months == 12) return Months(std::move(id), start, 12);
  int quarter = 1;
  while (quarter < 4 && day >= AddMonths(start, 3 * quarter)) ++quarter;
  return {fmt::format("{}-Q{}", id, quarter), AddMonths(start, 3 * (quarter - 1)),
          AddMonths(start, 3 * quarter) - 1};
}

void AddPart(char unit, int number, Duration& duration) {
  switch (unit) {
    case 'Y':
      duration.months += 12 * number;
      break;
    case 'M':
      duration.months += number;
      break;
    case 'W':
      duration.days += int64_t{7} * number;
      break;
    case 'D':
      duration.days += number;
      break;
    case 'h':
      duration.seconds += int64_t{3600} * number;
      break;
    case 'm':
      duration.seconds += int64_t{60} * number;
      break;
    default:
      duration.seconds += number;
      break;
  }
}

// "1Y6M2DT3H" after the P: each unit at most once and in this order, at least one, and one after a T.
bool ReadParts(std::string_view text, Duration& duration) {
  constexpr std::string_view kUnits =
      "YMWDThms";  // hours, minutes and seconds in lower case, as they stand after a T
  constexpr size_t kMostDigits = 6;
  size_t next = 0;
  bool any = false;
  while (!text.empty()) {
    if (text.front() == 'T' && next <= 4) {
      next = 5;
      any = false;
      text.remove_prefix(1);
      continue;
    }
    const size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos || digits > kMostDigits) return false;
    const int number = NumberAt(text, 0, digits);
    const bool in_time = next > kUnits.find('T');
    if (std::string_view(in_time ? "HMS" : "YMWD").find(text[digits]) == std::string_view::npos) return false;
    const char unit = in_time ? static_cast<char>(text[digits] - 'A' + 'a') : text[digits];
    const size_t at = kUnits.find(unit, next);
    if (at == std::string_view::npos) return false;
    AddPart(unit, number, duration);
    next = at + 1;
    any = true;
    text.remove_prefix(digits + 1);
  }
  return any;
}

}  // namespace

std::string Period::InWords() const {
  if (from == to) return DateInWords(from) + " (one day)";
  const std::string dates = fmt::format("({} to {})", DateInWords(from), DateInWords(to));
  if (HasForm(id, "9999-99")) {
    return fmt::format("{} {} {}", kMonths[static_cast<unsigned>(CivilFrom(from).month()) - 1],
                       id.substr(0, 4), dates);
  }
  if (HasForm(id, "9999-W99"))
    return fmt::format("week {} of {} {}", NumberAt(id, 6, 2), id.substr(0, 4), dates);
  return fmt::format("{} {}", id, dates);
}

absl::StatusOr<Period> ParsePeriod(std::string_view text, int year_start_month, int year_start_day) {
  for (const Form& form : kPeriodForms) {
    if (!HasForm(text, form.form)) continue;
    if (NumberAt(text, 0, 4) == 0) return Invalid(text, "there is no year 0");
    return form.parse({text, year_start_month, year_start_day});
  }
  return Invalid(text, "it has none of the forms");
}

std::optional<int64_t> ParseDay(std::string_view text) {
  if (!HasForm(text, "9999-99-99")) return std::nullopt;
  const chrono::year_month_day date{chrono::year(NumberAt(text, 0, 4)),
                                    chrono::month(static_cast<unsigned>(NumberAt(text, 5, 2))),
                                    chrono::day(static_cast<unsigned>(NumberAt(text, 8, 2)))};
  if (!date.ok()) return std::nullopt;
  return chrono::sys_days(date).time_since_epoch().count();
}

int64_t Duration::AddTo(int64_t day) const { return (months == 0 ? day : AddMonths(day, months)) + days; }

double Duration::Seconds() const {
  return (months * kDaysPerMonth + static_cast<double>(days)) * kSecondsPerDay + static_cast<double>(seconds);
}

absl::StatusOr<Duration> ParseDuration(std::string_view text) {
  Duration duration;
  duration.text = text;
  if (text.starts_with('P') && ReadParts(text.substr(1), duration)) return duration;
  return absl::InvalidArgumentError(
      fmt::format("\"{}\" is not a duration: write it as ISO 8601 does, such as P20D (20 days), P1M (a "
                  "month), P1Y6M or PT36H",
                  text));
}

absl::StatusOr<Period> PeriodContaining(int64_t day, const Duration& every, int year_start_month,
                                        int year_start_day) {
  const bool only_days = every.months == 0 && every.seconds == 0;
  const bool only_months = every.days == 0 && every.seconds == 0;
  const chrono::year_month_day date = CivilFrom(day);
  if (only_days && every.days == 1) {
    return Period{fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                              static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())),
                  day, day};
  }
  if (only_days && every.days == 7) return WeekContaining(day);
  if (only_months && every.months == 1) {
    const int year = static_cast<int>(date.year());
    const auto month = static_cast<unsigned>(date.month());
    return Months(fmt::format("{:04}-{:02}", year, month), DayNumber(year, static_cast<int>(month), 1), 1);
  }
  if (only_months && (every.months == 3 || every.months == 12)) {
    return FinancialContaining(day, every.months, year_start_month, year_start_day);
  }
  return absl::InvalidArgumentError(
      fmt::format("a schedule runs every P1D, P1W, P1M, P3M or P1Y, not \"{}\"", every.text));
}

}  // namespace concordat::policy
