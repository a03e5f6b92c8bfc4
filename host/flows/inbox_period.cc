#include "host/flows/inbox_period.h"

#include <algorithm>
#include <array>
#include <string>

#include "fmt/format.h"

namespace concordat::flows {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                      "may",       "june",     "july",     "august",
                                                      "september", "october",  "november", "december"};
constexpr std::string_view kBetween = " -_.,()/";

// A run of digits or of letters, in lower case.
struct Token {
  std::string text;
  bool digits = false;
  bool joined = false;  // to the one before: nothing stands between, or only what may
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::vector<Token> TokensOf(std::string_view name) {
  std::vector<Token> tokens;
  bool joined = false;
  for (size_t i = 0; i < name.size();) {
    if (!IsDigit(name[i]) && !IsLetter(name[i])) {
      joined = joined && kBetween.find(name[i]) != std::string_view::npos;
      ++i;
      continue;
    }
    Token token;
    token.digits = IsDigit(name[i]);
    token.joined = joined;
    while (i < name.size() && (token.digits ? IsDigit(name[i]) : IsLetter(name[i]))) {
      token.text += static_cast<char>(IsLetter(name[i]) ? name[i] | 0x20 : name[i]);
      ++i;
    }
    tokens.push_back(std::move(token));
    joined = true;
  }
  return tokens;
}

// The tokens from one place on; every reader says how many it took and what they may mean.
class Reader {
 public:
  Reader(const std::vector<Token>& tokens, size_t at) : tokens_(tokens), at_(at) {}

  /// Digits of this many, as a number.
  std::optional<int> Number(size_t offset, size_t length) const {
    if (!Has(offset) || !At(offset).digits || At(offset).text.size() != length) return std::nullopt;
    return std::stoi(At(offset).text);
  }
  /// A year of four digits, of this century or the last.
  std::optional<int> Year(size_t offset) const {
    const std::optional<int> year = Number(offset, 4);
    return year && *year >= 1900 && *year < 2100 ? year : std::nullopt;
  }
  std::optional<int> MonthName(size_t offset) const {
    if (!Has(offset) || At(offset).digits) return std::nullopt;
    const std::string& text = At(offset).text;
    for (size_t i = 0; i < kMonths.size(); ++i) {
      if (text == kMonths[i] || text == kMonths[i].substr(0, 3) || (i == 8 && text == "sept"))
        return static_cast<int>(i) + 1;
    }
    return std::nullopt;
  }
  bool Word(size_t offset, std::initializer_list<std::string_view> words) const {
    return Has(offset) && std::find(words.begin(), words.end(), At(offset).text) != words.end();
  }
  /// "q3" as letters and a digit.
  std::optional<int> Quarter(size_t offset) const {
    if (!Word(offset, {"q", "qtr", "quarter"})) return std::nullopt;
    const std::optional<int> quarter = Number(offset + 1, 1);
    return quarter && *quarter >= 1 && *quarter <= 4 ? quarter : std::nullopt;
  }
  /// The second year of a financial one that begins in `first`: 19 or 2019 after 2018.
  bool NextYear(size_t offset, int first) const {
    return Number(offset, 2) == (first + 1) % 100 || Number(offset, 4) == first + 1;
  }

  void Add(size_t length, std::string reading) {
    if (length < longest_) return;
    if (length > longest_) readings_.clear();
    longest_ = length;
    readings_.push_back(std::move(reading));
  }
  size_t longest() const { return longest_; }
  const std::vector<std::string>& readings() const { return readings_; }

 private:
  bool Has(size_t offset) const {
    return at_ + offset < tokens_.size() && (offset == 0 || tokens_[at_ + offset].joined);
  }
  const Token& At(size_t offset) const { return tokens_[at_ + offset]; }

