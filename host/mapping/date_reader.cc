#include "host/mapping/date_reader.h"

#include <cmath>

#include "fmt/format.h"

namespace concordat::mapping {
namespace {

using data::LogicalType;

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kSecondsPerDay = 86'400;
constexpr int64_t kMicrosPerDay = kSecondsPerDay * kMicrosPerSecond;

int64_t FloorDays(int64_t micros) {
  return micros >= 0 ? micros / kMicrosPerDay : -((-micros + kMicrosPerDay - 1) / kMicrosPerDay);
}

// Years of exactly two letters, outside quoted text.
bool HasTwoDigitYear(std::string_view pattern) {
  bool quoted = false;
  for (size_t i = 0; i < pattern.size();) {
    if (pattern[i] == '\'') quoted = !quoted;
    size_t end = i + 1;
    while (end < pattern.size() && pattern[end] == pattern[i]) ++end;
    if (!quoted && (pattern[i] == 'y' || pattern[i] == 'u') && end - i == 2) return true;
    i = pattern[i] == '\'' ? i + 1 : end;
  }
  return false;
}

// The same day in the century that the pivot says; nothing when that year has no such day.
std::optional<int64_t> InCentury(int64_t days, int pivot) {
  int year = 0, month = 0, day = 0;
  data::CivilFromDays(days, year, month, day);
  const int of_century = year % 100;
  const int moved = (of_century < pivot ? 2000 : 1900) + of_century;
  const int64_t result = data::DaysFromCivil(moved, month, day);
  int y = 0, m = 0, d = 0;
  data::CivilFromDays(result, y, m, d);
  if (m != month || d != day) return std::nullopt;
  return result;
}

}  // namespace

std::optional<int64_t> MicrosOfSerialDay(std::string_view text, bool from_1904) {
  constexpr double kLast = 2'958'466;  // the day after 31 December 9999
  const std::optional<double> serial = data::ParseNumber(text);
  if (!serial || *serial < 0 || *serial >= kLast || text.find_first_of("eE") != std::string_view::npos)
    return std::nullopt;
  int64_t day = static_cast<int64_t>(*serial);
  // Spreadsheets keep times to the millisecond at best: rounded, 0.5 is noon and not a microsecond before.
  int64_t millis =
      static_cast<int64_t>(std::llround((*serial - static_cast<double>(day)) * kSecondsPerDay * 1000));
  if (millis == kSecondsPerDay * 1000) {
    millis = 0;
    ++day;
  }
  int64_t first = data::DaysFromCivil(1904, 1, 1);
  if (!from_1904) {
    constexpr int64_t kNoSuchDay = 60;
    if (day == kNoSuchDay || day == 0) return std::nullopt;
    first = data::DaysFromCivil(1899, 12, day < kNoSuchDay ? 31 : 30);
  }
  return (first + day) * kMicrosPerDay + millis * 1000;
}

absl::StatusOr<DateReader> DateReader::Create(const data::Field& field, const policy::DateReading& reading) {
  DateReader reader;
  const bool temporal = field.type == LogicalType::kDate || field.type == LogicalType::kTimestamp ||
                        field.type == LogicalType::kTime;
  if (!temporal) {
    return absl::InvalidArgumentError(fmt::format("parse is a date pattern, but the contract's field is a {}",
                                                  data::LogicalTypeName(field.type)));
  }
  reader.whole_days_ = field.type == LogicalType::kDate;
  reader.time_of_day_ = field.type == LogicalType::kTime;
  reader.pivot_ = reading.pivot;
  ASSIGN_OR_RETURN(data::TimePattern own, data::PatternOf(field));
  bool two_digits = false;
  for (const std::string& text : reading.patterns) {
    reader.words_ += fmt::format(
        "{}{}", reader.words_.empty() ? (reader.time_of_day_ ? "a time as " : "a date as ") : " or ",
        text.starts_with("excel") ? "a spreadsheet's day number" : text);
    Reading one;
    one.from_1904 = text == "excel-1904";
    if (text != "excel" && text != "excel-1904") {
      ASSIGN_OR_RETURN(one.pattern, data::TimePattern::Compile(text));
      one.two_digit_year = HasTwoDigitYear(text);
      two_digits = two_digits || one.two_digit_year;
      if (!reader.time_of_day_ && !one.pattern->has_year()) {
        return absl::InvalidArgumentError(
            fmt::format("date pattern \"{}\": a date needs a year (yyyy)", text));
      }
    }
    const bool is_excel = !one.pattern;
    reader.readings_.push_back(std::move(one));
    if (!is_excel) continue;
    // A cell that the workbook shows as a date comes as ISO 8601 from the spreadsheet adapter, with a time
    // when its format has one (pandas gives every date the time 00:00:00).
    Reading shown;
    ASSIGN_OR_RETURN(shown.pattern,
                     data::TimePattern::Compile(reader.time_of_day_ ? "HH:mm:ss" : "yyyy-MM-dd"));
    reader.readings_.push_back(shown);
    if (reader.time_of_day_) continue;
    shown.pattern = data::TimePattern::IsoTimestamp();
    reader.readings_.push_back(std::move(shown));
  }
  if (reading.pivot && !two_digits)
    return absl::InvalidArgumentError("a pivot goes with years of two digits (yy), and no pattern has them");
  if (reading.patterns.size() == 1 && reading.patterns[0] == own.text() && !reading.pivot)
    reader.readings_.clear();
  reader.to_ = std::move(own);
  return reader;
}

std::optional<int64_t> DateReader::Micros(const Reading& reading, std::string_view text) const {
  if (!reading.pattern) {
    std::optional<int64_t> micros = MicrosOfSerialDay(text, reading.from_1904);
    if (!micros && time_of_day_) {
      // Times alone are fractions of a day 0, which is no date.
      micros = MicrosOfSerialDay(text, true);
      if (micros && FloorDays(*micros) != data::DaysFromCivil(1904, 1, 1)) return std::nullopt;
    }
    if (!micros) return std::nullopt;
    const int64_t days = FloorDays(*micros);
    if (time_of_day_) return *micros - days * kMicrosPerDay;
    return whole_days_ ? days * kMicrosPerDay : *micros;
  }
  std::optional<int64_t> micros;
  if (whole_days_) {
    if (const auto days = reading.pattern->ParseDays(text)) micros = *days * kMicrosPerDay;
  } else {
    micros = reading.pattern->ParseMicros(text);
  }
  if (!micros || !pivot_ || !reading.two_digit_year) return micros;
  const int64_t days = FloorDays(*micros);
  const std::optional<int64_t> moved = InCentury(days, *pivot_);
  if (!moved) return std::nullopt;
  return *micros + (*moved - days) * kMicrosPerDay;
}

bool DateReader::Append(std::string_view text, std::string& out) const {
  for (const Reading& reading : readings_) {
    if (const auto micros = Micros(reading, text)) {
      to_->AppendMicros(*micros, out);
      return true;
    }
  }
  return false;
}

}  // namespace concordat::mapping
