// The host is killed at random moments of its work: what was acknowledged is there, what was not is there
// whole or not at all.

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>
#include <set>
#include <sstream>

#include "tests/contracts/store_fixture.h"
#include "tests/host/store/crash_story.h"

extern char** environ;

namespace concordat::store {
namespace {

constexpr int kTrials = 30;
constexpr size_t kEnough = 5;  // acknowledged submissions, without which the kills prove nothing

struct Killed {
  std::vector<std::string> acknowledged;
  bool by_sigkill = false;
};

std::string ReadAll(int fd) {
  std::string all;
  char buffer[4096];
  for (ssize_t count; (count = read(fd, buffer, sizeof buffer)) > 0;)
    all.append(buffer, static_cast<size_t>(count));
  return all;
}

Killed RunCrasher(const std::string& folder, long microseconds) {
  int pipe_ends[2];
  EXPECT_EQ(pipe2(pipe_ends, O_CLOEXEC), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
  std::string program = std::string(CONCORDAT_BIN_DIR) + "/store_crasher";
  std::string path = folder;
  std::string time = std::to_string(microseconds);
  char* arguments[] = {program.data(), path.data(), time.data(), nullptr};
  pid_t child = 0;
  EXPECT_EQ(posix_spawn(&child, program.c_str(), &actions, nullptr, arguments, environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[1]);

  std::istringstream lines(ReadAll(pipe_ends[0]));
  close(pipe_ends[0]);
  Killed killed;
  for (std::string line; std::getline(lines, line);) killed.acknowledged.push_back(line);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  killed.by_sigkill = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  return killed;
}

size_t FilesBelow(const std::string& folder) {
  size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    files += entry.is_regular_file();
  return files;
}

// Rows, findings and held-back records of one attempt are all that its number promises.
void ExpectWhole(const Store& store, const Attempt& attempt) {
  const int number = attempt.number;
  uint64_t next_record = 1;
  EXPECT_OK(
      store.ReadRecords(attempt.dataset, crash_story::Schema(), {attempt.id}, [&](const data::Batch& batch) {
        for (size_t row = 0; row < batch.rows(); ++row, ++next_record) {
          EXPECT_EQ(batch.records[row], next_record);
          EXPECT_EQ(batch.columns[0].text->at(row), crash_story::TextOf(number, next_record));
          EXPECT_EQ(batch.columns[1].integers[row], static_cast<int64_t>(next_record));
        }
        return absl::OkStatus();
      }));
  EXPECT_EQ(next_record - 1, crash_story::AcceptedOf(number)) << attempt.id.str();
  size_t findings = 0;
  size_t held_back = 0;
  const auto count = [](size_t& counter) { return [&](const auto&) { return ++counter, absl::OkStatus(); }; };
  EXPECT_OK(store.VisitFindings(attempt.id, "rule", count(findings)));
  EXPECT_OK(store.VisitQuarantined(attempt.id, count(held_back)));
  EXPECT_EQ(findings, crash_story::FindingsOf(number)) << attempt.id.str();
  EXPECT_EQ(held_back, crash_story::HeldBackOf(number)) << attempt.id.str();
}

// Untouched, or submitted with all of its events; an acknowledged one is the latter.
void ExpectAssessed(const Store& store, int number, bool acknowledged) {
  const auto assessment = store.GetAssessment(crash_story::AssessmentIdOf(number));
  if (!acknowledged && absl::IsNotFound(assessment.status())) return;
  ASSERT_OK(assessment);
  const bool submitted = assessment->state == "submitted";
  EXPECT_TRUE(submitted || !acknowledged) << number;
  EXPECT_EQ(assessment->frozen.is_null(), !submitted) << number;
  EXPECT_EQ(Value(store.AssessmentEvents(assessment->id)).size(),
            submitted ? crash_story::EventsOf(number) : 0u);
}

// States follow from the numbers: the newest accepted one is current, the accepted ones before it are
// superseded.
void ExpectStates(const std::vector<Attempt>& newest_first) {
  bool current_seen = false;
  for (const Attempt& attempt : newest_first) {
    std::string expected = "rejected";
    if (!crash_story::IsRejected(attempt.number))
      expected = std::exchange(current_seen, true) ? "superseded" : "current";
    EXPECT_EQ(attempt.state, expected) << attempt.id.str();
  }
}

// Attempts up to `known` were found whole before; they are only looked for.
void ExpectSound(const std::string& folder, const std::set<std::string>& acknowledged, int known) {
  const auto store = OpenSqliteStore(folder, std::string(32, 'k'));
  ASSERT_OK(store);
  const std::vector<Attempt> attempts = Value((*store)->List({.limit = 1'000'000}));
  std::set<std::string> present;
  for (const Attempt& attempt : attempts) present.insert(attempt.id.str());
  EXPECT_TRUE(std::includes(present.begin(), present.end(), acknowledged.begin(), acknowledged.end()));
  ExpectStates(attempts);
  for (const Attempt& attempt : attempts) {
    if (attempt.number <= known) continue;
    ExpectWhole(**store, attempt);
    ExpectAssessed(**store, attempt.number, acknowledged.count(attempt.id.str()) > 0);
    EXPECT_OK((*store)->GetReceipt(ReceiptId("R-" + std::to_string(attempt.number))))
        << "put before it was published";
  }
  EXPECT_EQ(FilesBelow(folder + "/staging"), 0u);
  EXPECT_EQ(FilesBelow(folder + "/datasets"), attempts.size());
}

TEST(StoreCrash, KillsLoseNothingAcknowledgedAndLeaveNothingHalf) {
  const TemporaryFolder folder;
  std::mt19937 random(20261120);  // the moments differ all the same: machines never run alike
  std::uniform_int_distribution<long> microseconds(2'000, 150'000);
  std::set<std::string> acknowledged;
  // More kills when the machine is so slow that they come before anything is acknowledged.
  for (int trial = 0; trial < kTrials || acknowledged.size() < kEnough; ++trial) {
    ASSERT_LT(trial, 10 * kTrials) << "the kills come before anything is acknowledged";
    const int known = static_cast<int>(acknowledged.size());
    const Killed killed = RunCrasher(folder.path(), microseconds(random));
    ASSERT_TRUE(killed.by_sigkill) << "trial " << trial;
    acknowledged.insert(killed.acknowledged.begin(), killed.acknowledged.end());
    ExpectSound(folder.path(), acknowledged, known);
    if (testing::Test::HasFailure()) break;
  }
  ExpectSound(folder.path(), acknowledged, 0);
}

}  // namespace
}  // namespace concordat::store
