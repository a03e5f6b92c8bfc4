#include "host/profile/type_guess.h"

#include <array>

namespace concordat::profile {
namespace {

using data::LogicalType;

// How a candidate reads a text. In the order in which they are preferred where several fit.
enum class Reading { kDate, kTimestamp, kTime, kBoolean, kInteger, kNumber, kStyledNumber };

constexpr std::array kDates = {"yyyy-MM-dd",  "dd/MM/yyyy",  "MM/dd/yyyy", "dd/MM/yy",
                               "dd-MM-yyyy",  "dd-MMM-yyyy", "dd-MMM-yy",  "dd MMM yyyy",
                               "d MMMM yyyy", "yyyy/MM/dd",  "dd.MM.yyyy", "yyyy-MM"};
constexpr std::array kTimestamps = {"dd/MM/yyyy HH:mm",    "dd/MM/yyyy HH:mm:ss", "yyyy-MM-dd HH:mm:ss",
                                    "yyyy-MM-dd HH:mm",    "MM/dd/yyyy HH:mm",    "dd-MMM-yyyy HH:mm",
                                    "yyyy/MM/dd HH:mm:ss", "dd MMM yyyy HH:mm"};
constexpr std::array kTimes = {"HH:mm", "HH:mm:ss"};

// A candidate that has failed so often is not the column's type.
constexpr uint64_t kPatience = 200;
constexpr double kEnough = 0.95;
constexpr size_t kMisfitsNamed = 5;

// 1 and 0 are read as booleans too, but more often they are numbers.
bool IsBooleanWord(std::string_view text) {
  return text != "1" && text != "0" && data::ParseBoolean(text).has_value();
}

struct Styled {
  double value = 0;
  bool thousands = false;
  bool parentheses = false;
  std::string_view currency;
};

// "£1,234.50", "(12)", "-1,000": digits in groups of three behind the first comma.
std::optional<Styled> StyledNumber(std::string_view text) {
  Styled styled;
  if (text.size() > 2 && text.front() == '(' && text.back() == ')') {
    styled.parentheses = true;
    text = text.substr(1, text.size() - 2);
  }
  const bool minus = !text.empty() && text.front() == '-';
  if (minus) text.remove_prefix(1);
  for (const std::string_view sign : {"£", "€", "$"}) {
    if (!text.starts_with(sign)) continue;
    styled.currency = sign;
    text.remove_prefix(sign.size());
  }
  std::string digits;
  size_t group = 0;
  bool comma = false;
  bool point = false;
  for (const char c : text) {
    if (c == ',') {
      if (point || group == 0 || group > 3 || (comma && group != 3)) return std::nullopt;
      comma = true;
      group = 0;
      continue;
    }
    if (c == '.') {
      if (comma && group != 3) return std::nullopt;
      point = true;
    } else if (c < '0' || c > '9') {
      return std::nullopt;
    } else if (!point) {
      ++group;
    }
    digits += c;
  }
  if (comma && !point && group != 3) return std::nullopt;
  styled.thousands = comma;
  const std::optional<double> value = data::ParseNumber(digits);
  if (!value) return std::nullopt;
  styled.value = minus || styled.parentheses ? -*value : *value;
  return styled;
}

}  // namespace

struct TypeGuess::Candidate {
  Reading reading;
  std::string format;
  std::optional<data::TimePattern> pattern;
  uint64_t fits = 0;
  uint64_t fails = 0;
  bool alive = true;
  int64_t first = INT64_MAX;
  int64_t last = INT64_MIN;
  std::vector<Misfit> misfits;

  LogicalType type() const {
    switch (reading) {
      case Reading::kDate:
        return LogicalType::kDate;
      case Reading::kTimestamp:
        return LogicalType::kTimestamp;
      case Reading::kTime:
        return LogicalType::kTime;
      case Reading::kBoolean:
        return LogicalType::kBoolean;
      case Reading::kInteger:
        return LogicalType::kInteger;
      case Reading::kNumber:
      case Reading::kStyledNumber:
        return LogicalType::kNumber;
    }
    return LogicalType::kString;
  }

