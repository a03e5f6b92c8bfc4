// Adapters that crash, hang, lie or attack: one failed session with a clear message, and nothing left behind.
#include <sys/wait.h>

#include <csignal>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/adapters/failure.h"
#include "session_runner.h"

namespace concordat::adapters {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class BrokenAdaptersTest : public NothingLeftBehind {
 protected:
  Trial TrialOf(std::string adapter, std::vector<std::pair<std::string, std::string>> options = {}) const {
    Trial trial;
    trial.catalog = &catalog_;
    trial.adapter = std::move(adapter);
    trial.source = "a,b\n";
    trial.options = std::move(options);
    trial.limits.batch_bytes = 64 << 10;  // what hostile.cc counts on
    return trial;
  }

  void ExpectAborted(const Trial& trial, const std::string& prefix, const std::string& cause) const {
    const Result result = RunTrial(trial);
    EXPECT_TRUE(absl::IsAborted(result.status)) << result.status;
    EXPECT_THAT(result.message(), AllOf(StartsWith(prefix), HasSubstr(cause)));
  }

  const Catalog catalog_ = LoadCatalog(CONCORDAT_BROKEN_ADAPTER_DIR);
};

TEST_F(BrokenAdaptersTest, ALibraryThatIsNoAdapterIsRefusedByName) {
  const struct {
    const char* adapter;
    const char* cause;
  } cases[] = {
      {"not_a_library", "its library could not be opened"},
      {"no_symbol", "its library does not export concordat_adapter_init"},
      {"no_submit", "it does not have the function that is required: submit"},
      {"newer_abi", "it does not speak version 1 of the adapter ABI"},
      {"lying_abi", "it says that it speaks version 7 of the adapter ABI when 1 was offered"},
      {"refusing", "concordat_adapter_init failed: the licence has run out"},
      {"crash_in_constructor", "it crashed with SIGSEGV"},
  };
  for (const auto& [adapter, cause] : cases) {
    ExpectAborted(TrialOf(adapter), fmt::format("adapter {} 0.9.0 failed: ", adapter), cause);
  }
}

TEST_F(BrokenAdaptersTest, WhateverAVerbDoesIsOneFailedSession) {
  const struct {
    const char* fault;
    const char* cause;
  } cases[] = {
      {"segfault", "it crashed with SIGSEGV"},
      {"abort", "it crashed with SIGABRT"},
      {"exit", "it exited with status 0"},
      {"throw", "a plain exception"},
      {"throw_int", "something was thrown that is no std::exception"},
      {"fail", "the moon is in the wrong phase"},
  };
  for (const char* verb : {"open", "read", "validate", "score"}) {
    for (const auto& [fault, cause] : cases) {
      SCOPED_TRACE(fmt::format("{} in {}", fault, verb));
      ExpectAborted(TrialOf("faulty", {{"verb", verb}, {"fault", fault}}),
                    "adapter faulty 2.0.0 failed: ", cause);
    }
  }
}

TEST_F(BrokenAdaptersTest, AFailureNamesTheVerb) {
  ExpectAborted(TrialOf("faulty", {{"verb", "open"}, {"fault", "fail"}}),
                "adapter faulty 2.0.0 failed: submit", "moon");
  ExpectAborted(TrialOf("faulty", {{"verb", "read"}, {"fault", "fail"}}),
                "adapter faulty 2.0.0 failed: submit", "moon");
  ExpectAborted(TrialOf("faulty", {{"verb", "score"}, {"fault", "fail"}}),
                "adapter faulty 2.0.0 failed: score", "moon");
}

TEST_F(BrokenAdaptersTest, ASourceMayTurnOutUnreadableAtAnyTime) {
  for (const char* verb : {"open", "read", "validate"}) {
    const Result result = RunTrial(TrialOf("faulty", {{"verb", verb}, {"fault", "unreadable"}}));
    EXPECT_TRUE(absl::IsInvalidArgument(result.status)) << result.status;
    EXPECT_EQ(result.message(), "this is an Excel file: save it as CSV UTF-8");
  }
}

TEST_F(BrokenAdaptersTest, ACrashAfterTheLastWordHarmsNothing) {
  const Result result = RunTrial(TrialOf("faulty", {{"verb", "destroy"}, {"fault", "segfault"}}));
  EXPECT_TRUE(result.status.ok()) << result.status;
}

TEST_F(BrokenAdaptersTest, AStalledAdapterIsStopped) {
  for (const char* verb : {"open", "read", "validate", "score"}) {
    Trial trial = TrialOf("faulty", {{"verb", verb}, {"fault", "hang"}});
    trial.limits.time = absl::Milliseconds(300);
    const Result result = RunTrial(trial);
    EXPECT_TRUE(absl::IsDeadlineExceeded(result.status)) << result.status;
    EXPECT_THAT(result.message(),
                StartsWith("adapter faulty 2.0.0 made no progress for 300ms and was stopped. Mend: "));
    ASSERT_TRUE(FailureIn(result.status));
    EXPECT_EQ(FailureIn(result.status)->kind, FailureKind::kStall);
  }
}

TEST_F(BrokenAdaptersTest, AnAdapterThatWantsTooMuchMemoryFails) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "skipped: a sanitizer's shadow memory does not go with a memory limit";
#endif
  Trial trial = TrialOf("faulty", {{"verb", "read"}, {"fault", "memory"}});
  trial.limits.memory_bytes = 256 << 20;
  ExpectAborted(trial, "adapter faulty 2.0.0 failed: ", "out of memory");
}

