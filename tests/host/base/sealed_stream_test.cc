#include "host/base/sealed_stream.h"

#include <fcntl.h>

#include "gtest/gtest.h"
#include "host/base/paper_code.h"
#include "host/base/random.h"

namespace concordat {
namespace {

constexpr char kPassphrase[] = "correct horse battery staple";

class SealedStream : public testing::Test {
 protected:
  std::string Path() const { return folder_->path() + "/file"; }

  void Write(std::string_view content, std::string_view passphrase = kPassphrase) {
    const FileDescriptor fd(open(Path().c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600));
    auto writer = SealedWriter::Begin(fd.get(), Path(), passphrase);
    ASSERT_TRUE(writer.ok()) << writer.status();
    // In pieces that do not fit the frames.
    for (size_t at = 0; at < content.size(); at += 100'003)
      ASSERT_TRUE(writer->Write(content.substr(at, 100'003)).ok());
    ASSERT_TRUE(writer->Finish().ok());
    EXPECT_EQ(writer->bytes(), ReadFile(Path())->size());
    EXPECT_EQ(writer->Digest(), DigestOf(*ReadFile(Path())));
  }
  absl::StatusOr<std::string> Read(std::string_view passphrase = kPassphrase) {
    ASSIGN_OR_RETURN(const FileDescriptor fd, OpenForReading(Path()));
    ASSIGN_OR_RETURN(SealedReader reader, SealedReader::Open(fd.get(), Path(), passphrase));
    std::string all;
    while (true) {
      ASSIGN_OR_RETURN(const std::string some, reader.Read(70'001));
      if (some.empty()) return all;
      all += some;
    }
  }
  void Put(std::string_view bytes) { ASSERT_TRUE(WriteFileAtomically(Path(), bytes).ok()); }

  absl::StatusOr<TemporaryFolder> folder_ = TemporaryFolder::Create();
};

TEST_F(SealedStream, ReadsBackWhatWasWrittenOfAnyLength) {
  for (const size_t size :
       {size_t{0}, size_t{1}, size_t{256} << 10, (size_t{256} << 10) + 1, size_t{1} << 20}) {
    const std::string content = RandomBytes(size);
    Write(content);
    const auto read = Read();
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_TRUE(*read == content) << size;
  }
}

TEST_F(SealedStream, AnotherPassphraseOpensNothingAndSaysSo) {
  Write("content");
  const auto read = Read("correct horse battery stapler");
  EXPECT_EQ(read.status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_NE(read.status().message().find("passphrase does not open"), absl::string_view::npos);
}

TEST_F(SealedStream, APaperCodeMayBeTypedInAnyWay) {
  const std::string code = PaperCodeOf("0123456789abcdef");
  Write("content", code);
  std::string typed;
  for (const char c : code) typed += c == '-' ? ' ' : static_cast<char>(std::tolower(c));
  EXPECT_EQ(Read(typed + "\n").value_or(""), "content");
  typed.back() = typed.back() == '2' ? '3' : '2';
  EXPECT_NE(Read(typed).status().message().find("mistyped"), absl::string_view::npos);
}

TEST_F(SealedStream, AShortPassphraseIsRefused) {
  EXPECT_FALSE(ReadPassphrase("too short").ok());
  EXPECT_EQ(*ReadPassphrase("  twenty characters it has \n"), "twenty characters it has");
}

TEST_F(SealedStream, EveryCutAndEveryChangedByteIsNoticed) {
  const std::string content = RandomBytes(700'000);
  Write(content);
  const std::string file = *ReadFile(Path());
  for (const size_t size :
       {file.size() - 1, file.size() - 30, file.size() / 2, size_t{400'000}, size_t{120}}) {
    Put(file.substr(0, size));
    EXPECT_EQ(Read().status().code(), absl::StatusCode::kDataLoss) << size;
  }
  // Cut exactly behind a frame: only its number and its being the last tell.
  const size_t line = file.find('\n') + 1;
  Put(file.substr(0, line + 4 + (256 << 10) + 28));
  EXPECT_EQ(Read().status().code(), absl::StatusCode::kDataLoss);
  Put(file + "x");
  EXPECT_EQ(Read().status().code(), absl::StatusCode::kDataLoss);
  for (const size_t at :
       {size_t{3}, line - 2, line, line + 2, line + 100, file.size() / 2, file.size() - 1}) {
    std::string changed = file;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    Put(changed);
    EXPECT_FALSE(Read().ok()) << at;
  }
}

TEST_F(SealedStream, WhatIsNoSealedFileIsNamedSo) {
  Put("id,name\n1,x\n");
  EXPECT_EQ(Read().status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace concordat
