// Whatever is done to a log's files, the first leaf that differs is named.
#include "host/audit/history.h"

#include <filesystem>
#include <thread>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/audit/leaf_file.h"
#include "host/audit/log.h"
#include "host/audit/note.h"
#include "host/base/digest.h"
#include "host/base/encoding.h"
#include "host/base/ids.h"

namespace concordat::audit {
namespace {

using testing::HasSubstr;

constexpr char kOrigin[] = "derwent.example/concordat";
constexpr uint64_t kLeaves = 700;  // two whole blocks and a growing one

json::Object Body(const std::string& id) {
  return {{"version", 1},
          {"kind", "refusal"},
          {"id", id},
          {"time", "2026-11-20T12:00:00Z"},
          {"host", "derwent.example"},
          {"subject", json::Object()},
          {"decision", "deny"}};
}

/// The three files of a log, to be tampered with.
struct Files {
  std::string leaves, checkpoint, history;

  std::string Line(uint64_t leaf) const { return leaves.substr(leaf * kLeafLineBytes, kLeafLineBytes); }
  void Set(uint64_t leaf, const std::string& line) {
    leaves.replace(leaf * kLeafLineBytes, kLeafLineBytes, line);
  }
};

class HistoryTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder(*TemporaryFolder::Create());
    signer_ = new Signer(*Signer::Generate());
    const auto log = *Log::Open(folder_->path(), kOrigin, *signer_);
    std::vector<std::thread> threads;
    for (int t = 0; t < 14; ++t) {
      threads.emplace_back([&log, t] {
        for (int i = 0; i < 50; ++i) ASSERT_TRUE(log->Append(Body(fmt::format("R-{}-{}", t, i))).ok());
      });
    }
    for (std::thread& thread : threads) thread.join();
    ASSERT_TRUE(log->Verify().ok()) << log->Verify();
  }
  static void TearDownTestSuite() {
    delete folder_;
    delete signer_;
  }

  static Files Read(const std::string& folder = folder_->path()) {
    return {*ReadFile(folder + "/leaves.log"), *ReadFile(folder + "/checkpoint"),
            *ReadFile(folder + "/checkpoints.log")};
  }
  static absl::Status Verify(const Files& files) {
    return VerifyLogFile(files.leaves, files.checkpoint, signer_->PublicKey(), files.history).status();
  }
  static absl::Status Open(const Files& files) {
    const TemporaryFolder folder = *TemporaryFolder::Create();
    Write(folder.path(), files);
    return Log::Open(folder.path(), kOrigin, *signer_).status();
  }
  static void Write(const std::string& folder, const Files& files) {
    ASSERT_TRUE(WriteFileAtomically(folder + "/leaves.log", files.leaves).ok());
    ASSERT_TRUE(WriteFileAtomically(folder + "/checkpoint", files.checkpoint).ok());
    ASSERT_TRUE(WriteFileAtomically(folder + "/checkpoints.log", files.history).ok());
  }
  // Offline and at the host's start alike.
  static void ExpectBad(const Files& files, uint64_t first, uint64_t last, const std::string& what) {
    const absl::Status offline = Verify(files);
    EXPECT_EQ(offline.code(), absl::StatusCode::kDataLoss);
    const std::optional<BadLeaf> bad = BadLeafOf(offline);
    ASSERT_TRUE(bad) << offline;
    EXPECT_EQ(std::pair(bad->first, bad->last), std::pair(first, last)) << offline;
    EXPECT_THAT(std::string(MessageOf(offline)), HasSubstr(what));
    const absl::Status opened = Open(files);
    EXPECT_EQ(opened.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(MessageOf(opened)), HasSubstr(bad->Sentence()));
  }

  static inline TemporaryFolder* folder_ = nullptr;
  static inline Signer* signer_ = nullptr;
};

std::string Forged(uint64_t leaf) { return LeafLine(Sha256(fmt::format("forged {}", leaf))); }

const uint64_t kPlaces[] = {0, 1, 255, 256, 257, 511, 512, 600, 698};

