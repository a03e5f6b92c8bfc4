// charset: every character of the text in `field` is of a set; marks of a file read in the wrong encoding
// never are.
//   with: {field, allow: latin}      ascii: U+0020 to U+007E; latin: also U+00A0 to U+024F; any: no damage
//   only
#include "fmt/format.h"
#include "host/quality/kinds/text_rule.h"

namespace concordat::quality {
namespace {

// The code point that begins at `at`, which moves on; cells are valid UTF-8.
uint32_t NextCodePoint(std::string_view text, size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  uint32_t code = lead & (0x3F >> more);
  for (size_t i = 0; i < more && at < text.size(); ++i)
    code = code << 6 | (static_cast<unsigned char>(text[at++]) & 0x3F);
  return code;
}

struct Charset {
  enum class Set { kAscii, kLatin, kAny };
  Set set;

  // U+FFFD stands for lost bytes, U+0080 to U+009F for Windows-1252 taken for Latin-1.
  bool Allows(uint32_t code) const {
    if (code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xFFFD) return false;
    if (set == Set::kAny || code < 0x7F) return true;
    return set == Set::kLatin && code <= 0x24F;
  }
  std::optional<uint32_t> FirstWrong(std::string_view text) const {
    for (size_t at = 0; at < text.size();) {
      const uint32_t code = NextCodePoint(text, at);
      if (!Allows(code)) return code;
    }
    return std::nullopt;
  }
  bool Good(std::string_view text) const { return !FirstWrong(text); }
  Explanation Why(const std::string& shown, std::string_view text, const std::string& name) const {
    const uint32_t code = FirstWrong(text).value_or(0);
    const bool damaged = code == 0xFFFD || (code >= 0x7F && code < 0xA0);
    return {fmt::format("{} has the character U+{:04X} in it", shown, code),
            damaged ? std::string("the file was saved in another encoding: export it again as CSV UTF-8")
                    : fmt::format("write {} in the characters that were agreed", name)};
  }
};

}  // namespace

std::unique_ptr<const Rule> CompileCharset(RuleReader& reader) {
  const std::string word = reader.with().WordOr("allow", "ascii", {"ascii", "latin", "any"});
  const Charset::Set set = word == "ascii"   ? Charset::Set::kAscii
                           : word == "latin" ? Charset::Set::kLatin
                                             : Charset::Set::kAny;
  return MakeTextRule(reader, reader.Field(), Charset{set});
}

}  // namespace concordat::quality
