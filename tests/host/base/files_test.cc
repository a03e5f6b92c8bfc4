#include "host/base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/ids.h"

namespace concordat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FilesTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  unsigned ModeOf(const std::string& name) const {
    struct stat about;
    EXPECT_EQ(stat(Path(name).c_str(), &about), 0);
    return about.st_mode & 07777;
  }

  const std::string folder_ = testing::TempDir() + NewRandomId("files-");
};

TEST_F(FilesTest, WhatIsWrittenIsRead) {
  const std::string content = std::string("a\0b\n", 4) + std::string(200000, 'x');
  ASSERT_TRUE(WriteFileAtomically(Path("f"), content).ok());
  EXPECT_EQ(*ReadFile(Path("f")), content);
  ASSERT_TRUE(ReplaceFile(Path("f"), "shorter").ok());
  EXPECT_EQ(*ReadFile(Path("f")), "shorter");
}

TEST_F(FilesTest, WritingLeavesNothingBeside) {
  ASSERT_TRUE(WriteFileAtomically(Path("f"), "1").ok());
  ASSERT_TRUE(WriteFileAtomically(Path("f"), "2").ok());
  EXPECT_FALSE(WriteFileAtomically(Path("no/folder"), "3").ok());
  std::filesystem::create_directory(Path("folder"));
  EXPECT_FALSE(WriteFileAtomically(Path("folder"), "4").ok());
  EXPECT_THAT(*ListFiles(folder_), ElementsAre("f"));
}

TEST_F(FilesTest, SwappedFilesAreWholeAndOnlyTwo) {
  for (const size_t size : {100u, 3u, 70'000u, 0u, 5u}) {  // shorter than the one before, too
    const std::string content(size, static_cast<char>('a' + size % 7));
    ASSERT_TRUE(SwapFile(Path("f"), content).ok());
    EXPECT_EQ(*ReadFile(Path("f")), content);
    EXPECT_EQ(ModeOf("f"), 0644u);
  }
  EXPECT_THAT(*ListFiles(folder_), ElementsAre("f", "f.spare"));
  ASSERT_TRUE(WriteFileAtomically(Path("g"), "first").ok());
  const auto before = OpenForReading(Path("g"));
  ASSERT_TRUE(SwapFile(Path("g"), "second").ok());
  char still[5];
  EXPECT_EQ(pread(before->get(), still, sizeof still, 0), 5);
  EXPECT_EQ(std::string(still, 5), "first") << "who had it open keeps what it said";
  EXPECT_FALSE(SwapFile(Path("no/folder"), "x").ok());
}

TEST_F(FilesTest, TheModeIsExactWhateverTheUmask) {
  const mode_t before = umask(0077);
  ASSERT_TRUE(WriteFileAtomically(Path("shared"), "", 0644).ok());
  umask(0);
  ASSERT_TRUE(WriteFileAtomically(Path("secret"), "", 0600).ok());
  umask(before);
  EXPECT_EQ(ModeOf("shared"), 0644u);
  EXPECT_EQ(ModeOf("secret"), 0600u);
}

TEST_F(FilesTest, ConcurrentWritersNeverMixTheirContents) {
  std::vector<std::thread> writers;
  for (char letter = 'a'; letter < 'e'; ++letter) {
    writers.emplace_back([&, letter] {
      for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(WriteFileAtomically(Path("f"), std::string(10000, letter)).ok());
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  const std::string content = *ReadFile(Path("f"));
  EXPECT_EQ(content, std::string(10000, content[0]));
}

TEST_F(FilesTest, ReadingTellsWhyNot) {
  EXPECT_EQ(ReadFile(Path("none")).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(MessageOf(ReadFile(Path("none")).status())), HasSubstr("none: No such file"));
  EXPECT_FALSE(ReadFile(folder_).ok());
}

TEST_F(FilesTest, ReadingStopsAtTheLimit) {
  ASSERT_TRUE(WriteFileAtomically(Path("f"), "12345").ok());
  EXPECT_EQ(*ReadFile(Path("f"), 5), "12345");
  EXPECT_EQ(ReadFile(Path("f"), 4).status().code(), absl::StatusCode::kResourceExhausted);
}

TEST_F(FilesTest, FoldersAreMadeWithTheirParents) {
  EXPECT_TRUE(MakeFolders(Path("a/b/c")).ok());
  EXPECT_TRUE(MakeFolders(Path("a/b/c")).ok());
  EXPECT_TRUE(MakeFolders(Path("a/b/c/")).ok());
  EXPECT_TRUE(std::filesystem::is_directory(Path("a/b/c")));
  EXPECT_TRUE(MakeFolders("/").ok());
  ASSERT_TRUE(WriteFileAtomically(Path("file"), "").ok());
  EXPECT_FALSE(MakeFolders(Path("file")).ok());
  EXPECT_FALSE(MakeFolders(Path("file/below")).ok());
}

TEST_F(FilesTest, ListsFilesSortedAndByTheNamesTheyHaveThere) {
  ASSERT_TRUE(MakeFolders(Path("b/c")).ok());
  ASSERT_TRUE(MakeFolders(Path("empty")).ok());
  for (const char* name : {"z", "b/c/2", "b/c/1", "b.yaml", "a"}) {
    ASSERT_TRUE(WriteFileAtomically(Path(name), "").ok());
  }
  std::filesystem::create_symlink(Path("a"), Path("link"));
  std::filesystem::create_directory_symlink(Path("b"), Path("loop"));
  std::filesystem::create_symlink(Path("nowhere"), Path("broken"));
  const auto expected = ElementsAre("a", "b.yaml", "b/c/1", "b/c/2", "link", "z");
  EXPECT_THAT(*ListFiles(folder_), expected);
  EXPECT_THAT(*ListFiles(folder_ + "/"), expected);
  EXPECT_EQ(ListFiles(Path("none")).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(FilesTest, ADescriptorIsClosedOnce) {
  ASSERT_TRUE(WriteFileAtomically(Path("f"), "x").ok());
  FileDescriptor first = *OpenForReading(Path("f"));
  const int number = first.get();
  FileDescriptor second(std::move(first));
  EXPECT_FALSE(first.valid());
  EXPECT_EQ(second.get(), number);
  second = FileDescriptor();
  EXPECT_EQ(fcntl(number, F_GETFD), -1);
}

}  // namespace
}  // namespace concordat