TEST_F(HistoryTest, AnUntouchedLogIsFine) {
  EXPECT_TRUE(Verify(Read()).ok()) << Verify(Read());
  EXPECT_TRUE(Open(Read()).ok()) << Open(Read());
  const auto history = ReadHistory(Read().history, kOrigin, signer_->PublicKey());
  ASSERT_EQ(history.size(), 3u);
  EXPECT_EQ(history[0].checkpoint.size, 256u);
  EXPECT_EQ(history[1].checkpoint.size, 512u);
  EXPECT_EQ(history[2].checkpoint.size, kLeaves);
}

TEST_F(HistoryTest, ADeletedLineIsFound) {
  for (const uint64_t leaf : kPlaces) {
    Files files = Read();
    files.leaves.erase(leaf * kLeafLineBytes, kLeafLineBytes);
    ExpectBad(files, leaf, leaf, fmt::format("it is gone, and leaf {} stands in its place", leaf + 1));
  }
}

TEST_F(HistoryTest, SwappedLinesAreFound) {
  for (const auto& [first, second] : {std::pair(0, 699), {3, 4}, {255, 256}, {10, 600}, {698, 699}}) {
    Files files = Read();
    const std::string line = files.Line(first);
    files.Set(first, files.Line(second));
    files.Set(second, line);
    ExpectBad(files, first, first, fmt::format("leaves {} and {} have changed places", first, second));
  }
}

TEST_F(HistoryTest, AChangedByteIsFound) {
  for (const uint64_t leaf : kPlaces) {
    Files files = Read();
    char& byte = files.leaves[leaf * kLeafLineBytes + 7];
    byte = byte == 'A' ? 'B' : 'A';
    ExpectBad(files, leaf, leaf, "another leaf stands in its place");
    byte = '!';
    ExpectBad(files, leaf, leaf, "that line holds no leaf");
    files.Set(0, Forged(0));  // worse: an earlier one, too
    if (leaf > 0) ExpectBad(files, 0, 0, "another leaf stands in its place");
  }
}

TEST_F(HistoryTest, AnInsertedLineIsFound) {
  for (const uint64_t leaf : kPlaces) {
    Files files = Read();
    files.leaves.insert(leaf * kLeafLineBytes, Forged(leaf));
    ExpectBad(files, leaf, leaf, fmt::format("something stands in its place, and it stands at {}", leaf + 1));
  }
}

TEST_F(HistoryTest, ACutLogIsFound) {
  for (const uint64_t leaf : kPlaces) {
    Files files = Read();
    files.leaves.resize(leaf * kLeafLineBytes);
    ExpectBad(files, leaf, leaf, "the log was cut");
  }
}

TEST_F(HistoryTest, AnotherTailIsFound) {
  for (const uint64_t leaf : kPlaces) {
    Files files = Read();
    for (uint64_t i = leaf; i < kLeaves; ++i) files.Set(i, Forged(i));
    ExpectBad(files, leaf, leaf, "the log was rewritten from there on");
  }
}

// The whole folder put back to how it was, but for checkpoints.log: the signed past convicts it.
TEST_F(HistoryTest, ALogTurnedBackIsFound) {
  Files files = Read();
  MerkleTree tree;
  TakeLeafLines(std::string_view(files.leaves).substr(0, 300 * kLeafLineBytes), tree);
  files.leaves.resize(300 * kLeafLineBytes);
  files.checkpoint = *SignCheckpoint({kOrigin, 300, tree.Root()}, *signer_);
  ExpectBad(files, 300, 300, "turned back or forked");
}

// Even the host's own key cannot sign a second past: a restored copy that went on otherwise.
TEST_F(HistoryTest, ALogForkedUnderTheHostsOwnKeyIsFound) {
  Files files = Read();
  MerkleTree tree;
  for (uint64_t i = 400; i < kLeaves; ++i) files.Set(i, Forged(i));
  TakeLeafLines(files.leaves, tree);
  files.checkpoint = *SignCheckpoint({kOrigin, kLeaves, tree.Root()}, *signer_);
  ExpectBad(files, 400, 400, "turned back or forked");
}

TEST_F(HistoryTest, WithoutTheHistoryTheRangeIsNamed) {
  Files files = Read();
  files.Set(300, Forged(300));
  files.history.clear();
  ExpectBad(files, 0, kLeaves - 1, "checkpoints.log is missing");
}

