#include "plugins/council_spend/values.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace concordat::council_spend {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                      "may",       "june",     "july",     "august",
                                                      "september", "october",  "november", "december"};
constexpr std::string_view kTitles[] = {"mr", "mrs", "miss", "ms", "mx", "dr", "rev", "sir", "lady", "prof"};
constexpr std::string_view kBusiness[] = {
    "ltd",      "limited", "plc",      "llp",        "lp",       "co",      "company", "and",
    "sons",     "son",     "partners", "group",      "trust",    "council", "school",  "solicitors",
    "services", "surgery", "centre",   "associates", "practice", "cic",     "charity", "farm",
    "hotel",    "taxis",   "shop",     "clinic",     "the",      "t"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

// 1 to 12 of a name or its first three letters; 0 for none.
int MonthNamed(std::string_view word) {
  for (size_t i = 0; i < kMonths.size(); ++i) {
    if (word == kMonths[i] || word == kMonths[i].substr(0, 3) || (i == 8 && word == "sept"))
      return static_cast<int>(i) + 1;
  }
  return 0;
}

int YearOf(std::string_view word) {
  const int year = std::atoi(std::string(word).c_str());
  if (word.size() == 4) return year;
  return word.size() == 2 ? (year < 80 ? 2000 : 1900) + year : 0;
}

int DaysIn(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string Digits(int number, size_t width) {
  std::string text = std::to_string(number);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

std::string MonthText(int year, int month) { return Digits(year, 4) + "-" + Digits(month, 2); }

}  // namespace

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  for (size_t i = 0; i < text.size();) {
    const bool digit = IsDigit(text[i]);
    if (!digit && !IsLetter(text[i])) {
      ++i;
      continue;
    }
    std::string word;
    while (i < text.size() && (digit ? IsDigit(text[i]) : IsLetter(text[i])))
      word += static_cast<char>(IsLetter(text[i]) ? text[i++] | 0x20 : text[i++]);
    words.push_back(std::move(word));
  }
  return words;
}

std::optional<int64_t> PenceIn(std::string_view text) {
  constexpr int64_t kMost = 100'000'000'000'000;  // pence: a million million pounds
  text = Trimmed(text);
  bool negative = false;
  if (text.size() > 2 && text.front() == '(' && text.back() == ')') {
    negative = true;
    text = text.substr(1, text.size() - 2);
  } else if (text.size() > 1 && text.back() == '-') {
    negative = true;
    text.remove_suffix(1);
  }
  constexpr std::string_view kPound = "\xC2\xA3";
  for (bool more = true; more && !text.empty();) {
    text = Trimmed(text);
    more = false;
    if (text.substr(0, kPound.size()) == kPound) text.remove_prefix(kPound.size()), more = true;
    if (!text.empty() && text.front() == '-' && !negative)
      text.remove_prefix(1), negative = true, more = true;
  }
  int64_t pence = 0;
  int decimals = -1;
  bool any = false;
  for (const char c : text) {
    if (c == ',' && decimals < 0 && any) continue;
    if (c == '.' && decimals < 0) {
      decimals = 0;
      continue;
    }
    if (!IsDigit(c) || pence > kMost) return std::nullopt;
    any = true;
    if (decimals == 2 && c >= '5') ++pence;
    if (decimals < 2) pence = pence * 10 + (c - '0');
    if (decimals >= 0) ++decimals;
  }
  if (!any) return std::nullopt;
  for (int i = std::max(decimals, 0); i < 2; ++i) pence *= 10;
  return negative ? -pence : pence;
}

std::string PoundsOf(int64_t pence) {
  const int64_t size = pence < 0 ? -pence : pence;
  return (pence < 0 ? "-" : "") + std::to_string(size / 100) + "." + Digits(static_cast<int>(size % 100), 2);
}

std::string IsoDay(std::string_view text) {
  text = Trimmed(text);
  const size_t time = text.find(" 00:00");  // spreadsheets add midnight
  const std::vector<std::string> parts = Words(text.substr(0, time));
  if (parts.size() != 3 || !AllDigits(parts[0]) || !AllDigits(parts[2])) return "";
  const int month = AllDigits(parts[1]) ? std::atoi(parts[1].c_str()) : MonthNamed(parts[1]);
  const bool year_first = parts[0].size() == 4;
  const int year = YearOf(year_first ? parts[0] : parts[2]);
  const std::string& day_text = year_first ? parts[2] : parts[0];
  const int day = std::atoi(day_text.c_str());
  if (day_text.size() > 2 || year < 1980 || year > 2100 || month < 1 || month > 12 || day < 1 ||
      day > DaysIn(year, month))
    return "";
  return MonthText(year, month) + "-" + Digits(day, 2);
}

std::pair<std::string, std::string> MonthsInName(std::string_view name) {
  const std::vector<std::string> words = Words(name);
  std::vector<std::string> months;
  const auto is_year = [&](size_t i) {
    return i < words.size() && words[i].size() == 4 &&
           (words[i].rfind("20", 0) == 0 || words[i].rfind("19", 0) == 0);
  };
  for (size_t i = 0; i < words.size(); ++i) {
    const int named = MonthNamed(words[i]);
    if (named > 0 && is_year(i + 1)) months.push_back(MonthText(YearOf(words[i + 1]), named));
    if (named > 0 && i > 0 && is_year(i - 1) && !is_year(i + 1))
      months.push_back(MonthText(YearOf(words[i - 1]), named));
    if (!is_year(i) && !(words[i].size() == 6 && AllDigits(words[i]))) continue;
    const int number = words[i].size() == 6 ? std::atoi(words[i].substr(4).c_str())
                       : i + 1 < words.size() && words[i + 1].size() == 2 && AllDigits(words[i + 1])
                           ? std::atoi(words[i + 1].c_str())
                           : 0;
    const int year = std::atoi(words[i].substr(0, 4).c_str());
    if (number >= 1 && number <= 12 && year >= 1980 && year <= 2100)
      months.push_back(MonthText(year, number));
  }
  if (months.empty()) return {};
  const auto [first, last] = std::minmax_element(months.begin(), months.end());
  return {*first, *last};
}

bool LooksLikePerson(std::string_view supplier) {
  const std::vector<std::string> words = Words(supplier);
  if (words.size() < 2 || words.size() > 5) return false;
  if (std::find(std::begin(kTitles), std::end(kTitles), words[0]) == std::end(kTitles)) return false;
  return supplier.find('&') == std::string_view::npos &&
         std::none_of(words.begin() + 1, words.end(), [](const std::string& word) {
           return std::find(std::begin(kBusiness), std::end(kBusiness), word) != std::end(kBusiness);
         });
}

}  // namespace concordat::council_spend
