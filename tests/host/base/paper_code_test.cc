#include "host/base/paper_code.h"

#include <set>

#include "gtest/gtest.h"

namespace concordat {
namespace {

constexpr char kOfZeros[] = "0000-0000-0000-0000-0000-0000-0000";

TEST(PaperCode, IsSevenGroupsOfFourAndNeverTheSame) {
  EXPECT_EQ(PaperCodeOf(std::string(16, '\0')), kOfZeros);
  std::set<std::string> codes;
  for (int i = 0; i < 100; ++i) {
    const std::string code = NewPaperCode();
    EXPECT_EQ(code.size(), 34u);
    EXPECT_EQ(ReadPaperCode(code), code);
    codes.insert(code);
  }
  EXPECT_EQ(codes.size(), 100u);
}

TEST(PaperCode, ReadsWhatPeopleType) {
  const std::string code = PaperCodeOf("0123456789abcdef");
  std::string typed;
  for (const char c : code) typed += c == '-' ? ' ' : static_cast<char>(std::tolower(c));
  EXPECT_EQ(ReadPaperCode("  " + typed + "\n"), code);
  std::string oh = kOfZeros;
  oh[0] = 'o', oh[1] = 'O';
  EXPECT_EQ(ReadPaperCode(oh), kOfZeros);
}

TEST(PaperCode, NoticesEveryWrongCharacterAndEverySwapOfNeighbours) {
  const std::string code = PaperCodeOf("fedcba9876543210");
  for (size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '-') continue;
    for (const char other : std::string_view("0123456789ABCDEFGHJKMNPQRSTVWXYZ")) {
      std::string wrong = code;
      wrong[i] = other;
      EXPECT_EQ(ReadPaperCode(wrong).has_value(), other == code[i]) << wrong;
    }
    const size_t next = i + 1 < code.size() && code[i + 1] == '-' ? i + 2 : i + 1;
    if (next >= code.size() || code[next] == code[i]) continue;
    std::string swapped = code;
    std::swap(swapped[i], swapped[next]);
    EXPECT_FALSE(ReadPaperCode(swapped)) << swapped;
  }
}

TEST(PaperCode, RefusesWhatIsNone) {
  for (const char* text :
       {"", "0000", "0000-0000-0000-0000-0000-0000-000", "U000-0000-0000-0000-0000-0000-0000"})
    EXPECT_FALSE(ReadPaperCode(text)) << text;
  EXPECT_FALSE(LooksLikePaperCode("a passphrase of many w"));
  EXPECT_TRUE(LooksLikePaperCode("U000-0000-0000-0000-0000-0000-0000"));
}

}  // namespace
}  // namespace concordat
