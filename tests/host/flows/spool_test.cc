#include "host/flows/spool.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "host/base/digest.h"
#include "host/flows/output_file.h"

namespace concordat::flows {
namespace {

class SpoolTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(MakeFolders(folder_).ok()); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  size_t Files() const {
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

  const std::string folder_ = ::testing::TempDir() + "/spool-" + std::to_string(::getpid());
};

TEST_F(SpoolTest, TakesTheDigestOfWhatPassed) {
  auto spool = Spool::Create(folder_, true);
  ASSERT_TRUE(spool.ok());
  ASSERT_TRUE((*spool)->Append("ab").ok());
  ASSERT_TRUE((*spool)->Append("c").ok());
  EXPECT_EQ((*spool)->FinishDigest(), DigestOf("abc"));
  EXPECT_EQ((*spool)->bytes(), 3u);
}

TEST_F(SpoolTest, IsGoneUnlessItIsKept) {
  { ASSERT_TRUE(Spool::Create(folder_, false).ok()); }
  EXPECT_EQ(Files(), 0u);
  {
    auto spool = Spool::Create(folder_, false, Spool::Rest::kPlain);
    ASSERT_TRUE((*spool)->Append("kept").ok());
    ASSERT_TRUE((*spool)->KeepAs(folder_ + "/source").ok());
  }
  EXPECT_EQ(*ReadFile(folder_ + "/source"), "kept");
}

TEST_F(SpoolTest, RestsSealedAndReadsPlainFromAnyPlace) {
  const std::string text = std::string(70'000, 'a') + "token" + std::string(70'000, 'b');
  for (const Spool::Rest rest : {Spool::Rest::kSealed, Spool::Rest::kPlain}) {
    auto spool = Spool::Create(folder_, true, rest).value();
    for (size_t at = 0; at < text.size(); at += 9'999)
      ASSERT_TRUE(spool->Append(text.substr(at, 9'999)).ok());
    ASSERT_TRUE(spool->Finish().ok());
    EXPECT_EQ(spool->bytes(), text.size());
    EXPECT_EQ(spool->FinishDigest(), DigestOf(text));
    for (const size_t at : {size_t{0}, size_t{65'530}, size_t{69'999}, text.size() - 1, text.size()})
      EXPECT_EQ(spool->Read(at, 66'000).value(), text.substr(at, 66'000));
    EXPECT_EQ(spool->Read(text.size() + 5, 10).value(), "");
    ASSERT_TRUE(spool->KeepAs(folder_ + "/kept").ok());
    const bool plain = rest == Spool::Rest::kPlain;
    EXPECT_EQ(ReadFile(folder_ + "/kept")->find("token") != std::string::npos, plain);
    EXPECT_EQ(spool->key().empty(), plain);
  }
}

TEST_F(SpoolTest, AnOutputFileAppearsOnlyWhenItIsWhole) {
  const std::string path = folder_ + "/rows.csv";
  {
    auto file = OutputFile::Create(path);
    ASSERT_TRUE(file.ok());
    (*file)->Write("half");
  }
  EXPECT_EQ(Files(), 0u);
  auto file = OutputFile::Create(path);
  (*file)->Write("whole");
  ASSERT_TRUE((*file)->Finish().ok());
  EXPECT_EQ(*ReadFile(path), "whole");
}

}  // namespace
}  // namespace concordat::flows
