#include "host/flows/policy_archive.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "host/base/files.h"

namespace concordat::flows {
namespace {

constexpr char kPartnership[] =
    "apiVersion: concordat/v1\nkind: Partnership\nid: p\nname: {}\ntrustDomain: derwent.example\nyearStart: "
    "04-01\n";

class PolicyArchiveTest : public testing::Test {
 protected:
  std::shared_ptr<const policy::PolicySet> Policies(const std::string& name) {
    std::string text = kPartnership;
    text.replace(text.find("{}"), 2, name);
    std::filesystem::create_directories(Path("policies"));
    std::ofstream(Path("policies/partnership.yaml")) << text;
    Issues issues;
    return policy::LoadPolicySet(Path("policies"), issues);
  }
  PolicyEntry Entry(const policy::PolicySet& set, const std::string& how) {
    return {set.digest, absl::UnixEpoch(), how, "someone", "a reason", ""};
  }
  std::unique_ptr<PolicyArchive> Open() {
    auto archive = PolicyArchive::Open(Path("kept"));
    EXPECT_TRUE(archive.ok()) << archive.status();
    return *std::move(archive);
  }
  std::string Path(const std::string& name) const { return folder_->path() + "/" + name; }

  const absl::StatusOr<TemporaryFolder> folder_ = TemporaryFolder::Create();
};

TEST_F(PolicyArchiveTest, KeepsWhatTheFolderNoLongerHolds) {
  const auto first = Policies("First");
  ASSERT_TRUE(Open()->Enter(*first, Entry(*first, "start")).ok());
  const auto second = Policies("Second");
  const auto archive = Open();
  ASSERT_TRUE(archive->Enter(*second, Entry(*second, "reload")).ok());
  ASSERT_EQ(Open()->History().size(), 2u);
  EXPECT_EQ(Open()->History().front().reason, "a reason");
  const auto folder = archive->FolderOf(first->digest.substr(0, 15));
  ASSERT_TRUE(folder.ok()) << folder.status();
  Issues issues;
  EXPECT_EQ(policy::LoadPolicySet(*folder, issues)->partnership.name, "First");
}

TEST_F(PolicyArchiveTest, ARestartUnderTheSamePoliciesIsNoEvent) {
  const auto set = Policies("Same");
  ASSERT_TRUE(Open()->Enter(*set, Entry(*set, "start")).ok());
  ASSERT_TRUE(Open()->Enter(*set, Entry(*set, "start")).ok());
  EXPECT_EQ(Open()->History().size(), 1u);
}

TEST_F(PolicyArchiveTest, AHalfWrittenEntryWasNeverInForce) {
  const auto set = Policies("Cut");
  ASSERT_TRUE(Open()->Enter(*set, Entry(*set, "start")).ok());
  std::ofstream(Path("kept/history.jsonl"), std::ios::app) << "{\"digest\":\"sha2";
  EXPECT_EQ(Open()->History().size(), 1u);
  const auto next = Policies("Next");
  ASSERT_TRUE(Open()->Enter(*next, Entry(*next, "reload")).ok());
  EXPECT_EQ(Open()->History().size(), 2u) << "what follows stands on a line of its own";
}

TEST_F(PolicyArchiveTest, AnUnreadableEntryIsNotPassedOver) {
  const auto set = Policies("Bad");
  ASSERT_TRUE(Open()->Enter(*set, Entry(*set, "start")).ok());
  std::ofstream(Path("kept/history.jsonl"), std::ios::app) << "not an entry\n";
  EXPECT_EQ(PolicyArchive::Open(Path("kept")).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(PolicyArchiveTest, AFolderThatChangedWhileItWasReadIsRefused) {
  const auto set = Policies("Before");
  Policies("After");
  EXPECT_EQ(Open()->Enter(*set, Entry(*set, "start")).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(Open()->History().empty());
}

TEST_F(PolicyArchiveTest, AnUnknownDigestShowsTheNewestOnes) {
  const auto set = Policies("Known");
  const auto archive = Open();
  ASSERT_TRUE(archive->Enter(*set, Entry(*set, "start")).ok());
  const absl::Status unknown = archive->FolderOf("sha256:00000000").status();
  EXPECT_EQ(unknown.code(), absl::StatusCode::kNotFound);
  EXPECT_NE(std::string(unknown.message()).find(set->digest), std::string::npos);
  EXPECT_FALSE(archive->FolderOf(set->digest.substr(0, 10)).ok()) << "three digits mean nothing";
}

}  // namespace
}  // namespace concordat::flows
