// whitespace: the text of `field` has no blanks at its ends, no two in a row, no tabs, line breaks or hard
// blanks.
//   with: {field}
#include "fmt/format.h"
#include "host/quality/kinds/text_rule.h"

namespace concordat::quality {
namespace {

constexpr std::string_view kHardBlank = "\xC2\xA0";  // U+00A0, as spreadsheets and web pages leave it behind

struct Tidy {
  static bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

  bool Good(std::string_view text) const {
    bool blank_before = true;
    for (const char c : text) {
      if (IsControl(c) || (c == ' ' && blank_before)) return false;
      blank_before = c == ' ';
    }
    return (text.empty() || !blank_before) && text.find(kHardBlank) == std::string_view::npos;
  }
  Explanation Why(const std::string& shown, std::string_view text, const std::string& name) const {
    const std::string ends = BlankHint(text);
    if (!ends.empty()) return {fmt::format("{} begins or ends with a blank", shown), ends};
    if (text.find(kHardBlank) != std::string_view::npos)
      return {fmt::format("{} has a hard blank (U+00A0) in it", shown),
              "type an ordinary blank in its place"};
    if (text.find("  ") != std::string_view::npos)
      return {fmt::format("{} has two blanks in a row", shown), "take one of them out"};
    return {fmt::format("{} has a tab, a line break or another control character in it", shown),
            fmt::format("write {} on one line", name)};
  }
};

}  // namespace

std::unique_ptr<const Rule> CompileWhitespace(RuleReader& reader) {
  return MakeTextRule(reader, reader.Field(), Tidy());
}

}  // namespace concordat::quality
