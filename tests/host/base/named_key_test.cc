#include "host/base/named_key.h"

#include "fmt/format.h"
#include "gtest/gtest.h"
#include "host/base/encoding.h"
#include "host/base/random.h"

namespace concordat {
namespace {

// The key of Go's checksum database, which golang.org publishes.
constexpr char kGoKey[] = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";

TEST(VerifierKey, ReadsAKeyThatIsNotOurs) {
  const auto key = ParseVerifierKey(kGoKey);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->name, "sum.golang.org");
  EXPECT_EQ(key->public_key.size(), 32u);
  EXPECT_EQ(HexEncode(key->Hash()), "033de0ae");
  EXPECT_EQ(key->Text(), kGoKey);
}

TEST(VerifierKey, EveryFlippedBitIsNoticed) {
  const std::string text = kGoKey;
  for (size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string bad = text;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(ParseVerifierKey(bad).ok()) << bad;
  }
}

TEST(VerifierKey, OnlyItsOwnShapeIsRead) {
  const NamedKey key{"n", RandomBytes(32)};
  const NamedKey nameless{"", RandomBytes(32)};
  const NamedKey short_key{"n", RandomBytes(31)};
  EXPECT_TRUE(ParseVerifierKey(key.Text()).ok());
  for (const std::string& bad : {std::string(), std::string("n"), std::string("n+00000000"),
                                 key.Text() + "\n", fmt::format(" {}", key.Text()), nameless.Text(), short_key.Text()}) {
    EXPECT_EQ(ParseVerifierKey(bad).status().code(), absl::StatusCode::kInvalidArgument) << bad;
  }
}

TEST(KeyName, HasNoBlanksAndNoPlus) {
  for (const char* good : {"a", "derwent.example/concordat", "é", "…"}) EXPECT_TRUE(IsKeyName(good)) << good;
  for (const char* bad : {"", "a b", "a+b", "a\nb", "a\tb", "\x7F", "a\u00A0b", "a\u2003b", "a\u3000b",
                          "a\u2028b", "\u0085", "\xFF"}) {
    EXPECT_FALSE(IsKeyName(bad)) << bad;
  }
}

}  // namespace
}  // namespace concordat
