// Adapters that try to get out of their worker: nothing of it works, and the failure names adapter, version
// and cause.
#include "host/adapters/sandbox.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/adapters/failure.h"
#include "session_runner.h"

namespace concordat::adapters {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

class SandboxTest : public NothingLeftBehind {
 protected:
  Trial TrialOf(const std::string& attack, const std::string& target = "") const {
    Trial trial;
    trial.catalog = &catalog_;
    trial.adapter = "attacker";
    trial.source = "Crime ID\nx\n";
    trial.options = {{"attack", attack}, {"target", target}};
    trial.limits.batch_bytes = 64 << 10;
    trial.limits.memory_bytes = 256 << 20;
    return trial;
  }

  void ExpectFailure(const Trial& trial, FailureKind kind, const std::string& cause) const {
    const Result result = RunTrial(trial);
    EXPECT_THAT(result.message(), StartsWith(fmt::format("adapter {} 6.6.6 ", trial.adapter)));
    EXPECT_THAT(result.message(), Not(HasSubstr("got through")));
    const auto failure = FailureIn(result.status);
    ASSERT_TRUE(failure) << result.status;
    EXPECT_EQ(WordOf(failure->kind), WordOf(kind)) << result.message();
    EXPECT_EQ(failure->adapter, trial.adapter);
    EXPECT_EQ(failure->version, "6.6.6");
    EXPECT_THAT(failure->cause, HasSubstr(cause));
  }

  const Catalog catalog_ = LoadCatalog(CONCORDAT_BROKEN_ADAPTER_DIR);
};

TEST_F(SandboxTest, ForbiddenCallsEndTheRunAndAreTold) {
  const struct {
    const char* attack;
    const char* call;
  } cases[] = {
      {"socket", "socket"},
      {"socketpair", "socketpair"},
      {"socket_on_thread", "socket"},
      {"fork", "clone"},
      {"vfork", "clone"},
      {"exec", "execve"},
      {"exec_from_memory", "memfd_create"},
      {"write_file", "openat of /tmp/concordat-sandbox-test for writing"},
      {"create_unnamed", "openat of /tmp for writing"},
      {"unlink", "unlink"},
      {"mkdir", "mkdir"},
      {"rename", "rename"},
      {"symlink", "symlink"},
      {"chmod", "chmod"},
      {"truncate", "truncate"},
      {"write_source", "pwrite64"},
      {"write_library", "write"},
      {"shrink_ring", "ftruncate"},
      {"proc_mem", "openat of /proc/self/mem for writing"},
      {"ptrace_parent", "ptrace"},
      {"ptrace_me", "ptrace"},
      {"read_parent", "process_vm_readv"},
      {"kill_parent", "kill"},
      {"kill_all", "kill"},
      {"tgkill_parent", "tgkill"},
      {"pidfd_parent", "pidfd_open"},
      {"outlive_host", "prctl"},
      {"io_uring", "io_uring_setup"},
      {"keyctl", "keyctl"},
      {"add_key", "add_key"},
      {"userfaultfd", "userfaultfd"},
      {"bpf", "bpf"},
      {"perf", "perf_event_open"},
      {"memfd", "memfd_create"},
      {"shm", "shmget"},
      {"queue", "mq_open"},
      {"mount", "mount"},
      {"unshare", "unshare"},
      {"chroot", "chroot"},
      {"setuid", "setuid"},
      {"setresuid", "setresuid"},
      {"personality", "personality"},
      {"module", "finit_module"},
      {"handle", "open_by_handle_at"},
      {"unknown_call", "1000000"},
      {"socket_signals_blocked", "a system call that no adapter may make"},
      {"calls_of_32_bit", "a system call that no adapter may make"},
      {"calls_of_x32", "a system call that no adapter may make"},
  };
  const std::string target = "/tmp/concordat-sandbox-test";
  for (const auto& [attack, call] : cases) {
    SCOPED_TRACE(attack);
    ExpectFailure(TrialOf(attack, target), FailureKind::kForbidden, call);
    EXPECT_FALSE(std::filesystem::exists(target));
  }
}

TEST_F(SandboxTest, WhatLibrariesTryIsRefusedAndTheyGoOn) {
  for (const char* attack :
       {"read_passwd", "read_maps", "read_library", "list_processes", "stat_passwd", "read_link", "clone3",
        "map_source_shared", "parent_mem", "raise_limit", "write_and_run", "run_mapped", "run_written",
        "share_memory", "grow_stack", "socket_own_handler"}) {
    SCOPED_TRACE(attack);
    ExpectFailure(TrialOf(attack), FailureKind::kFailed, fmt::format("{} was refused", attack));
  }
}

TEST_F(SandboxTest, MemoryThatTheKernelNeedsForItIsBoundedToo) {
  if (kSanitized) GTEST_SKIP() << "sanitizers reserve terabytes of addresses, and the worker sets no limit";
  ExpectFailure(TrialOf("hoard_page_tables"), FailureKind::kFailed, "hoard_page_tables was refused");
}

TEST_F(SandboxTest, AConstructorFindsTheSameWalls) {
  const struct {
    const char* adapter;
    FailureKind kind;
    const char* cause;
  } cases[] = {
      {"early_read_passwd", FailureKind::kFailed, "read_passwd was refused: Permission denied"},
      {"early_socket", FailureKind::kForbidden, "socket"},
      {"early_fork", FailureKind::kForbidden, "clone"},
      {"early_write_file", FailureKind::kForbidden, "openat"},
      {"early_write_and_run", FailureKind::kFailed, "write_and_run was refused"},
      {"early_share_memory", FailureKind::kFailed, "share_memory was refused"},
  };
  for (const auto& [adapter, kind, cause] : cases) {
    SCOPED_TRACE(adapter);
    Trial trial = TrialOf("");
    trial.adapter = adapter;
    ExpectFailure(trial, kind, cause);
  }
}

TEST_F(SandboxTest, EveryWayToCrashIsTold) {
  const struct {
    const char* attack;
    const char* cause;
  } cases[] = {
      {"free_twice", "SIGABRT"},   {"overflow_stack", "SIGSEGV"},    {"segfault", "SIGSEGV"},
      {"jump_nowhere", "SIGSEGV"}, {"exit", "exited with status 0"}, {"kill_itself", "SIGKILL"},
  };
  for (const auto& [attack, cause] : cases) {
    SCOPED_TRACE(attack);
    ExpectFailure(TrialOf(attack), FailureKind::kCrash, cause);
  }
  ExpectFailure(TrialOf("throw"), FailureKind::kFailed, "catch me");
}

TEST_F(SandboxTest, MemoryHasAnEnd) {
  if (kSanitized) GTEST_SKIP() << "skipped: a sanitizer's shadow memory does not go with a memory limit";
  ExpectFailure(TrialOf("hoard_c_memory"), FailureKind::kMemory,
                "it ran out of memory, of which it may use 256 MiB");
  // Threads end at their own limit or at that of memory: their stacks count.
  const Result result = RunTrial(TrialOf("hoard_stacks"));
  EXPECT_TRUE(FailureIn(result.status)) << result.status;
}

TEST_F(SandboxTest, TimeHasAnEnd) {
  Trial trial = TrialOf("spin");
  trial.limits.total = absl::Milliseconds(500);
  ExpectFailure(trial, FailureKind::kTime, "was not done within 500ms and was stopped");
  trial.limits.total = absl::Hours(1);
  trial.limits.time = absl::Milliseconds(300);
  ExpectFailure(trial, FailureKind::kStall, "made no progress for 300ms");
}

TEST_F(SandboxTest, ThreadsThatGoOnEndWithTheRun) {
  const Result result = RunTrial(TrialOf("keep_threads"));
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.records.size(), 3U);
}

