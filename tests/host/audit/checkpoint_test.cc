#include "host/audit/checkpoint.h"

#include "gtest/gtest.h"
#include "host/audit/merkle.h"
#include "host/audit/note.h"
#include "host/base/encoding.h"

namespace concordat::audit {
namespace {

constexpr char kOrigin[] = "derwent.example/concordat";

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// RFC 8032, section 7.1, test 2: a key, a message of one byte and its signature.
TEST(Ed25519, AgreesWithTheRfc) {
  const std::string public_key =
      *HexDecode("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const std::string signature = *HexDecode(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_TRUE(VerifyEd25519(public_key, "\x72", signature).ok());
  EXPECT_EQ(VerifyEd25519(public_key, "\x73", signature).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(VerifyEd25519(public_key, "\x72", signature.substr(1)).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(VerifyEd25519("short", "\x72", signature).code(), absl::StatusCode::kDataLoss);
}

TEST(Signer, ComesBackFromItsPemAndNothingElse) {
  const Signer signer = *Signer::Generate();
  const auto again = Signer::FromPem(signer.ToPem());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->PublicKey(), signer.PublicKey());
  EXPECT_TRUE(VerifyEd25519(signer.PublicKey(), "text", *again->Sign("text")).ok());
  EXPECT_FALSE(VerifyEd25519(Signer::Generate()->PublicKey(), "text", *again->Sign("text")).ok());
  for (const std::string& bad :
       {std::string(), std::string("key"), signer.PublicPem(), signer.ToPem().substr(0, 60)}) {
    EXPECT_EQ(Signer::FromPem(bad).status().code(), absl::StatusCode::kInvalidArgument) << bad;
  }
}

TEST(PublicKey, IsReadFromPemAndFromVerifierKey) {
  const Signer signer = *Signer::Generate();
  EXPECT_EQ(*ReadPublicKey(signer.PublicPem()), signer.PublicKey());
  EXPECT_EQ(*ReadPublicKey(VerifierKey(kOrigin, signer.PublicKey()) + "\n"), signer.PublicKey());
  for (const std::string& bad : {std::string(), std::string("-----"), signer.ToPem(), std::string("a+b+c")}) {
    EXPECT_EQ(ReadPublicKey(bad).status().code(), absl::StatusCode::kInvalidArgument) << bad;
  }
}

// A tree head of Go's checksum database of 2024-09-23: a signer that is not ours.
TEST(Note, OpensOneOfTheGoChecksumDatabase) {
  const std::string note =
      "go.sum database tree\n30055305\nmXfgRcJ0bG0j3CPdKwgGWtUzBUbX67saZGRmFuJGGsM=\n\n"
      "— sum.golang.org "
      "Az3grpgEild5qw7+5dtV13Kf1C2Xurm8q4fhdxvcsDHnqNTaxL2AFjBY+2TyGKevucFcAAlWFJJYle3EJlDCrQ+y3A8=\n";
  const auto key = ParseVerifierKey("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->Text(), "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");
  EXPECT_EQ(*OpenNote(note, *key), note.substr(0, note.find("\n\n") + 1));
  EXPECT_EQ(OpenNote(Replaced(note, "30055305", "30055306"), *key).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST(Note, PassesOverSignaturesOfOthers) {
  const Signer ours = *Signer::Generate();
  const Signer other = *Signer::Generate();
  const NamedKey key{"ours", ours.PublicKey()};
  std::string note = *SignNote("text\n", "ours", ours);
  note += SignNote("text\n", "witness", other)->substr(std::string("text\n\n").size());
  EXPECT_EQ(*OpenNote(note, key), "text\n");
  EXPECT_EQ(*OpenNote(note, {"witness", other.PublicKey()}), "text\n");
  EXPECT_EQ(OpenNote(note, {"third", other.PublicKey()}).status().code(), absl::StatusCode::kDataLoss);
  // The same key under another name, and another key under the same name.
  EXPECT_EQ(OpenNote(note, {"witness", ours.PublicKey()}).status().code(), absl::StatusCode::kDataLoss);
}

TEST(Note, OneFalseSignatureOfOursSpoilsTheNote) {
  const Signer signer = *Signer::Generate();
  const std::string false_line = SignNote("other\n", "ours", signer)->substr(std::string("other\n\n").size());
  EXPECT_EQ(OpenNote(*SignNote("text\n", "ours", signer) + false_line, {"ours", signer.PublicKey()})
                .status()
                .code(),
            absl::StatusCode::kDataLoss);
}

class CheckpointTest : public testing::Test {
 protected:
  const Signer signer_ = *Signer::Generate();
  const Checkpoint checkpoint_{kOrigin, 42, LeafHash("root")};
  const std::string note_ = *SignCheckpoint(checkpoint_, signer_);
};

TEST_F(CheckpointTest, ComesBackAsItWasSigned) {
  const auto opened = OpenCheckpoint(note_, signer_.PublicKey());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->origin, kOrigin);
  EXPECT_EQ(opened->size, 42u);
  EXPECT_EQ(opened->root, LeafHash("root"));
  EXPECT_EQ(note_.substr(0, note_.find("\n\n")),
            std::string(kOrigin) + "\n42\n" + Base64Encode(LeafHash("root")));
}

TEST_F(CheckpointTest, AnotherKeyDoesNotOpenIt) {
  EXPECT_EQ(OpenCheckpoint(note_, Signer::Generate()->PublicKey()).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(CheckpointTest, ASignatureUnderAnotherNameDoesNotCount) {
  const std::string text = note_.substr(0, note_.find("\n\n") + 1);
  EXPECT_EQ(
      OpenCheckpoint(*SignNote(text, "elsewhere.example", signer_), signer_.PublicKey()).status().code(),
      absl::StatusCode::kDataLoss);
}

TEST_F(CheckpointTest, EveryFlippedBitIsNoticed) {
  for (size_t bit = 0; bit < note_.size() * 8; ++bit) {
    std::string bad = note_;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(OpenCheckpoint(bad, signer_.PublicKey()).ok()) << "bit " << bit << ": " << bad;
  }
}

TEST_F(CheckpointTest, EveryShortenedOrLengthenedNoteIsRefused) {
  for (size_t size = 0; size < note_.size(); ++size) {
    EXPECT_FALSE(OpenCheckpoint(note_.substr(0, size), signer_.PublicKey()).ok()) << size;
  }
  for (const char* more : {"\n", " ", "x", "\n\n", "— \n", "— a b\n"}) {
    EXPECT_FALSE(OpenCheckpoint(note_ + more, signer_.PublicKey()).ok()) << more;
  }
}

TEST_F(CheckpointTest, WhatIsSignedButNoCheckpointIsMalformed) {
  const std::string root = Base64Encode(LeafHash("root"));
  const std::string name = kOrigin;
  const std::vector<std::string> texts = {
      name + "\n42\n",                 // no root
      name + "\n042\n" + root + "\n",  // a size with two spellings
      name + "\n-1\n" + root + "\n",   //
      name + "\n\n" + root + "\n",     //
      name + "\n18446744073709551616\n" + root + "\n",
      name + "\n42\n" + root.substr(4) + "\n",
      name + "\n42\n" + root + "\r\n",
      "\n42\n" + root + "\n",
      "two words\n42\n" + root + "\n",
  };
  for (const std::string& text : texts) {
    const auto opened = OpenCheckpoint(*SignNote(text, name, signer_), signer_.PublicKey());
    EXPECT_EQ(opened.status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_TRUE(
      OpenCheckpoint(*SignNote(name + "\n42\n" + root + "\nextension\n", name, signer_), signer_.PublicKey())
          .ok());
}

}  // namespace
}  // namespace concordat::audit
