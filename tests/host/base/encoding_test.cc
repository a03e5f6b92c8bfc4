#include "host/base/encoding.h"

#include "gtest/gtest.h"
#include "host/base/random.h"

namespace concordat {
namespace {

// RFC 4648, section 10.
TEST(Base64, AgreesWithTheRfc) {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(Base64Encode(bytes), text);
    EXPECT_EQ(Base64Decode(text), bytes);
  }
  EXPECT_EQ(Base64Encode("\xFB\xFF\xFE"), "+//+");
}

TEST(Base64, HasOneSpellingForEveryValue) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zm9v=", "Zh==", "Zm9=", " Zg==",
                           "Zg==\n", "Zm 9v", "Zg==Zg==", "_-_-", "Zm9\xFF", "Zm9v\n"}) {
    EXPECT_EQ(Base64Decode(text), std::nullopt) << text;
  }
  EXPECT_EQ(Base64Decode(std::string("Zm9v") + '\0'), std::nullopt);
}

TEST(Base64, BytesOfEveryLengthComeBack) {
  for (size_t size = 0; size < 200; ++size) {
    const std::string bytes = RandomBytes(size);
    EXPECT_EQ(Base64Decode(Base64Encode(bytes)), bytes);
    EXPECT_EQ(HexDecode(HexEncode(bytes)), bytes);
  }
}

TEST(Hex, IsLowerCaseAndReadsBoth) {
  EXPECT_EQ(HexEncode(std::string("\x00\x0F\xAB\xFF", 4)), "000fabff");
  EXPECT_EQ(HexDecode("ABab"), "\xAB\xAB");
  for (const char* text : {"a", "0g", "0x", " a", "a "}) EXPECT_EQ(HexDecode(text), std::nullopt) << text;
}

}  // namespace
}  // namespace concordat
