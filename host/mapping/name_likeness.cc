#include <algorithm>
#include <array>
#include <set>

#include "host/base/source.h"
#include "host/mapping/name_match.h"
#include "host/mapping/propose.h"

namespace concordat::mapping {
namespace {

// Words that headers use for one another. The first of a line stands for all of it.
constexpr std::array<std::string_view, 38> kMeanings = {
    "id identifier ref reference number num no urn key",
    "code cd",
    "name title label",
    "date day dt on",
    "time hour",
    "amount value total sum cost price net gross spend figure",
    "currency ccy",
    "latitude lat",
    "longitude lon lng long",
    "easting x",
    "northing y",
    "postcode zip postal",
    "supplier vendor payee beneficiary merchant creditor contractor company",
    "gender sex",
    "birth dob born birthdate",
    "age years",
    "ethnicity ethnic",
    "period month quarter year term",
    "type category kind class group",
    "description details detail narrative comment comments notes text summary purpose",
    "outcome result disposal decision disposition",
    "location address place site street road",
    "area region district locality ward authority",
    "town city",
    "department directorate service unit division",
    "organisation organization body force agency publisher provider",
    "percent percentage pct rate share",
    "count quantity qty volume",
    "start from begin opened open received",
    "end to until closed close completed finish",
    "status state",
    "telephone phone tel mobile",
    "email mail",
    "school establishment",
    "practice gp surgery",
    "officer worker staff",
    "transaction invoice payment paid voucher",
    "population persons people residents",
};
// Words that say little.
constexpr std::array<std::string_view, 12> kFillers = {"the", "of", "and", "in",  "a",    "an",
                                                       "for", "is", "by",  "gbp", "excl", "vat"};

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words(1);
  char before = ' ';
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool letter =
        upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    const bool camel = upper && before >= 'a' && before <= 'z';
    if ((!letter || camel) && !words.back().empty()) words.emplace_back();
    if (letter) words.back() += upper ? static_cast<char>(c + 32) : c;
    before = c;
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::string MeaningOf(const std::string& word) {
  const auto listed = [](std::string_view line, const std::string& sought) {
    for (const std::string& known : WordsOf(line)) {
      if (known == sought) return true;
    }
    return false;
  };
  for (const std::string_view line : kMeanings) {
    if (listed(line, word)) return std::string(line.substr(0, line.find(' ')));
  }
  // "suppliers" as "supplier".
  if (word.size() > 4 && word.back() == 's') return MeaningOf(word.substr(0, word.size() - 1));
  return word;
}

std::set<std::string> MeaningsOf(std::string_view name) {
  std::set<std::string> meanings;
  for (const std::string& word : WordsOf(name)) {
    if (std::find(kFillers.begin(), kFillers.end(), word) == kFillers.end()) meanings.insert(MeaningOf(word));
  }
  return meanings;
}

}  // namespace

double NameLikeness(std::string_view a, std::string_view b) {
  const std::string folded_a = FoldedName(a);
  const std::string folded_b = FoldedName(b);
  if (folded_a.empty() || folded_b.empty()) return 0;
  if (folded_a == folded_b) return 1;
  const std::set<std::string> left = MeaningsOf(a);
  const std::set<std::string> right = MeaningsOf(b);
  size_t common = 0;
  for (const std::string& word : left) common += right.count(word);
  const size_t all = left.size() + right.size() - common;
  double likeness = all == 0 ? 0 : 0.9 * static_cast<double>(common) / static_cast<double>(all);
  // One name's words all stand in the other: "Amount" and "Net amount paid".
  if (common > 0 && common == std::min(left.size(), right.size())) likeness = std::max(likeness, 0.7);
  if (!Nearest(folded_a, {folded_b}).empty() && folded_a.size() > 3) likeness = std::max(likeness, 0.8);
  return likeness;
}

}  // namespace concordat::mapping
