#include "host/flows/inbox_folder.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "host/flows/inbox_names.h"

namespace concordat::flows {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class InboxFolderTest : public ::testing::Test {
 protected:
  InboxFolderTest()
      : temporary_(*TemporaryFolder::Create()), folder_(*InboxFolder::Open(temporary_.path())) {}

  std::string Path(const std::string& name) const { return temporary_.path() + "/" + name; }
  std::string Put(const std::string& base, const std::string& ending, const std::string& text,
                  bool replace = true) {
    return folder_
        .Put(
            base, ending, [&](const auto& append) { return append(text); }, replace, written_)
        .value_or("");
  }
  std::string Read(const std::string& name) const { return ReadFile(Path(name)).value_or("(none)"); }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    const std::vector<FolderItem> items = *folder_.List();
    for (const FolderItem& item : items) names.push_back(item.name);
    return names;
  }

  const TemporaryFolder temporary_;
  const InboxFolder folder_;
  std::map<std::string, WrittenFile> written_;
};

TEST_F(InboxFolderTest, OnesOwnFileIsReplacedAndAnothersNever) {
  EXPECT_EQ(Put("a.csv", ".report.html", "one"), "a.csv.report.html");
  EXPECT_EQ(Put("a.csv", ".report.html", "two"), "a.csv.report.html");
  EXPECT_EQ(Read("a.csv.report.html"), "two");
  ASSERT_TRUE(ReplaceFile(Path("a.csv.report.html"), "somebody's").ok());
  EXPECT_EQ(Put("a.csv", ".report.html", "three"), "a.csv.report-2.html");
  EXPECT_EQ(Put("a.csv", ".report.html", "four"), "a.csv.report-2.html");
  EXPECT_EQ(Read("a.csv.report.html"), "somebody's");
  EXPECT_EQ(Read("a.csv.report-2.html"), "four");
  EXPECT_THAT(Names(), ElementsAre("a.csv.report-2.html", "a.csv.report.html"));
}

TEST_F(InboxFolderTest, AReceiptIsNumberedAndTheSameOneIsWrittenOnce) {
  EXPECT_EQ(Put("a.csv", ".receipt.json", "1", false), "a.csv.receipt.json");
  EXPECT_EQ(Put("a.csv", ".receipt.json", "1", false), "a.csv.receipt.json");
  EXPECT_EQ(Put("a.csv", ".receipt.json", "2", false), "a.csv.receipt-2.json");
  EXPECT_EQ(Put("a.csv", ".receipt.json", "2", false), "a.csv.receipt-2.json");
  EXPECT_EQ(Read("a.csv.receipt.json"), "1");
}

TEST_F(InboxFolderTest, AFileThatCannotBeWholeLeavesNothing) {
  const auto failed = folder_.Put(
      "a.csv", ".report.html",
      [](const auto& append) {
        append("half").IgnoreError();
        return absl::ResourceExhaustedError("the disk is full");
      },
      true, written_);
  EXPECT_TRUE(absl::IsResourceExhausted(failed.status()));
  EXPECT_THAT(Names(), ElementsAre());
}

TEST_F(InboxFolderTest, LinksAreNeverFollowed) {
  ASSERT_TRUE(CreateFile(Path("secret"), "secret").ok());
  std::filesystem::create_symlink(Path("secret"), Path("link.csv"));
  std::filesystem::create_symlink(temporary_.path(), Path("folder"));
  EXPECT_FALSE(folder_.OpenFile("link.csv").ok());
  EXPECT_FALSE(folder_.OpenFolder("folder").ok());
  EXPECT_FALSE(InboxFolder::Open(Path("folder")).ok());
  std::filesystem::create_symlink(Path("secret"), Path("a.csv.report.html"));
  EXPECT_EQ(Put("a.csv", ".report.html", "page"), "a.csv.report-2.html");
  EXPECT_EQ(Read("secret"), "secret");
  ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
  EXPECT_TRUE(absl::IsFailedPrecondition(folder_.OpenFile("pipe").status()));
}

TEST_F(InboxFolderTest, AFileInUseIsKnown) {
  ASSERT_TRUE(CreateFile(Path("a.csv"), "a").ok());
  const FileDescriptor reading = *folder_.OpenFile("a.csv");
  EXPECT_EQ(InUse(reading.get()), "");
  {
    const FileDescriptor writing(open(Path("a.csv").c_str(), O_WRONLY | O_CLOEXEC));
    EXPECT_EQ(InUse(reading.get()), "open for writing in another program");
  }
  {
    const FileDescriptor locking(open(Path("a.csv").c_str(), O_RDONLY | O_CLOEXEC));
    ASSERT_EQ(flock(locking.get(), LOCK_EX), 0);
    EXPECT_EQ(InUse(reading.get()), "locked by another program");
  }
  EXPECT_EQ(InUse(reading.get()), "");
}

TEST_F(InboxFolderTest, LeftoversOfACrashGoAndNothingElse) {
  ASSERT_TRUE(CreateFile(Path(".concordat-0123.part"), "half").ok());
  ASSERT_TRUE(CreateFile(Path("a.csv.part"), "theirs").ok());
  folder_.RemoveLeftovers();
  EXPECT_THAT(Names(), ElementsAre("a.csv.part"));
}

TEST(InboxNames, WhatANameSays) {
  for (const char* partial : {"~$a.xlsx", "a.csv.PART", "a.filepart", "a.crdownload", "a.tmp", "a~"})
    EXPECT_TRUE(IsPartialName(partial)) << partial;
  for (const char* result : {"a.csv.report.html", "a.csv.report-12.html", "a.csv.receipt.json", "README.txt"})
    EXPECT_TRUE(IsResultName(result)) << result;
  for (const char* extract :
       {"a.csv", "a-2.html", "report.csv", "a.json", "a.csv.to-mend.csv", "a.report-x.html"})
    EXPECT_FALSE(IsPartialName(extract) || IsResultName(extract) || IsReasonName(extract) ||
                 IsSystemName(extract))
        << extract;
  EXPECT_EQ(FileMendedBy("a.csv.to-mend.csv"), "a.csv");
  EXPECT_EQ(FileMendedBy("a.csv.to-mend-2.csv"), "a.csv");
  EXPECT_EQ(FileMendedBy("a.csv.to-mend - Copy.csv"), "a.csv");
  EXPECT_EQ(FileMendedBy("a.csv.Mended.CSV"), "a.csv");
  EXPECT_EQ(FileMendedBy("what to mend.csv"), std::nullopt);
  EXPECT_EQ(FileMendedBy("a.csv.to-mend.xlsx"), std::nullopt);
}

TEST(InboxNames, AReasonAsPeopleGiveIt) {
  EXPECT_EQ(ReasonInName("a 2019-01 (because June was missing).csv"), "June was missing");
  EXPECT_EQ(ReasonInName("a 2019-01 (2).csv"), "");
  EXPECT_EQ(NameForPeriod("a 2019-01 (because 2018-12 was missing).csv"), "a 2019-01 ");
  EXPECT_EQ(OneLine("\xEF\xBB\xBF one\r\n two \n"), "one two");
  EXPECT_EQ(OneLine(std::string_view("\xFF\xFEo\0n\0\xAC\x20", 8)), "on\xE2\x82\xAC");
  EXPECT_EQ(OneLine("caf\xE9"), "caf\xC3\xA9");
  EXPECT_EQ(OneLine(" \r\n"), "");
}

}  // namespace
}  // namespace concordat::flows
