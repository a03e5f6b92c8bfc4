// A sealed cell opens in its own place alone, and tells neither its text nor much of its length.
#include "host/base/column_cipher.h"

#include "gtest/gtest.h"
#include "host/base/random.h"
#include "host/base/seal.h"

namespace concordat {
namespace {

TEST(ColumnCipher, OpensInItsPlaceAlone) {
  ColumnCipher cipher(RandomBytes(kSealKeyBytes));
  std::string sealed;
  std::string text;
  for (const std::string& given :
       {std::string(), std::string("a"), std::string(15, 'x'), std::string(16, 'x'),
        std::string("\x80\0\0", 3), std::string(100'000, 'y')}) {
    cipher.Seal(7, given, sealed);
    ASSERT_TRUE(cipher.Open(7, sealed, text));
    EXPECT_EQ(text, given);
    EXPECT_FALSE(cipher.Open(8, sealed, text));
    EXPECT_EQ(text, "") << "nothing unproved is handed out";
    EXPECT_EQ(sealed.find("xxxx"), std::string::npos);
  }
}

TEST(ColumnCipher, EveryChangeIsNoticed) {
  ColumnCipher cipher(RandomBytes(kSealKeyBytes));
  ColumnCipher other(RandomBytes(kSealKeyBytes));
  std::string sealed;
  std::string text;
  cipher.Seal(1, "secret", sealed);
  EXPECT_FALSE(other.Open(1, sealed, text));
  EXPECT_FALSE(cipher.Open(1, sealed.substr(0, 16), text));
  EXPECT_FALSE(cipher.Open(1, "", text));
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(cipher.Open(1, changed, text)) << i;
  }
  EXPECT_TRUE(cipher.Open(1, sealed, text)) << "a failure leaves nothing behind";
}

TEST(ColumnCipher, ShortTextsHaveOneLengthAndEqualTextsAreNotEqual) {
  ColumnCipher cipher(RandomBytes(kSealKeyBytes));
  std::string yes;
  std::string no;
  std::string again;
  cipher.Seal(1, "yes", yes);
  cipher.Seal(2, "no", no);
  cipher.Seal(3, "yes", again);
  EXPECT_EQ(yes.size(), no.size());
  EXPECT_NE(yes, again);
}

TEST(DerivedKey, IsAnotherForEveryPurpose) {
  const std::string key = RandomBytes(kSealKeyBytes);
  EXPECT_EQ(DerivedKey(key, "a").size(), kSealKeyBytes);
  EXPECT_NE(DerivedKey(key, "a"), DerivedKey(key, "b"));
  EXPECT_EQ(DerivedKey(key, "a"), DerivedKey(key, "a"));
}

}  // namespace
}  // namespace concordat
