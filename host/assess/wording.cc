#include "host/assess/wording.h"

#include <array>

#include "fmt/format.h"

namespace concordat::assess {

std::string NumberWord(uint64_t number) {
  static constexpr std::array<std::string_view, 13> kWords = {"no",   "one",    "two",   "three", "four",
                                                              "five", "six",    "seven", "eight", "nine",
                                                              "ten",  "eleven", "twelve"};
  return number < kWords.size() ? std::string(kWords[number]) : fmt::format("{}", number);
}

std::string CountOf(uint64_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", NumberWord(number), number == 1 ? one : many);
}

std::string ShareOf(uint64_t some, uint64_t all, std::string_view one, std::string_view many) {
  return fmt::format("{} of {}", some == 0 ? "none" : NumberWord(some), CountOf(all, one, many));
}

std::string Listed(const std::vector<std::string>& texts) {
  std::string out;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) out += i + 1 == texts.size() ? " and " : ", ";
    out += texts[i];
  }
  return out;
}

}  // namespace concordat::assess