TEST_F(BrokenAdaptersTest, FindingsAndDimensionsAreHeldToTheManifest) {
  const struct {
    const char* verb;
    const char* fault;
    const char* cause;
  } cases[] = {
      {"validate", "unknown_rule", "a finding of rule \"undeclared\", which adapter.yaml does not declare"},
      {"validate", "unknown_record", "record 99, which is not in its batch"},
      {"validate", "finding_twice", "two findings of rule \"declared\" for record 1"},
      {"read", "finding_elsewhere", "a finding can be reported within validate only"},
      {"score", "unknown_dimension", "dimension \"undeclared\", which adapter.yaml does not declare"},
      {"score", "score_above", "reported 100.5 for dimension \"declared\""},
      {"score", "dimension_twice", "dimension \"declared\" twice"},
      {"read", "short_column", "column 2 has 0 cells for 3 records"},
  };
  for (const auto& [verb, fault, cause] : cases) {
    SCOPED_TRACE(fault);
    ExpectAborted(TrialOf("faulty", {{"verb", verb}, {"fault", fault}}),
                  "adapter faulty 2.0.0 failed: ", cause);
  }
}

TEST_F(BrokenAdaptersTest, WrongArrowStructuresAreToldApart) {
  const struct {
    const char* fault;
    const char* cause;
  } cases[] = {
      {"no_stream", "submit gave no stream"},
      {"no_callbacks", "a stream without get_schema or get_next"},
      {"not_a_struct", "not one of structs"},
      {"unsupported_type", "column \"a\" has the Arrow format \"d:19,10\", which is not supported"},
      {"special_of_wrong_type", "column concordat:record must be uint64"},
      {"special_twice", "two columns are named concordat:record"},
      {"released_schema", "a schema that was released already"},
      {"missing_child", "a batch has 1 columns where its schema has 2"},
      {"null_child", "a batch has a column that is null"},
      {"short_child", "column \"a\": 1 rows where 2 are needed"},
      {"too_few_buffers", "column \"a\": 2 buffers where 3 are needed"},
      {"null_buffer", "column \"a\": its buffer is null"},
      {"descending_offsets", "column \"a\": its offsets are not ascending"},
      {"negative_offsets", "column \"a\": its offsets are not ascending"},
      {"invalid_utf8", "column \"a\" has text that is not UTF-8"},
      {"split_character", "column \"a\" has text that is not UTF-8"},
      {"negative_length", "a batch of -2 rows from row 0 on is none"},
      {"huge_row_count", "a batch of 1152921504606846976 rows from row 0 on is none"},
      {"many_rows", "rows where 2000000000 are needed"},
      {"negative_child", "-7"},
      {"negative_child_offset", "column \"a\""},
      {"records_descending", "record 1 comes after record 2"},
      {"record_zero", "record 0 comes after record 0"},
      {"next_fails", "submit (get_next) failed: code 5"},
      {"throws_across", "it threw: over the wall"},
  };
  for (const auto& [fault, cause] : cases) {
    SCOPED_TRACE(fault);
    ExpectAborted(TrialOf("arrow_faults", {{"fault", fault}}), "adapter arrow_faults 3.1.0 ", cause);
  }
  EXPECT_THAT(RunTrial(TrialOf("arrow_faults")).records, ::testing::ElementsAre("1@0: é", "2@0: x"));
}

TEST_F(BrokenAdaptersTest, AWorkerThatWasTakenOverCannotHarmTheHost) {
  const struct {
    const char* attack;
    const char* cause;
  } cases[] = {
      {"noise", "a message of no known form"},
      {"short_message", "a message of no known form"},
      {"batch_first", "messages out of order"},
      {"columns_cut", "the column names are cut short"},
      {"too_many_columns", "the column names are cut short"},
      {"opened_twice", "messages out of order"},
      {"unknown_kind", "a message of no known kind"},
      {"slot_outside", "a slot that does not exist"},
      {"size_outside", "a slot that does not exist"},
      {"noise_in_slot", "a batch does not begin as batches do"},
      {"rows_beyond", "the record numbers are cut short"},
      {"records_again", "record numbers are not ascending"},
      {"finding_outside", "a finding names a rule that does not exist"},
      {"finding_of_no_rule", "a finding names a rule that does not exist"},
      {"report_cut", "the report is cut short"},
      {"report_of_other_dimension", "the dimension \"charm\", which its manifest does not declare"},
      {"dimension_not_a_number", "dimension \"charm\" has the score nan"},
      {"never_reads", "batches without taking slots back"},
  };
  for (const auto& [attack, cause] : cases) {
    SCOPED_TRACE(attack);
    ExpectAborted(TrialOf("hostile", {{"attack", attack}}),
                  "adapter hostile 6.6.6 sent garbage and was stopped: ", cause);
  }
}

TEST_F(BrokenAdaptersTest, ALibraryThatChangedSinceItsManifestWasReadIsNotOpened) {
  Manifest manifest = *catalog_.Find("obedient");
  manifest.digest = "sha256:" + std::string(64, '0');
  Request request;
  request.manifest = &manifest;
  const auto session = Session::Start(request);
  EXPECT_TRUE(absl::IsAborted(session.status())) << session.status();
  EXPECT_THAT(std::string(MessageOf(session.status())), HasSubstr("its library has changed"));
}

TEST_F(BrokenAdaptersTest, AWorkerThatCannotBeStartedIsNoFaultOfTheAdapter) {
  Request request;
  request.manifest = catalog_.Find("obedient");
  request.worker = "/nonexistent/concordat-worker";
  request.source_fd = 0;
  auto session = Session::Start(request);
  ASSERT_TRUE(session.ok()) << session.status();
  AdapterBatch batch;
  const absl::Status status = (*session)->Next(batch).status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_THAT(std::string(MessageOf(status)), HasSubstr("/nonexistent/concordat-worker"));
}

}  // namespace
}  // namespace concordat::adapters
