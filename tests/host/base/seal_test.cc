// What is sealed opens with the same key and context alone, and shows any change of a bit.
#include "host/base/seal.h"

#include "gtest/gtest.h"
#include "host/base/random.h"

namespace concordat {
namespace {

TEST(Seal, OpensWithItsKeyAndContext) {
  const std::string key = RandomBytes(kSealKeyBytes);
  for (const std::string text : {"", "a", "some text that is longer than a block of AES"}) {
    const std::string sealed = Seal(key, text, "here");
    EXPECT_EQ(sealed.size(), text.size() + kSealOverhead);
    EXPECT_EQ(OpenSealed(key, sealed, "here").value(), text);
    EXPECT_NE(sealed, Seal(key, text, "here")) << "a nonce is used once";
  }
}

TEST(Seal, EveryChangeIsNoticed) {
  const std::string key = RandomBytes(kSealKeyBytes);
  const std::string sealed = Seal(key, "secret", "here");
  EXPECT_TRUE(absl::IsDataLoss(OpenSealed(key, sealed, "there").status()));
  EXPECT_TRUE(absl::IsDataLoss(OpenSealed(RandomBytes(kSealKeyBytes), sealed, "here").status()));
  EXPECT_TRUE(absl::IsDataLoss(OpenSealed(key, sealed.substr(0, 20), "here").status()));
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_TRUE(absl::IsDataLoss(OpenSealed(key, changed, "here").status())) << i;
  }
}

}  // namespace
}  // namespace concordat
