// A control.db from before assessments were events: nothing of it is lost.
#include "host/base/clock.h"
#include "host/store/sqlite/control_schema.h"
#include "tests/contracts/store_fixture.h"

namespace concordat::store {
namespace {

constexpr int64_t kBeforeEvents = 7;  // the last version with the table `answers`

constexpr char kEarlier[] = R"sql(
INSERT INTO assessments VALUES
  (4, 'A-1', 'dq-themes', '2026.1', 'sha256:t', 'county-council', '2025/26', 'submitted', 'spiffe://x/sam',
   '2026-05-20T12:00:00Z', '2026-05-21T12:00:00Z', '{"level":2}'),
  (5, 'A-2', 'dq-themes', '2026.1', 'sha256:t', 'county-council', '2026/27', 'open', 'spiffe://x/sam',
   '2026-06-20T12:00:00Z', NULL, 'null');
INSERT INTO answers VALUES
  (1, 'A-1', 'systems', 2, 'says "why"', 'spiffe://x/sam', '2026-05-20T12:01:00Z'),
  (2, 'A-2', 'people', 1, '', 'spiffe://x/pat', '2026-06-20T12:02:00Z'),
  (3, 'A-1', 'systems', 3, '', 'spiffe://x/pat', '2026-05-20T12:03:00Z');
)sql";

TEST(AssessmentMigration, AnswersBecomeEventsAndAssessmentsStayWhatTheyWere) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.path());
  {
    const auto control = Value(Connection::Open(folder.path() + "/control.db", Connection::Mode::kShared));
    ASSERT_OK(MigrateControl(*control, kBeforeEvents));
    ASSERT_OK(control->Execute(kEarlier));
  }
  const auto store = Value(OpenSqliteStore(folder.path(), std::string(32, 'k')));
  const Assessment submitted = Value(store->GetAssessment("A-1"));
  EXPECT_EQ(submitted.state, "submitted");
  EXPECT_EQ(submitted.cycle, "2025/26");
  EXPECT_EQ(submitted.group, "");
  EXPECT_EQ(submitted.template_text, "");
  EXPECT_EQ(TimeText(*submitted.submitted), "2026-05-21T12:00:00Z");
  EXPECT_EQ(json::Compact(submitted.frozen), R"({"level":2})");
  EXPECT_EQ(Value(store->GetAssessment("A-2")).state, "open");

  const auto events = Value(store->AssessmentEvents("A-1"));
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].kind + " " + events[0].item, "answer systems");
  EXPECT_EQ(json::Compact(events[0].body), R"({"level":2,"comment":"says \"why\""})");
  EXPECT_EQ(events[0].by, "spiffe://x/sam");
  EXPECT_EQ(TimeText(events[0].at), "2026-05-20T12:01:00Z");
  EXPECT_EQ(json::Compact(events[1].body), R"({"level":3,"comment":""})");
  EXPECT_EQ(events[2].kind, "submit");
  EXPECT_EQ(TimeText(events[2].at), "2026-05-21T12:00:00Z");
  EXPECT_EQ(Value(store->AssessmentEvents("A-2")).size(), 1u);

  Assessment twin = submitted;
  twin.id = "A-3";
  EXPECT_CODE(store->StartAssessment(twin), absl::StatusCode::kAlreadyExists);
  twin.group = "board";
  EXPECT_OK(store->StartAssessment(twin));
}

}  // namespace
}  // namespace concordat::store
