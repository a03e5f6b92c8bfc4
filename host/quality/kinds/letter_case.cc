// case: the letters A to Z of the text in `field` are all upper or all lower; other characters do not matter.
//   with: {field, is: upper}      upper, lower
#include "fmt/format.h"
#include "host/quality/kinds/text_rule.h"

namespace concordat::quality {
namespace {

struct LetterCase {
  bool upper;

  bool Good(std::string_view text) const {
    const char first = upper ? 'a' : 'A';
    for (const char c : text) {
      if (c >= first && c <= first + 25) return false;
    }
    return true;
  }
  Explanation Why(const std::string& shown, std::string_view text, const std::string& name) const {
    std::string written(text);
    for (char& c : written) {
      if (upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
      if (!upper && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return {fmt::format("{} is not all in {} case", shown, upper ? "upper" : "lower"),
            fmt::format("write {} as {}", name, Shown(written))};
  }
};

}  // namespace

std::unique_ptr<const Rule> CompileCase(RuleReader& reader) {
  const std::string word = reader.with().WordOr("is", "", {"upper", "lower"});
  if (!reader.with().Has("is")) reader.Error("missing-key", "case needs is: upper or is: lower", "is: upper");
  return MakeTextRule(reader, reader.Field(), LetterCase{word == "upper"});
}

}  // namespace concordat::quality
