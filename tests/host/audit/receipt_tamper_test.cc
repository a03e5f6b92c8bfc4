// A receipt as a file: whoever changes anything in it is found out, with the host's public key alone.
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/audit/log.h"
#include "host/base/digest.h"
#include "host/base/ids.h"

namespace concordat::audit {
namespace {

using testing::HasSubstr;

class ReceiptTamperTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string folder = testing::TempDir() + NewRandomId("receipts-");
    const auto log = *Log::Open(folder, "derwent.example/concordat", signer_);
    for (int i = 0; i < 6; ++i) {
      receipts_.push_back(*log->Append(
          json::Object{{"version", 1},
                       {"kind", i % 2 == 0 ? "submission" : "refusal"},
                       {"id", NewRandomId("R-")},
                       {"time", "2026-11-20T12:00:00Z"},
                       {"host", "derwent.example"},
                       {"subject", {{"feed", "constabulary-street-crime"}, {"note", "caf\xC3\xA9 \"x\"\n"}}},
                       {"digests", {{"data", "sha256:0f"}, {"policy", nullptr}}},
                       {"decision", "accept"},
                       {"reasons", json::Array{"none"}},
                       {"records", {{"total", 7987}, {"score", 93.8}, {"late", false}}}}));
    }
  }

  absl::Status Check(std::string_view text) const {
    ASSIGN_OR_RETURN(const json::Value value, json::Parse(text));
    ASSIGN_OR_RETURN(const record::Receipt receipt, record::ReceiptFromJson(value));
    return VerifyReceipt(receipt, signer_.PublicKey()).status();
  }

  const Signer signer_ = *Signer::Generate();
  std::vector<record::Receipt> receipts_;
};

TEST_F(ReceiptTamperTest, IsAcceptedAsItWasWrittenInEveryLayout) {
  for (const record::Receipt& receipt : receipts_) {
    const json::Object object = receipt.ToJson();
    EXPECT_TRUE(Check(json::Compact(object)).ok()) << Check(json::Compact(object));
    EXPECT_TRUE(Check(json::Pretty(object)).ok());
    EXPECT_TRUE(Check(json::Canonical(object)).ok());
  }
}

TEST_F(ReceiptTamperTest, EveryFlippedBitIsRefused) {
  const std::string text = json::Compact(receipts_[3].ToJson());
  for (size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string bad = text;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(Check(bad).ok()) << "bit " << bit << " of " << bad;
  }
}

TEST_F(ReceiptTamperTest, EveryByteLostOrDoubledIsRefused) {
  const std::string text = json::Compact(receipts_[2].ToJson());
  for (size_t i = 0; i < text.size(); ++i) {
    std::string lost = text;
    lost.erase(i, 1);
    EXPECT_FALSE(Check(lost).ok()) << i;
    std::string doubled = text;
    doubled.insert(i, 1, text[i]);
    EXPECT_FALSE(Check(doubled).ok()) << i;
  }
}

TEST_F(ReceiptTamperTest, RandomMutationsAreRefusedAndDoNoHarm) {
  std::mt19937 random(1);
  const std::string text = json::Compact(receipts_[1].ToJson());
  const json::Value original = *json::Parse(text);
  for (int i = 0; i < 20000; ++i) {
    std::string bad = text;
    for (unsigned edits = 1 + random() % 4; edits > 0; --edits) {
      const size_t at = random() % bad.size();
      switch (random() % 3) {
        case 0:
          bad[at] = static_cast<char>(random() % 256);
          break;
        case 1:
          bad.erase(at, 1 + random() % 40);
          break;
        default:
          bad.insert(at, text.substr(random() % text.size(), random() % 40));
          break;
      }
    }
    const auto mutated = json::Parse(bad);
    if (mutated.ok() && json::Canonical(*mutated) == json::Canonical(original)) continue;
    EXPECT_FALSE(Check(bad).ok()) << bad;
  }
}

TEST_F(ReceiptTamperTest, PartsOfTwoReceiptsDoNotMix) {
  const record::Receipt& other = receipts_[5];
  record::Receipt mixed = receipts_[4];
  mixed.signature = other.signature;
  EXPECT_THAT(std::string(MessageOf(VerifyReceipt(mixed, signer_.PublicKey()).status())),
              HasSubstr("signature: "));
  mixed = receipts_[4];
  mixed.leaf = other.leaf;
  EXPECT_THAT(std::string(MessageOf(VerifyReceipt(mixed, signer_.PublicKey()).status())),
              HasSubstr("leaf: "));
  mixed = receipts_[4];
  mixed.checkpoint = other.checkpoint;
  EXPECT_THAT(std::string(MessageOf(VerifyReceipt(mixed, signer_.PublicKey()).status())),
              HasSubstr("proof: "));
  mixed = receipts_[4];
  mixed.leaf.index = 3;
  EXPECT_THAT(std::string(MessageOf(VerifyReceipt(mixed, signer_.PublicKey()).status())),
              HasSubstr("proof: "));
}

TEST_F(ReceiptTamperTest, AnotherHostCannotHaveIssuedIt) {
  const std::string other_key = Signer::Generate()->PublicKey();
  EXPECT_EQ(VerifyReceipt(receipts_[0], other_key).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(ReceiptTamperTest, ACheckpointOfAnotherSignerIsRefusedThoughTheReceiptIsSigned) {
  record::Receipt receipt = receipts_[0];
  receipt.checkpoint =
      *SignCheckpoint(*OpenCheckpoint(receipt.checkpoint, signer_.PublicKey()), *Signer::Generate());
  EXPECT_THAT(std::string(MessageOf(VerifyReceipt(receipt, signer_.PublicKey()).status())),
              HasSubstr("checkpoint: "));
}

TEST_F(ReceiptTamperTest, TheLeafIsTheHashOfSaltAndSignedForm) {
  const record::Receipt& receipt = receipts_[0];
  EXPECT_EQ(receipt.leaf.hash, Sha256(receipt.leaf.salt + json::Canonical(receipt.body)));
  EXPECT_NE(receipts_[0].leaf.salt, receipts_[1].leaf.salt);
}

}  // namespace
}  // namespace concordat::audit
