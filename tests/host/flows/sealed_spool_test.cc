// Staged output rests sealed, comes back to the byte and in order, and shows any change.
#include "host/flows/sealed_spool.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "host/base/sealed_blocks.h"

namespace concordat::flows {
namespace {

class SealedSpoolTest : public ::testing::Test {
 protected:
  std::string Drained(SealedSpool& spool) {
    std::string all;
    while (true) {
      auto next = spool.Next();
      EXPECT_TRUE(next.ok()) << next.status();
      if (!next.ok() || !*next) return all;
      EXPECT_LE((*next)->size(), kBlockBytes);
      all += **next;
    }
  }
  /// What the disk holds of the nameless file, read through this process's own descriptors.
  static std::string OnDisk(const std::string& folder) {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      const std::string target = std::filesystem::read_symlink(entry.path(), gone).string();
      if (!target.starts_with(folder + "/")) continue;
      all += ReadFile(entry.path().string()).value();
    }
    return all;
  }

  const TemporaryFolder folder_ = TemporaryFolder::Create().value();
};

TEST_F(SealedSpoolTest, GivesBackWhatWasAppendedAsOftenAsItIsRewound) {
  for (const size_t size :
       {size_t{0}, size_t{1}, kBlockBytes - 1, kBlockBytes, kBlockBytes + 1, 3 * kBlockBytes}) {
    auto spool = SealedSpool::Create(folder_.path()).value();
    std::string given;
    for (size_t i = 0; given.size() < size; ++i)
      given +=
          std::string(std::min<size_t>(size - given.size(), i % 5000 + 1), static_cast<char>('a' + i % 26));
    for (size_t at = 0; at < size; at += 30'000)
      ASSERT_TRUE(spool->Append(std::string_view(given).substr(at, 30'000)).ok());
    EXPECT_EQ(spool->bytes(), size);
    EXPECT_EQ(spool->FinishDigest(), DigestOf(given));
    for (int pass = 0; pass < 2; ++pass) {
      ASSERT_TRUE(spool->Rewind().ok());
      EXPECT_EQ(Drained(*spool), given);
    }
  }
}

TEST_F(SealedSpoolTest, NothingPlainIsOnDiskAndNothingStays) {
  const std::string token = "token-that-nobody-may-see";
  {
    auto spool = SealedSpool::Create(folder_.path()).value();
    for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(spool->Append(token).ok());
    ASSERT_TRUE(spool->Rewind().ok());
    const std::string disk = OnDisk(folder_.path());
    EXPECT_GT(disk.size(), spool->bytes());
    EXPECT_EQ(disk.find(token.substr(0, 8)), std::string::npos);
  }
  EXPECT_EQ(OnDisk(folder_.path()), "");
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(SealedSpoolTest, IsWrittenFirstAndReadThen) {
  auto spool = SealedSpool::Create(folder_.path()).value();
  EXPECT_TRUE(absl::IsFailedPrecondition(spool->Next().status()));
  ASSERT_TRUE(spool->Rewind().ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(spool->Append("late")));
}

TEST_F(SealedSpoolTest, AFolderThatIsNotThereIsSaid) {
  EXPECT_FALSE(SealedSpool::Create(folder_.path() + "/none").ok());
}

}  // namespace
}  // namespace concordat::flows
