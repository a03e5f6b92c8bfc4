#include "host/audit/log.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <thread>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/audit/leaf_file.h"
#include "host/base/encoding.h"
#include "host/base/files.h"
#include "host/base/ids.h"

namespace concordat::audit {
namespace {

using testing::HasSubstr;

constexpr char kOrigin[] = "derwent.example/concordat";

json::Object Body(std::string_view id) {
  return {{"version", 1},
          {"kind", "submission"},
          {"id", std::string(id)},
          {"time", "2026-11-20T12:00:00Z"},
          {"host", "derwent.example"},
          {"subject", {{"feed", "constabulary-street-crime"}}},
          {"digests", {{"data", "sha256:00"}}},
          {"decision", "accept"},
          {"records", {{"total", 7987}}}};
}

class LogTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  absl::StatusOr<std::unique_ptr<Log>> Open() const { return Log::Open(folder_, kOrigin, signer_); }

  // A closed log with `count` receipts.
  std::vector<record::Receipt> Fill(int count) const {
    const auto log = Open();
    EXPECT_TRUE(log.ok()) << log.status();
    std::vector<record::Receipt> receipts;
    for (int i = 0; i < count; ++i) receipts.push_back(*(*log)->Append(Body("R-" + std::to_string(i))));
    return receipts;
  }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  std::string Read(const std::string& name) const { return *ReadFile(Path(name)); }
  void Write(const std::string& name, std::string_view content) const {
    ASSERT_TRUE(WriteFileAtomically(Path(name), content).ok());
  }

