#include <algorithm>

#include "fmt/format.h"
#include "host/data/moment.h"
#include "host/data/parse.h"

namespace concordat::data {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Up to how many of a letter mean something; 0: the letter is not supported.
int MostOf(char letter) {
  switch (letter) {
    case 'y':
    case 'u':
    case 'M':
    case 'E':
      return 4;
    case 'd':
    case 'H':
    case 'h':
    case 'm':
    case 's':
      return 2;
    case 'S':
      return 9;
    case 'a':
      return 1;
    case 'X':
    case 'Z':
      return 3;
    default:
      return 0;
  }
}

absl::Status BadPattern(std::string_view pattern, std::string_view why) {
  return absl::InvalidArgumentError(fmt::format("date pattern \"{}\": {}", pattern, why));
}

absl::Status CheckLetter(std::string_view pattern, char letter, int count) {
  const int most = MostOf(letter);
  const bool odd_year = (letter == 'y' || letter == 'u') && count == 3;
  if (count <= most && !odd_year) return absl::OkStatus();
  if (most > 0)
    return BadPattern(pattern,
                      fmt::format("{} is not supported", std::string(static_cast<size_t>(count), letter)));
  return BadPattern(
      pattern, fmt::format("the letter {} is not supported; years are yyyy, months MM, days dd, hours HH, "
                           "minutes mm, seconds ss, and other words stand in single quotes",
                           letter));
}

}  // namespace

absl::Status TimePattern::CheckItems(std::string_view pattern, const std::vector<Item>& items) {
  const auto has = [&](char letter) {
    return std::any_of(items.begin(), items.end(), [&](const Item& item) { return item.letter == letter; });
  };
  if (items.empty()) return BadPattern(pattern, "it is empty");
  if (has('h') && !has('a'))
    return BadPattern(pattern, "hh (1 to 12) needs a (AM or PM); hours of 0 to 23 are HH");
  if (has('a') && !has('h')) return BadPattern(pattern, "a (AM or PM) needs hh (1 to 12)");
  // Spreadsheets write dd/mm/yyyy: read as minutes, every day of the year would lie in January.
  const bool has_year = has('y') || has('u');
  if (has_year && has('m') && !has('H') && !has('h'))
    return BadPattern(pattern, "mm are minutes, and there are no hours (HH); months are MM");
  if (has_year && has('d') && !has('M')) return BadPattern(pattern, "days (dd) need their month (MM)");
  return absl::OkStatus();
}

absl::StatusOr<TimePattern> TimePattern::Compile(std::string_view pattern) {
  TimePattern made;
  made.pattern_ = std::string(pattern);
  const auto literal = [&](std::string_view text) {
    if (made.items_.empty() || made.items_.back().letter != 0) made.items_.push_back({});
    made.items_.back().literal += text;
  };
  for (size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    if (c == '\'') {
      const size_t end = pattern.find('\'', at + 1);
      if (end == std::string_view::npos) return BadPattern(pattern, "a single quote is not closed");
      literal(end == at + 1 ? "'" : pattern.substr(at + 1, end - at - 1));
      at = end + 1;
    } else if (c == '[' || c == ']' || c == '{' || c == '}' || c == '#') {
      return BadPattern(pattern, fmt::format("{} is not supported", c));
    } else if (!IsLetter(c) ||
               c == 'T') {  // a bare T is no JDK letter, yet many write it between date and time
      literal(pattern.substr(at++, 1));
    } else {
      const size_t end = std::min(pattern.find_first_not_of(c, at), pattern.size());
      const int count = static_cast<int>(std::min<size_t>(end - at, 100));
      RETURN_IF_ERROR(CheckLetter(pattern, c, count));
      made.items_.push_back({c, count, ""});
      at = end;
    }
  }
  RETURN_IF_ERROR(CheckItems(pattern, made.items_));
  if (pattern == "yyyy-MM-dd" || pattern == "uuuu-MM-dd") made.shape_ = Shape::kIsoDate;
  if (pattern == "yyyy-MM" || pattern == "uuuu-MM") made.shape_ = Shape::kIsoMonth;
  if (pattern == "dd/MM/yyyy" || pattern == "dd/MM/uuuu") made.shape_ = Shape::kDayFirst;
  return made;
}

TimePattern TimePattern::IsoTimestamp() {
  TimePattern made = *Compile("yyyy-MM-dd'T'HH:mm:ss");
  made.shape_ = Shape::kIsoTimestamp;
  return made;
}

bool TimePattern::has_year() const {
  return std::any_of(items_.begin(), items_.end(),
                     [](const Item& item) { return item.letter == 'y' || item.letter == 'u'; });
}

bool TimePattern::Read(std::string_view text, Moment& moment) const {
  switch (shape_) {
    case Shape::kIsoDate:
      return ReadIsoDate(text, moment);
    case Shape::kIsoMonth:
      return ReadIsoMonth(text, moment);
    case Shape::kDayFirst:
      return ReadDayFirst(text, moment);
    case Shape::kIsoTimestamp:
      return ReadIsoTimestamp(text, moment);
    case Shape::kGeneral:
      break;
  }
  for (const Item& item : items_) {
    if (item.letter != 0) {
      if (!ReadLetter(item.letter, item.count, text, moment)) return false;
    } else if (text.starts_with(item.literal)) {
      text.remove_prefix(item.literal.size());
    } else {
      return false;
    }
  }
  return text.empty() && Settle(moment);
}

std::optional<int64_t> TimePattern::ParseDays(std::string_view text) const {
  Moment moment;
  if (!Read(text, moment)) return std::nullopt;
  return DaysFromCivil(moment.year, moment.month, moment.day);
}

std::optional<int64_t> TimePattern::ParseMicros(std::string_view text) const {
  Moment moment;
  if (!Read(text, moment)) return std::nullopt;
  return MicrosOf(moment);
}

void TimePattern::AppendMicros(int64_t micros, std::string& out) const {
  if (shape_ == Shape::kIsoTimestamp) {  // its fraction and offset are optional, which items cannot say
    out += TimestampText(micros);
    return;
  }
  const Moment moment = MomentOf(micros);
  for (const Item& item : items_) {
    if (item.letter == 0)
      out += item.literal;
    else
      AppendLetter(item.letter, item.count, moment, out);
  }
}

absl::StatusOr<TimePattern> PatternOf(const Field& field) {
  if (field.format.empty() && field.type == LogicalType::kTimestamp) return TimePattern::IsoTimestamp();
  const std::string_view standard = field.type == LogicalType::kTime ? "HH:mm:ss" : "yyyy-MM-dd";
  auto pattern = TimePattern::Compile(field.format.empty() ? standard : std::string_view(field.format));
  if (pattern.ok() && field.type != LogicalType::kTime && !pattern->has_year()) {
    return BadPattern(field.format, "a date needs a year (yyyy)");
  }
  return pattern;
}

}  // namespace concordat::data