  bool Fits(std::string_view text, const std::optional<Styled>& styled) {
    if (reading == Reading::kInteger) return data::ParseInteger(text).has_value();
    if (reading == Reading::kNumber) return data::ParseNumber(text).has_value();
    if (reading == Reading::kStyledNumber) return styled.has_value();
    if (reading == Reading::kBoolean) return IsBooleanWord(text);
    const std::optional<int64_t> when =
        reading == Reading::kDate ? pattern->ParseDays(text) : pattern->ParseMicros(text);
    if (when) {
      first = std::min(first, *when);
      last = std::max(last, *when);
    }
    return when.has_value();
  }
};

TypeGuess::TypeGuess() {
  const auto add = [this](Reading reading, std::string_view format) {
    Candidate candidate;
    candidate.reading = reading;
    candidate.format = format;
    if (!format.empty()) candidate.pattern = data::TimePattern::Compile(format).value();
    candidates_.push_back(std::move(candidate));
  };
  for (const std::string_view format : kDates) add(Reading::kDate, format);
  add(Reading::kTimestamp, "");
  candidates_.back().pattern = data::TimePattern::IsoTimestamp();
  for (const std::string_view format : kTimestamps) add(Reading::kTimestamp, format);
  for (const std::string_view format : kTimes) add(Reading::kTime, format);
  for (const Reading reading :
       {Reading::kBoolean, Reading::kInteger, Reading::kNumber, Reading::kStyledNumber})
    add(reading, "");
}
TypeGuess::~TypeGuess() = default;
TypeGuess::TypeGuess(TypeGuess&&) noexcept = default;

void TypeGuess::Add(uint64_t record, std::string_view text) {
  ++values_;
  const std::optional<Styled> styled = StyledNumber(text);
  if (styled) {
    thousands_ = thousands_ || styled->thousands;
    parentheses_ = parentheses_ || styled->parentheses;
    if (!styled->currency.empty()) currency_ = styled->currency;
    const bool zero = text.size() > 1 && text[0] == '0' && text.find('.') == std::string_view::npos;
    leading_zeros_ += zero ? 1 : 0;
  }
  const std::optional<double> plain = styled ? std::optional(styled->value) : data::ParseNumber(text);
  if (plain) numbers_.Add(*plain);
  for (Candidate& candidate : candidates_) {
    if (!candidate.alive) continue;
    if (candidate.Fits(text, styled)) {
      ++candidate.fits;
      continue;
    }
    ++candidate.fails;
    if (candidate.misfits.size() < kMisfitsNamed) candidate.misfits.push_back({record, std::string(text)});
    candidate.alive = candidate.fails < kPatience || static_cast<double>(candidate.fails) <=
                                                         (1 - kEnough) * 2 * static_cast<double>(values_);
  }
}

void TypeGuess::Finish(ColumnProfile& profile) {
  profile.fits = values_;
  profile.leading_zeros = leading_zeros_ > 0;
  const Candidate* best = nullptr;
  for (const Candidate& candidate : candidates_) {
    const bool enough = candidate.alive && values_ > 0 &&
                        static_cast<double>(candidate.fits) >= kEnough * static_cast<double>(values_);
    const bool code = leading_zeros_ > 0 && candidate.reading >= Reading::kInteger;
    if (enough && !code && (best == nullptr || candidate.fits > best->fits)) best = &candidate;
  }
  if (best == nullptr) return;
  profile.type = best->type();
  profile.format = best->format == "yyyy-MM-dd" ? "" : best->format;
  profile.fits = best->fits;
  profile.misfits = best->misfits;
  if (best->reading == Reading::kStyledNumber) {
    profile.thousands = thousands_;
    profile.parentheses = parentheses_;
    profile.currency = currency_;
  }
  if (best->reading >= Reading::kInteger) profile.numbers = numbers_.Finish();
  if (best->reading == Reading::kDate) {
    profile.first = data::DateText(best->first);
    profile.last = data::DateText(best->last);
    for (const Candidate& other : candidates_)
      profile.also_month_first =
          profile.also_month_first ||
          (best->format == "dd/MM/yyyy" && other.format == "MM/dd/yyyy" && other.fits == best->fits);
  }
  if (best->reading == Reading::kTimestamp) {
    profile.first = data::TimestampText(best->first);
    profile.last = data::TimestampText(best->last);
  }
}

}  // namespace concordat::profile