  const std::string folder_ = testing::TempDir() + NewRandomId("audit-log-");
  const Signer signer_ = *Signer::Generate();
};

TEST_F(LogTest, EveryReceiptVerifiesOffline) {
  const auto receipts = Fill(9);
  for (size_t i = 0; i < receipts.size(); ++i) {
    EXPECT_EQ(receipts[i].leaf.index, i);
    const auto checked = VerifyReceipt(receipts[i], signer_.PublicKey());
    ASSERT_TRUE(checked.ok()) << checked.status();
    EXPECT_EQ(checked->size(), 4u);
  }
  const auto whole = VerifyLogFile(Read("leaves.log"), Read("checkpoint"), signer_.PublicKey());
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_EQ(whole->size, 9u);
}

TEST_F(LogTest, ANewLogIsEmptyAndSigned) {
  const auto log = *Open();
  EXPECT_EQ(log->size(), 0u);
  const auto checkpoint = OpenCheckpoint(log->LatestCheckpoint(), signer_.PublicKey());
  ASSERT_TRUE(checkpoint.ok());
  EXPECT_EQ(checkpoint->root, EmptyRoot());
  EXPECT_TRUE(log->Verify().ok());
}

TEST_F(LogTest, GrowsOnAfterReopening) {
  Fill(3);
  Fill(2);
  const auto log = *Open();
  EXPECT_EQ(log->size(), 5u);
  EXPECT_TRUE(log->Verify().ok());
  for (uint64_t older = 1; older <= 5; ++older) {
    const auto proof = log->ProveConsistency(older, 5);
    ASSERT_TRUE(proof.ok());
  }
  EXPECT_EQ(log->Prove(4, 5)->size(), 1u);
  EXPECT_EQ(log->Prove(5, 5).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(log->Prove(0, 6).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(log->ProveConsistency(0, 5).status().code(), absl::StatusCode::kOutOfRange);
}

TEST_F(LogTest, ABodyThatCouldNotBeReadBackIsNotSigned) {
  const auto log = *Open();
  for (const char* member : {"version", "kind", "id", "time", "host"}) {
    json::Object body = Body("R-1");
    body.erase(member);
    EXPECT_EQ(log->Append(body).status().code(), absl::StatusCode::kInvalidArgument) << member;
  }
  EXPECT_EQ(log->size(), 0u);
}

TEST_F(LogTest, ConcurrentAppendsEachGetTheirOwnLeaf) {
  constexpr int kThreads = 8;
  constexpr int kEach = 25;
  const auto log = *Open();
  std::vector<std::vector<record::Receipt>> receipts(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) receipts[t].push_back(*log->Append(Body(fmt::format("R-{}-{}", t, i))));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<uint64_t> places;
  for (const auto& of_thread : receipts) {
    for (const record::Receipt& receipt : of_thread) {
      places.insert(receipt.leaf.index);
      EXPECT_TRUE(VerifyReceipt(receipt, signer_.PublicKey()).ok());
    }
  }
  EXPECT_EQ(places.size(), size_t{kThreads} * kEach);
  EXPECT_EQ(log->size(), uint64_t{kThreads} * kEach);
  EXPECT_TRUE(log->Verify().ok()) << log->Verify();
}

TEST_F(LogTest, IsVerifiedWhileItGrows) {
  const auto log = *Open();
  std::thread writer([&] {
    for (int i = 0; i < 60; ++i) ASSERT_TRUE(log->Append(Body("R-1")).ok());
  });
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(log->Verify().ok()) << log->Verify();
  writer.join();
}

TEST_F(LogTest, HasOneWriter) {
  const auto log = *Open();
  const auto second = Open();
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(MessageOf(second.status())), HasSubstr("another process"));
}

TEST_F(LogTest, AHalfWrittenLastLineIsCutOff) {
  const std::vector<std::string> halves = {"A", std::string(44, 'A'), std::string(200, '\0')};
  uint64_t size = 0;
  for (const std::string& half : halves) {
    Fill(2);
    size += 2;
    std::ofstream(Path("leaves.log"), std::ios::app | std::ios::binary) << half;
    const auto log = Open();
    ASSERT_TRUE(log.ok()) << log.status();
    EXPECT_EQ((*log)->size(), size);
    EXPECT_TRUE((*log)->Verify().ok());
    EXPECT_EQ(Read("leaves.log").size(), size * kLeafLineBytes);
  }
}

TEST_F(LogTest, WholeLeavesBeyondTheCheckpointAreKept) {
  Fill(2);
  const std::string before = Read("checkpoint");
  const auto receipts = Fill(1);
  Write("checkpoint", before);  // as if the host had died between the sync and the checkpoint
  const auto log = Open();
  ASSERT_TRUE(log.ok()) << log.status();
  EXPECT_EQ((*log)->size(), 3u);
  EXPECT_TRUE((*log)->Verify().ok());
  EXPECT_EQ(OpenCheckpoint(Read("checkpoint"), signer_.PublicKey())->size, 3u);
}

// What someone with access to the files might do, and what the log says of it.
struct Tampering {
  const char* name;
  void (*with)(std::string& leaves, std::string& checkpoint, const Signer& signer);
  const char* says;
};

class TamperedLogTest : public LogTest, public testing::WithParamInterface<Tampering> {};

TEST_P(TamperedLogTest, IsNeitherOpenedNorVerified) {
  Fill(5);
  std::string leaves = Read("leaves.log");
  std::string checkpoint = Read("checkpoint");
  GetParam().with(leaves, checkpoint, signer_);
  Write("leaves.log", leaves);
  Write("checkpoint", checkpoint);
  const auto opened = Open();
  EXPECT_EQ(opened.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(MessageOf(opened.status())), HasSubstr(GetParam().says));
  EXPECT_EQ(Read("leaves.log"), leaves) << "evidence was changed";
  const auto offline = VerifyLogFile(leaves, checkpoint, signer_.PublicKey());
  if (std::string_view(GetParam().name) != "OtherOrigin") {  // offline, the key alone says whose log it is
    EXPECT_EQ(offline.status().code(), absl::StatusCode::kDataLoss);
  }
}

std::string Line(const std::string& leaves, size_t index) {
  return leaves.substr(index * kLeafLineBytes, kLeafLineBytes);
}

INSTANTIATE_TEST_SUITE_P(
    Log, TamperedLogTest,
    testing::Values(
        Tampering{"LastLeafGone", [](auto& leaves, auto&, auto&) { leaves.resize(4 * kLeafLineBytes); },
                  "has 4 leaves, its checkpoint vouches for 5"},
        Tampering{"LastLeafHalf", [](auto& leaves, auto&, auto&) { leaves.pop_back(); }, "leaves are lost"},
        Tampering{"FirstLeafGone", [](auto& leaves, auto&, auto&) { leaves.erase(0, kLeafLineBytes); },
                  "leaves are lost"},
        Tampering{"Empty", [](auto& leaves, auto&, auto&) { leaves.clear(); }, "leaves are lost"},
        Tampering{"Swapped",
                  [](auto& leaves, auto&, auto&) {
                    const std::string second = Line(leaves, 1);
                    leaves.replace(kLeafLineBytes, kLeafLineBytes, Line(leaves, 2));
                    leaves.replace(2 * kLeafLineBytes, kLeafLineBytes, second);
                  },
                  "leaves were altered"},
        Tampering{"Altered", [](auto& leaves, auto&, auto&) { leaves[3] = leaves[3] == 'A' ? 'B' : 'A'; },
                  "leaves were altered"},
        Tampering{"Duplicated", [](auto& leaves, auto&, auto&) { leaves.insert(0, Line(leaves, 0)); },
                  "leaves were altered"},
        Tampering{"NoLeaf", [](auto& leaves, auto&, auto&) { leaves[2 * kLeafLineBytes + 5] = '!'; },
                  "line 3 is not a leaf"},
        Tampering{"LineTooLong", [](auto& leaves, auto&, auto&) { leaves.insert(kLeafLineBytes - 1, "A"); },
                  "line 1 is not a leaf"},
        Tampering{"JunkBehind", [](auto& leaves, auto&, auto&) { leaves += "junk\n"; },
                  "line 6 is not a leaf"},
        Tampering{"CheckpointAltered", [](auto&, auto& checkpoint, auto&) { checkpoint[2] ^= 1; },
                  "checkpoint"},
        Tampering{"CheckpointEmpty", [](auto&, auto& checkpoint, auto&) { checkpoint.clear(); },
                  "checkpoint"},
        Tampering{"CheckpointOfAnotherKey",
                  [](auto&, auto& checkpoint, auto& signer) {
                    checkpoint =
                        *SignCheckpoint(*OpenCheckpoint(checkpoint, signer.PublicKey()), *Signer::Generate());
                  },
                  "not signed by"},
        Tampering{"OtherOrigin",
                  [](auto&, auto& checkpoint, auto& signer) {
                    Checkpoint other = *OpenCheckpoint(checkpoint, signer.PublicKey());
                    other.origin = "elsewhere.example/concordat";
                    checkpoint = *SignCheckpoint(other, signer);
                  },
                  "is of the log elsewhere.example/concordat"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(LogTest, AMissingCheckpointBesideLeavesIsDataLoss) {
  Fill(1);
  std::filesystem::remove(Path("checkpoint"));
  EXPECT_EQ(Open().status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(LogTest, ARunningLogNoticesThatItsFilesWereTurnedBack) {
  Fill(2);
  const std::string leaves = Read("leaves.log");
  const std::string checkpoint = Read("checkpoint");
  const auto log = *Open();
  ASSERT_TRUE(log->Append(Body("R-3")).ok());
  ASSERT_TRUE(log->Verify().ok());
  Write("leaves.log", leaves);  // both agree with each other, but not with what was acknowledged
  Write("checkpoint", checkpoint);
  EXPECT_EQ(log->Verify().code(), absl::StatusCode::kDataLoss);
}

// A limit on the size of files stands for a full disk: the write stops in the middle of a line.
TEST_F(LogTest, AFullDiskRefusesTheReceiptAndSpoilsNothing) {
  const auto log = *Open();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(log->Append(Body("R-1")).ok());
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit unlimited;
  getrlimit(RLIMIT_FSIZE, &unlimited);
  struct rlimit full = unlimited;
  full.rlim_cur = 20 * kLeafLineBytes + 10;
  setrlimit(RLIMIT_FSIZE, &full);
  const auto refused = log->Append(Body("R-2"));
  setrlimit(RLIMIT_FSIZE, &unlimited);
  std::signal(SIGXFSZ, before);
  EXPECT_FALSE(refused.ok());
  EXPECT_EQ(Read("leaves.log").size(), 20 * kLeafLineBytes);
  const auto accepted = log->Append(Body("R-3"));
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_EQ(accepted->leaf.index, 20u);
  EXPECT_TRUE(VerifyReceipt(*accepted, signer_.PublicKey()).ok());
  EXPECT_TRUE(log->Verify().ok()) << log->Verify();
}

// Appends until it is killed, telling `acknowledged` one byte an append.
[[noreturn]] void AppendForever(const std::string& folder, const Signer& signer, int acknowledged) {
  const auto log = Log::Open(folder, kOrigin, signer);
  while (log.ok() && (*log)->Append(Body("R-1")).ok()) {
    if (write(acknowledged, ".", 1) != 1) break;
  }
  _exit(1);
}

TEST_F(LogTest, AKilledHostLosesNothingThatItAcknowledged) {
  std::mt19937 random(20261120);
  uint64_t acknowledged = 0;
  for (int round = 0; round < 15; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) AppendForever(folder_, signer_, ends[1]);
    close(ends[1]);
    char dots[64];
    const int wanted = static_cast<int>(random() % 20);
    for (int seen = 0; seen < wanted; ++seen) {
      ASSERT_EQ(read(ends[0], dots, 1), 1);
      ++acknowledged;
    }
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    for (ssize_t more; (more = read(ends[0], dots, sizeof dots)) > 0;) {
      acknowledged += static_cast<uint64_t>(more);
    }
    close(ends[0]);
    const auto log = Open();
    ASSERT_TRUE(log.ok()) << log.status();
    EXPECT_GE((*log)->size(), acknowledged);
    EXPECT_LE((*log)->size(), acknowledged + static_cast<uint64_t>(round) + 1)
        << "at most one append a kill was underway";
    EXPECT_TRUE((*log)->Verify().ok());
  }
  EXPECT_GT(acknowledged, 50u);
}

}  // namespace
}  // namespace concordat::audit
