// store_crasher FOLDER MICROSECONDS: opens the store and submits one attempt after the other, saying on
// standard output which ones the store acknowledged, until it kills itself after so many microseconds,
// wherever it then is.

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "fmt/format.h"
#include "tests/host/store/crash_story.h"

namespace concordat::store {
namespace {

using namespace crash_story;

void Die(int) { kill(getpid(), SIGKILL); }

void DieAfter(long microseconds) {
  struct sigaction action = {};
  action.sa_handler = Die;
  sigaction(SIGALRM, &action, nullptr);
  itimerval timer = {};
  timer.it_value.tv_sec = microseconds / 1'000'000;
  timer.it_value.tv_usec = microseconds % 1'000'000;
  setitimer(ITIMER_REAL, &timer, nullptr);
}

void Acknowledge(const std::string& id) {
  const std::string line = id + "\n";
  if (write(STDOUT_FILENO, line.data(), line.size()) < 0) _exit(3);
}

absl::Status WriteRows(AttemptWriter& writer, int number) {
  const std::shared_ptr<const data::Schema> schema = Schema();
  for (size_t i = 0; i < BatchesOf(number); ++i) {
    const data::Batch batch = BatchAt(schema, number, 1 + i * kRowsPerBatch);
    RETURN_IF_ERROR(writer.AppendAccepted(batch, data::RowSet(batch.rows(), true)));
    record::Finding finding;
    finding.record = 1 + i;
    finding.rule = "rule";
    RETURN_IF_ERROR(writer.AppendFinding(finding));
  }
  if (IsRejected(number)) RETURN_IF_ERROR(writer.DropRows());
  for (size_t i = 0; i < HeldBackOf(number); ++i) {
    QuarantinedRecord record;
    record.record = 1 + i;
    RETURN_IF_ERROR(writer.AppendQuarantined(record));
  }
  return writer.Seal({"text", "record"});
}

absl::Status SubmitNumber(Store& store, int number) {
  Attempt attempt;
  attempt.id = SubmissionId(IdOf(number));
  attempt.feed = FeedId("feed");
  attempt.dataset = DatasetId("incidents");
  attempt.period = "2026-05";
  attempt.number = number;
  attempt.verdict = IsRejected(number) ? record::Verdict::kReject : record::Verdict::kAccept;
  attempt.accepted = AcceptedOf(number);
  ASSIGN_OR_RETURN(const std::optional<Attempt> current, store.Current(attempt.feed, attempt.period));
  if (current && !IsRejected(number)) attempt.supersedes = current->id.str();

  ASSIGN_OR_RETURN(const std::unique_ptr<AttemptWriter> writer,
                   store.Begin(attempt.id, attempt.dataset, Schema()));
  RETURN_IF_ERROR(WriteRows(*writer, number));
  StoredReceipt receipt;
  receipt.leaf_index = static_cast<uint64_t>(number);
  receipt.id = "R-" + std::to_string(number);
  RETURN_IF_ERROR(store.Put(receipt));
  return store.Publish(attempt);
}

// All of its events and its step in one call.
absl::Status AssessNumber(Store& store, int number) {
  Assessment assessment;
  assessment.id = AssessmentIdOf(number);
  assessment.template_id = "template";
  assessment.partner = PartnerId("partner");
  assessment.cycle = std::to_string(number);
  RETURN_IF_ERROR(store.StartAssessment(assessment));
  std::vector<AssessmentEvent> events(EventsOf(number));
  for (AssessmentEvent& event : events) event.kind = "answer";
  return store.AddAssessmentEvents(assessment.id, events,
                                   {"open", "submitted", json::Object{{"number", number}}, {}});
}

absl::Status Run(const std::string& folder) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenSqliteStore(folder, std::string(32, 'k')));
  ASSIGN_OR_RETURN(const std::vector<Attempt> newest, store->List({.limit = 1}));
  for (int number = newest.empty() ? 1 : newest.front().number + 1;; ++number) {
    RETURN_IF_ERROR(SubmitNumber(*store, number));
    RETURN_IF_ERROR(AssessNumber(*store, number));
    Acknowledge(IdOf(number));
  }
}

}  // namespace
}  // namespace concordat::store

int main(int argc, char** argv) {
  if (argc != 3) return 3;
  concordat::store::DieAfter(std::atol(argv[2]));
  const absl::Status status = concordat::store::Run(argv[1]);
  fmt::print(stderr, "{}\n", status.ToString());
  return 2;  // it should have been killed
}