TEST_F(SandboxTest, AStreamThatNeverEndsIsCutOff) {
  Trial trial = TrialOf("never_end");
  trial.limits.output_bytes = 8 << 20;
  ExpectFailure(trial, FailureKind::kGarbage, "a stream that does not end");
  trial.limits.output_bytes = uint64_t{1} << 40;
  trial.limits.total = absl::Milliseconds(500);
  ExpectFailure(trial, FailureKind::kTime, "was not done within 500ms");
}

TEST_F(SandboxTest, TheWorkerSaysWhichWallsStand) {
  const auto state = ProbeSandbox(CONCORDAT_BIN_DIR "/concordat-worker");
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_TRUE(Suffices(*state, SandboxPolicy()).ok()) << state->missing;
  EXPECT_EQ(state->Has(data::kOwnUserLayer), geteuid() == 0) << state->missing;
  EXPECT_GE(state->landlock_abi, 1);
}

// What a container's own filter may refuse (tests/broken_plugins/fenced_worker.c).
TEST_F(SandboxTest, WithoutARequiredLayerNothingIsOpened) {
  const std::string fenced = CONCORDAT_BIN_DIR "/worker-without-landlock";
  const auto state = ProbeSandbox(fenced);
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_FALSE(state->Has(data::kLandlockLayer));
  EXPECT_TRUE(state->Has(data::kSeccompLayer));
  const absl::Status enough = Suffices(*state, SandboxPolicy());
  EXPECT_TRUE(absl::IsUnimplemented(enough));
  EXPECT_THAT(std::string(MessageOf(enough)), HasSubstr("landlock: "));

  Trial trial = TrialOf("none");
  trial.worker = fenced;
  const Result refused = RunTrial(trial);
  EXPECT_TRUE(absl::IsUnimplemented(refused.status)) << refused.status;
  EXPECT_THAT(refused.message(), HasSubstr("no adapter runs on this machine"));
  EXPECT_FALSE(FailureIn(refused.status)) << "no fault of the adapter";

  trial.limits.sandbox.required &= ~data::kLandlockLayer;
  EXPECT_TRUE(RunTrial(trial).status.ok()) << "an administrator may declare less";
  trial.options = {{"attack", "read_passwd"}};
  EXPECT_THAT(RunTrial(trial).message(), HasSubstr("was refused")) << "seccomp alone still holds";
}

TEST_F(SandboxTest, NamespacesMayBeRefused) {
  const std::string fenced = CONCORDAT_BIN_DIR "/worker-without-namespaces";
  const auto state = ProbeSandbox(fenced);
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_FALSE(state->Has(data::kNamespacesLayer));
  EXPECT_THAT(state->missing, HasSubstr("namespaces: "));
  EXPECT_TRUE(Suffices(*state, SandboxPolicy()).ok());
  Trial trial = TrialOf("none");
  trial.worker = fenced;
  EXPECT_TRUE(RunTrial(trial).status.ok());
  trial.limits.sandbox.required |= data::kNamespacesLayer;
  EXPECT_TRUE(absl::IsUnimplemented(RunTrial(trial).status));
}

}  // namespace
}  // namespace concordat::adapters