  const std::vector<Token>& tokens_;
  const size_t at_;
  size_t longest_ = 0;
  std::vector<std::string> readings_;
};

std::string YearSpan(int year) { return fmt::format("{:04}/{:02}", year, (year + 1) % 100); }

// "18" beside another part that makes it a year.
int FullYear(int two_digits) { return 2000 + two_digits; }

void ReadYearFirst(Reader& in) {
  const std::optional<int> year = in.Year(0);
  if (!year) return;
  in.Add(1, fmt::format("{:04}", *year));
  if (const auto month = in.Number(1, 2)) {
    in.Add(2, fmt::format("{:04}-{:02}", *year, *month));
    if (const auto day = in.Number(2, 2)) in.Add(3, fmt::format("{:04}-{:02}-{:02}", *year, *month, *day));
  }
  if (const auto month = in.MonthName(1)) in.Add(2, fmt::format("{:04}-{:02}", *year, *month));
  if (const auto quarter = in.Quarter(1)) in.Add(3, fmt::format("{:04}-Q{}", *year, *quarter));
  if (in.Word(1, {"w", "wk", "week"})) {
    const std::optional<int> week = in.Number(2, 2) ? in.Number(2, 2) : in.Number(2, 1);
    if (week) in.Add(3, fmt::format("{:04}-W{:02}", *year, *week));
  }
  if (in.NextYear(1, *year)) {
    in.Add(2, YearSpan(*year));
    if (const auto quarter = in.Quarter(2)) in.Add(4, fmt::format("{}-Q{}", YearSpan(*year), *quarter));
  }
}

// 201901, 201819, 20190131.
void ReadRun(Reader& in) {
  if (const auto run = in.Number(0, 6)) {
    const int year = *run / 100;
    if (year < 1900 || year >= 2100) return;
    in.Add(1, fmt::format("{:04}-{:02}", year, *run % 100));
    if (*run % 100 == (year + 1) % 100) in.Add(1, YearSpan(year));
  }
  if (const auto run = in.Number(0, 8)) {
    in.Add(1, fmt::format("{:04}-{:02}-{:02}", *run / 10000, *run / 100 % 100, *run % 100));
  }
}

void ReadMonthFirst(Reader& in) {
  if (const auto month = in.MonthName(0)) {
    if (const auto year = in.Year(1)) in.Add(2, fmt::format("{:04}-{:02}", *year, *month));
    if (const auto year = in.Number(1, 2)) in.Add(2, fmt::format("{:04}-{:02}", FullYear(*year), *month));
  }
  if (const auto month = in.Number(0, 2)) {
    if (const auto year = in.Year(1)) in.Add(2, fmt::format("{:04}-{:02}", *year, *month));
    const auto year = in.Year(2);
    if (const auto second = in.Number(1, 2); second && year)
      in.Add(3, fmt::format("{:04}-{:02}-{:02}", *year, *second, *month));  // the day first, as in the UK
  }
}

// Q3 2018-19, Q3 2019, FY 2018-19, FY18-19, 18-19 Q3.
void ReadOthers(Reader& in) {
  if (const auto quarter = in.Quarter(0)) {
    const auto year = in.Year(2);
    if (year) in.Add(3, fmt::format("{:04}-Q{}", *year, *quarter));
    if (year && in.NextYear(3, *year)) in.Add(4, fmt::format("{}-Q{}", YearSpan(*year), *quarter));
    if (const auto first = in.Number(2, 2); first && in.NextYear(3, FullYear(*first)))
      in.Add(4, fmt::format("{}-Q{}", YearSpan(FullYear(*first)), *quarter));
  }
  if (in.Word(0, {"fy"})) {
    std::optional<int> year = in.Year(1);
    if (const auto first = in.Number(1, 2)) year = FullYear(*first);
    if (year && in.NextYear(2, *year)) {
      in.Add(3, YearSpan(*year));
      if (const auto quarter = in.Quarter(3)) in.Add(5, fmt::format("{}-Q{}", YearSpan(*year), *quarter));
    }
  }
  if (const auto first = in.Number(0, 2); first && in.NextYear(1, FullYear(*first))) {
    if (const auto quarter = in.Quarter(2))
      in.Add(4, fmt::format("{}-Q{}", YearSpan(FullYear(*first)), *quarter));
  }
}

void AddOnce(const policy::Period& period, std::vector<policy::Period>& list) {
  for (const policy::Period& known : list) {
    if (known.from == period.from && known.to == period.to) return;
  }
  list.push_back(period);
}

}  // namespace

NamedPeriods PeriodsInName(std::string_view name, const std::optional<policy::Duration>& every,
                           const policy::Partnership& partnership) {
  NamedPeriods found;
  const std::vector<Token> tokens = TokensOf(name);
  for (size_t at = 0; at < tokens.size();) {
    Reader reader(tokens, at);
    ReadYearFirst(reader);
    ReadRun(reader);
    ReadMonthFirst(reader);
    ReadOthers(reader);
    bool fits = false;
    std::vector<policy::Period> others;
    for (const std::string& reading : reader.readings()) {
      const auto period =
          policy::ParsePeriod(reading, partnership.year_start_month, partnership.year_start_day);
      if (!period.ok()) continue;
      if (!every) {
        AddOnce(*period, found.fitting);
        fits = true;
        continue;
      }
      const auto regular = policy::PeriodContaining(period->from, *every, partnership.year_start_month,
                                                    partnership.year_start_day);
      if (regular.ok() && regular->from == period->from && regular->to == period->to) {
        AddOnce(*regular, found.fitting);
        fits = true;
      } else {
        others.push_back(*period);
      }
    }
    if (!fits) {
      for (const policy::Period& other : others) AddOnce(other, found.others);
    }
    at += std::max<size_t>(1, fits || !others.empty() ? reader.longest() : 1);
  }
  return found;
}

}  // namespace concordat::flows
