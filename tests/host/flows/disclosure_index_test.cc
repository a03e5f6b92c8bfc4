#include "host/flows/disclosure_index.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "fmt/format.h"

namespace concordat::flows {
namespace {

const DatasetId kCrime("street_crime");

class DisclosureIndexTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::make_unique<TemporaryFolder>(*TemporaryFolder::Create());
    auto store = store::OpenSqliteStore(folder_->path() + "/store", std::string(32, 'k'));
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    host_.store = store_.get();
    host_.data_dir = folder_->path();
  }

  void Disclose(const std::string& receipt, const DatasetId& dataset, const std::vector<std::string>& keys) {
    auto writer = DisclosureIndexWriter::Create(host_, dataset, /*run_tokens=*/100);
    ASSERT_TRUE(writer.ok()) << writer.status();
    for (const std::string& key : keys) (*writer)->Add(key);
    const absl::Status finished = (*writer)->Finish(ReceiptId(receipt));
    ASSERT_TRUE(finished.ok()) << finished;
  }
  std::vector<std::string> Of(const DatasetId& dataset, std::string_view key) const {
    const auto found = DisclosuresOf(host_, dataset, key);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.value_or(std::vector<std::string>{"failed"});
  }
  std::string PathOf(const std::string& receipt) const {
    return fmt::format("{}/disclosures/{}.tokens", folder_->path(), receipt);
  }
  std::vector<std::string> Files() const { return *ListFiles(folder_->path() + "/disclosures"); }

  std::unique_ptr<TemporaryFolder> folder_;
  std::unique_ptr<store::Store> store_;
  HostParts host_;
};

using List = std::vector<std::string>;

TEST_F(DisclosureIndexTest, NothingWasDisclosedYet) { EXPECT_EQ(Of(kCrime, "1"), List{}); }

TEST_F(DisclosureIndexTest, NamesTheDisclosuresThatHeldARecord) {
  Disclose("R-00000000000000a1", kCrime, {"1", "2"});
  Disclose("R-00000000000000a2", kCrime, {"2", "3"});
  Disclose("R-00000000000000a3", kCrime, {});
  Disclose("R-00000000000000a4", DatasetId("asb"), {"2"});
  EXPECT_EQ(Of(kCrime, "1"), List{"R-00000000000000a1"});
  EXPECT_EQ(Of(kCrime, "2"), (List{"R-00000000000000a1", "R-00000000000000a2"}));
  EXPECT_EQ(Of(kCrime, "4"), List{});
  EXPECT_EQ(Of(DatasetId("asb"), "2"), List{"R-00000000000000a4"});
  EXPECT_TRUE(*DisclosureHolds(host_, ReceiptId("R-00000000000000a2"), kCrime, "3"));
  EXPECT_FALSE(*DisclosureHolds(host_, ReceiptId("R-00000000000000a1"), kCrime, "3"));
  EXPECT_FALSE(*DisclosureHolds(host_, ReceiptId("R-00000000000000ff"), kCrime, "3"));
}

// Several merge passes' worth of runs, every key sorted in among the others, some of them twice.
TEST_F(DisclosureIndexTest, ThreeHundredThousandKeysInBoundedRuns) {
  constexpr int kKeys = 300000;
  auto writer = DisclosureIndexWriter::Create(host_, kCrime, /*run_tokens=*/20000);
  ASSERT_TRUE(writer.ok());
  for (int i = 0; i < kKeys; ++i) (*writer)->Add(fmt::format("crime-{}", i));
  for (int i = 0; i < kKeys; i += 7) (*writer)->Add(fmt::format("crime-{}", i));
  ASSERT_TRUE((*writer)->Finish(ReceiptId("R-00000000000000b1")).ok());
  EXPECT_EQ(Files(), List{"R-00000000000000b1.tokens"});
  const std::string tokens = *ReadFile(PathOf("R-00000000000000b1"));
  ASSERT_EQ(tokens.size(), kKeys * kDisclosureTokenBytes);
  for (size_t at = kDisclosureTokenBytes; at < tokens.size(); at += kDisclosureTokenBytes) {
    ASSERT_LT(
        tokens.compare(at - kDisclosureTokenBytes, kDisclosureTokenBytes, tokens, at, kDisclosureTokenBytes),
        0);
  }
  for (int i = 0; i < kKeys; i += 1013) {
    ASSERT_EQ(Of(kCrime, fmt::format("crime-{}", i)).size(), 1u) << i;
    ASSERT_EQ(Of(kCrime, fmt::format("crime-{}", kKeys + i)).size(), 0u) << i;
  }
}

TEST_F(DisclosureIndexTest, HoldsNoValueAndDependsOnTheHostsSecret) {
  Disclose("R-00000000000000c1", kCrime, {"Jane Example"});
  const std::string tokens = *ReadFile(PathOf("R-00000000000000c1"));
  EXPECT_EQ(tokens.size(), kDisclosureTokenBytes);
  EXPECT_EQ(tokens.find("Jane"), std::string::npos);
  const TemporaryFolder other = *TemporaryFolder::Create();
  const auto store = store::OpenSqliteStore(other.path() + "/store", std::string(32, 'k'));
  HostParts stranger = host_;
  stranger.store = store->get();
  EXPECT_TRUE(DisclosuresOf(stranger, kCrime, "Jane Example")->empty());
  const auto mode = std::filesystem::status(PathOf("R-00000000000000c1")).permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(DisclosureIndexTest, LeavesNothingUnlessItIsFinished) {
  {
    auto writer = DisclosureIndexWriter::Create(host_, kCrime, 10);
    for (int i = 0; i < 100; ++i) (*writer)->Add(fmt::format("{}", i));
    EXPECT_TRUE(absl::IsInvalidArgument((*writer)->Finish(ReceiptId("R-../../x"))));
  }
  EXPECT_TRUE(Files().empty());
}

TEST_F(DisclosureIndexTest, ADamagedFileIsNamed) {
  Disclose("R-00000000000000d1", kCrime, {"1", "2"});
  std::filesystem::resize_file(PathOf("R-00000000000000d1"), 20);
  const auto found = DisclosuresOf(host_, kCrime, "1");
  EXPECT_TRUE(absl::IsDataLoss(found.status()));
  EXPECT_NE(found.status().message().find("R-00000000000000d1"), std::string::npos);
}

TEST(SubjectKeyTest, KeepsTheCellsApart) {
  EXPECT_EQ(SubjectKey({"a|b"}), "a|b");
  EXPECT_EQ(SubjectKey({"a", "b"}), "a|b");
  std::set<std::string> keys = {SubjectKey({"a|", "b"}), SubjectKey({"a", "|b"}), SubjectKey({"a\\", "b"}),
                                SubjectKey({"a", "\\|b"}), SubjectKey({"", "a|b"})};
  EXPECT_EQ(keys.size(), 5u);
}

}  // namespace
}  // namespace concordat::flows
