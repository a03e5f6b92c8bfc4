// What a backup holds comes out as it went in, below its folder and nowhere else.
#include "host/flows/backup_archive.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "gtest/gtest.h"
#include "host/base/files.h"

namespace concordat::flows {
namespace {

constexpr char kPassphrase[] = "correct horse battery staple";

class BackupArchive : public testing::Test {
 protected:
  std::string Path() const { return folder_->path() + "/archive"; }
  std::string Target() const { return folder_->path() + "/unpacked"; }

  void Write(const std::vector<std::pair<std::string, std::string>>& files) {
    const FileDescriptor fd(open(Path().c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600));
    auto writer = ArchiveWriter::Begin(fd.get(), Path(), kPassphrase);
    ASSERT_TRUE(writer.ok()) << writer.status();
    for (const auto& [path, text] : files) ASSERT_TRUE(writer->AddText(path, text).ok());
    ASSERT_TRUE(writer->Finish({{"created", "now"}}).ok());
  }
  absl::StatusOr<json::Object> Unpack() {
    std::filesystem::create_directory(Target());
    ASSIGN_OR_RETURN(const FileDescriptor fd, OpenForReading(Path()));
    ASSIGN_OR_RETURN(ArchiveReader reader, ArchiveReader::Open(fd.get(), Path(), kPassphrase, Target()));
    while (true) {
      ASSIGN_OR_RETURN(const bool more, reader.Next());
      if (!more) return reader.manifest();
    }
  }

  absl::StatusOr<TemporaryFolder> folder_ = TemporaryFolder::Create();
};

TEST_F(BackupArchive, FilesComeBackWithTheirContentReadableByTheirOwnerAlone) {
  const std::string large(3'000'000, 'x');
  Write({{"data/a.txt", "one"}, {"data/deep/er/b", ""}, {"large", large}});
  const auto manifest = Unpack();
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  EXPECT_EQ(json::TextOr(*manifest, "created", ""), "now");
  EXPECT_EQ(*ReadFile(Target() + "/data/a.txt"), "one");
  EXPECT_EQ(*ReadFile(Target() + "/data/deep/er/b"), "");
  EXPECT_TRUE(*ReadFile(Target() + "/large") == large);
  EXPECT_EQ(std::filesystem::status(Target() + "/large").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(BackupArchive, NothingIsWrittenOutsideTheFolder) {
  for (const char* path : {"../outside", "data/../../outside", "/tmp/outside", ""}) {
    std::filesystem::remove_all(Target());
    Write({{path, "x"}});
    EXPECT_EQ(Unpack().status().code(), absl::StatusCode::kDataLoss) << path;
  }
  EXPECT_FALSE(std::filesystem::exists(folder_->path() + "/outside"));
}

TEST_F(BackupArchive, TheSameFileTwiceIsRefused) {
  Write({{"a", "one"}, {"a", "two"}});
  EXPECT_FALSE(Unpack().ok());
}

TEST_F(BackupArchive, AFileThatShrankIsNotTakenForWhole) {
  ASSERT_TRUE(WriteFileAtomically(folder_->path() + "/source", "short").ok());
  const FileDescriptor fd(open(Path().c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600));
  auto writer = ArchiveWriter::Begin(fd.get(), Path(), kPassphrase);
  ASSERT_TRUE(writer.ok());
  EXPECT_EQ(writer->AddFile("a", folder_->path() + "/source", 6).code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace concordat::flows