TEST_F(HistoryTest, AnAlteredHistoryDoesNotMislead) {
  const Files sound = Read();
  const auto entries = ReadHistory(sound.history, kOrigin, signer_->PublicKey());
  Files files = sound;
  files.Set(300, Forged(300));
  files.Set(301, Forged(301));
  // The block's checks are made to fit the forgery; its signature no longer holds, so it is passed over.
  const size_t at = files.history.find("\nleaves 256 ") + 40;
  files.history[at] = files.history[at] == 'A' ? 'B' : 'A';
  EXPECT_EQ(ReadHistory(files.history, kOrigin, signer_->PublicKey()).size(), 2u);
  ExpectBad(files, 256, kLeaves - 1, "checkpoints.log is missing or altered");
  // A history signed by somebody else says nothing.
  files.history = *SignNote(fmt::format("{}\n1\n{}\nleaves 0 {}\n", kOrigin, Base64Encode(EmptyRoot()),
                                        Base64Encode(std::string(8, 'x'))),
                            kOrigin, *Signer::Generate());
  ExpectBad(files, 0, kLeaves - 1, "checkpoints.log is missing or altered");
  // By itself a damaged history spoils no log: it is made again.
  Files only_history = sound;
  only_history.history.resize(entries[1].begin + 100);
  EXPECT_TRUE(Verify(only_history).ok());
  const TemporaryFolder folder = *TemporaryFolder::Create();
  Write(folder.path(), only_history);
  ASSERT_TRUE(Log::Open(folder.path(), kOrigin, *signer_).ok());
  EXPECT_EQ(ReadHistory(Read(folder.path()).history, kOrigin, signer_->PublicKey()).size(), 3u);
  EXPECT_EQ(Read(folder.path()).history, sound.history) << "Ed25519 is deterministic";
}

// As an earlier version left it.
TEST_F(HistoryTest, ALogWithoutAHistoryGetsOne) {
  Files files = Read();
  const TemporaryFolder folder = *TemporaryFolder::Create();
  Write(folder.path(), files);
  std::filesystem::remove(folder.path() + "/checkpoints.log");
  {
    const auto log = Log::Open(folder.path(), kOrigin, *signer_);
    ASSERT_TRUE(log.ok()) << log.status();
    ASSERT_TRUE((*log)->Append(Body("R-1")).ok());
  }
  files = Read(folder.path());
  EXPECT_EQ(ReadHistory(files.history, kOrigin, signer_->PublicKey()).back().checkpoint.size, kLeaves + 1);
  files.Set(300, Forged(300));
  ExpectBad(files, 300, 300, "another leaf stands in its place");
}

// The running host compares with what it has acknowledged; no file has to be right for that.
TEST_F(HistoryTest, ARunningLogNamesTheFirstBadLeaf) {
  const TemporaryFolder folder = *TemporaryFolder::Create();
  const Files sound = Read();
  Write(folder.path(), sound);
  const auto log = *Log::Open(folder.path(), kOrigin, *signer_);
  const auto expect_bad = [&](uint64_t leaf, const std::string& what) {
    const absl::Status status = log->Verify();
    const std::optional<BadLeaf> bad = BadLeafOf(status);
    ASSERT_TRUE(bad) << status;
    EXPECT_EQ(bad->first, leaf) << status;
    EXPECT_EQ(bad->last, leaf);
    EXPECT_THAT(std::string(MessageOf(status)), HasSubstr(what));
  };
  Files files = sound;
  files.history.clear();
  files.Set(123, Forged(123));
  Write(folder.path(), files);
  expect_bad(123, "another leaf stands in its place");
  files.leaves = sound.leaves.substr(0, 50 * kLeafLineBytes);
  Write(folder.path(), files);
  expect_bad(50, "the log was cut");
  files.leaves = sound.leaves;
  files.leaves.erase(60 * kLeafLineBytes, kLeafLineBytes);
  Write(folder.path(), files);
  expect_bad(60, "it is gone, and leaf 61 stands in its place");
  Write(folder.path(), sound);
  EXPECT_TRUE(log->Verify().ok()) << log->Verify();
}

}  // namespace
}  // namespace concordat::audit
