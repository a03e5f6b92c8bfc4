// truncated: the text of `field` does not look cut off: it is not exactly as long as a system's limit, nor a number at the end
// of its range.
//   with: {field, lengths: [20, 35]}      besides 255 characters; lengths: limits of the system the extract comes from
// The numbers are the greatest and least ones of 16, 32 and 64 bits, where a system that overflows stops.
#include <algorithm>

#include "fmt/format.h"
#include "host/base/utf8.h"
#include "host/quality/kinds/text_rule.h"

namespace concordat::quality {
namespace {

constexpr size_t kUsualLimit = 255;
constexpr std::string_view kEndsOfRanges[] = {
    "32767",      "-32768",      "65535",     "2147483647",          "-2147483648",
    "4294967295", "9223372036854775807", "-9223372036854775808", "18446744073709551615"};

struct WholeText {
  std::vector<size_t> lengths;

  bool IsLimit(size_t length) const { return std::find(lengths.begin(), lengths.end(), length) != lengths.end(); }
  bool Good(std::string_view text) const {
    if (std::find(std::begin(kEndsOfRanges), std::end(kEndsOfRanges), text) != std::end(kEndsOfRanges)) return false;
    return text.size() < lengths.front() || !IsLimit(Utf8Length(text));
  }
  Explanation Why(const std::string& shown, std::string_view text, const std::string& name) const {
    const size_t length = Utf8Length(text);
    if (IsLimit(length)) {
      return {fmt::format("{} ends exactly at {} characters, as if it had been cut off", shown, length),
              fmt::format("give the whole {}, or say in the contract that it may be as long", name)};
    }
    return {fmt::format("{} is the end of a system's range of numbers, not a measured value", shown),
            fmt::format("give the true {}, or leave it empty", name)};
  }
};

std::vector<size_t> LengthsOf(RuleReader& reader) {
  std::vector<size_t> lengths = {kUsualLimit};
  for (const std::string& text : reader.with().Texts("lengths")) {
    size_t length = 0;
    for (const char digit : text) {
      const bool fits = digit >= '0' && digit <= '9' && length < 1'000'000;
      length = fits ? 10 * length + static_cast<size_t>(digit - '0') : 0;
      if (!fits) break;
    }
    if (length > 0) {
      lengths.push_back(length);
    } else {
      reader.with().Error("lengths", "bad-length", fmt::format("\"{}\" is no number of characters", text));
    }
  }
  std::sort(lengths.begin(), lengths.end());
  return lengths;
}

}  // namespace

std::unique_ptr<const Rule> CompileTruncated(RuleReader& reader) {
  return MakeTextRule(reader, reader.Field(), WholeText{LengthsOf(reader)});
}

}  // namespace concordat::quality
