// Gaps become actions with owner and date; what is open stands in the due list until evidence closes it.
#include "host/flows/improvement_actions.h"

#include "host/flows/due.h"
#include "host/flows/frozen_history.h"
#include "tests/host/flows/assessment_fixture.h"

namespace concordat::flows {
namespace {

using testing::HasSubstr;

class ActionsTest : public AssessmentTest {
 protected:
  std::vector<std::string> Proposed(const Caller& by, const std::string& id) {
    std::vector<std::string> items;
    const json::Value answer = store::Value(ProposeActions(host_, by, id));
    for (const json::Value& one : At(answer, "proposed").as_array())
      items.push_back(json::TextOr(one, "item", ""));
    return items;
  }
  std::string Add(const std::string& assessment, const std::string& item,
                  const std::string& due = "2026-08-31") {
    return Id(store::Value(AddAction(host_, pat_, {assessment, item, "Mend it", "IT", due, "two days"})));
  }
  /// "action Mend it 0", "assessment tiny/2026/27 3" ... of what the caller owes beside data.
  std::vector<std::string> Owed(const Caller& by) {
    std::vector<std::string> owed;
    const json::Value due = store::Value(DueList(host_, by, by.partner));
    for (const json::Value& item : At(due, "owed").as_array()) {
      const std::string kind = json::TextOr(item, "kind", "");
      if (kind != "submission")
        owed.push_back(fmt::format("{} {} {}", kind, json::TextOr(item, "id", ""), Text(item, "daysLate")));
    }
    return owed;
  }
};

TEST_F(ActionsTest, EachGapWithoutAnActionIsProposed) {
  Deliver(71);
  const std::string id = Answered(2, 4);
  ASSERT_OK(Answer(pat_, id, "trained", 2));
  // lead claims without evidence, valid is overstated, trained is below its target; proof is unanswered.
  EXPECT_THAT(Proposed(pat_, id), testing::UnorderedElementsAre("lead", "valid", "trained"));
  Add(id, "valid");
  EXPECT_THAT(Proposed(dana_, id), testing::UnorderedElementsAre("lead", "trained"));
  EXPECT_CODE(ProposeActions(host_, sam_, id), absl::StatusCode::kPermissionDenied);
  const json::Value document = Show(pat_, id);
  EXPECT_EQ(At(document, "actions").as_array().size(), 1u);
  EXPECT_NE(Text(ItemOf(document, "valid"), "action"), "null");
}

TEST_F(ActionsTest, AnActionIsChangedWithReasonsAndClosedWithEvidence) {
  const std::string id = SignedOff();
  EXPECT_CODE(AddAction(host_, sam_, {id, "lead", "x", "y", "2026-08-31", ""}),
              absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(AddAction(host_, dana_, {id, "lead", "x", "y", "2026-08-31", ""}),
              absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(AddAction(host_, pat_, {id, "leed", "x", "y", "2026-08-31", ""}),
              absl::StatusCode::kInvalidArgument);
  EXPECT_CODE(AddAction(host_, pat_, {id, "lead", "x", "", "2026-08-31", ""}),
              absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Said(AddAction(host_, pat_, {id, "lead", "x", "y", "2026-05-19", ""})),
              HasSubstr("has passed"));
  const std::string action = Add(id, "lead");
  EXPECT_EQ(At(Show(pat_, id), "actions").as_array().size(), 1u) << "in any state of the assessment";

  EXPECT_CODE(ChangeAction(host_, pat_, {action, "", "2026-09-30", "", "", ""}),
              absl::StatusCode::kInvalidArgument);
  EXPECT_CODE(ChangeAction(host_, pat_, {action, "", "", "", "", "why"}), absl::StatusCode::kInvalidArgument);
  EXPECT_CODE(ChangeAction(host_, sam_, {action, "me", "", "", "", "why"}),
              absl::StatusCode::kPermissionDenied);
  const auto changed =
      ChangeAction(host_, paula_, {action, "HR", "2026-09-30", "", "", "they have the list"});
  ASSERT_OK(changed);
  EXPECT_EQ(Text(*changed, "due"), "\"2026-09-30\"");
  const json::Value revision = At(*changed, "revisions").as_array()[0];
  EXPECT_EQ(Text(revision, "before"), R"({"owner":"IT","due":"2026-08-31"})");
  EXPECT_EQ(Text(revision, "after"), R"({"owner":"HR","due":"2026-09-30"})");
  EXPECT_EQ(Text(revision, "by"), "\"" + paula_.spiffe_id + "\"");

  EXPECT_CODE(CloseAction(host_, pat_, action, "", "", false), absl::StatusCode::kInvalidArgument);
  EXPECT_CODE(CloseAction(host_, pat_, action, "done", "sha256:1", false),
              absl::StatusCode::kInvalidArgument);
  const auto closed = CloseAction(host_, pat_, action, "in the handbook, page 4", "", false);
  ASSERT_OK(closed);
  EXPECT_EQ(Text(*closed, "state"), "\"closed\"");
  EXPECT_CODE(CloseAction(host_, pat_, action, "again", "", false), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(ChangeAction(host_, pat_, {action, "me", "", "", "", "why"}),
              absl::StatusCode::kFailedPrecondition);
  const std::string other = Add(id, "lead");
  EXPECT_EQ(Text(store::Value(CloseAction(host_, pat_, other, "another system comes", "", true)), "state"),
            "\"cancelled\"");
  EXPECT_EQ(store::Value(ListActions(host_, pat_, "", "closed", "")).as_array().size(), 1u);
  EXPECT_EQ(store::Value(ListActions(host_, sam_, "", "", "")).as_array().size(), 0u);
  EXPECT_CODE(ListActions(host_, sam_, "", "", "constabulary"), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(store::Value(ListActions(host_, admin_, "", "", "constabulary")).as_array().size(), 2u);
}

TEST_F(ActionsTest, ActionsAndCyclesStandInTheDueListUntilTheyAreDone) {
  ASSERT_OK(OpenCycle(host_, admin_, {"tiny", "2026/27", {"constabulary"}, {}, "", "2026-06-30", ""}));
  EXPECT_THAT(Owed(pat_), testing::ElementsAre("assessment tiny/2026/27 0"));
  EXPECT_THAT(Owed(sam_), testing::IsEmpty());
  const std::string id = Answered();
  const std::string action = Add(id, "lead", "2026-06-15");
  EXPECT_THAT(Owed(pat_), testing::ElementsAre("action " + action + " 0", "assessment " + id + " 0"));
  clock_.Set(*ParseTime("2026-07-01T09:00:00Z"));
  EXPECT_THAT(Owed(pat_), testing::ElementsAre("action " + action + " 16", "assessment " + id + " 1"));
  const json::Value due = store::Value(DueList(host_, pat_, pat_.partner));
  for (const json::Value& item : At(due, "owed").as_array()) {
    if (json::TextOr(item, "kind", "") == "submission") continue;
    const bool action_due = json::TextOr(item, "kind", "") == "action";
    EXPECT_THAT(Text(item, "closeWith"), HasSubstr(action_due ? "concordat assess actions close " + action
                                                              : "concordat assess submit " + id));
  }
  ASSERT_OK(SubmitAssessment(host_, pat_, id));
  EXPECT_THAT(Owed(pat_), testing::ElementsAre("action " + action + " 16"));
  ASSERT_OK(CloseAction(host_, pat_, action, "done on Monday", "", false));
  EXPECT_THAT(Owed(pat_), testing::IsEmpty());
}

TEST(FrozenHistory, ComesBackAsItWas) {
  assess::History history;
  assess::HistoryEntry entry;
  entry.submission = "S-1";
  entry.feed = "f";
  entry.dataset = "d";
  entry.period = "2026-05";
  entry.received = absl::FromUnixMicros(1779278400123456);
  entry.first_attempt = entry.accepted = entry.current = true;
  entry.on_time = false;
  entry.score = 97.25;
  entry.dimensions = {{"conformity", 71.5}, {"timeliness", 100}};
  entry.rules = {{"r", "critical", "met", false, true}};
  entry.assurance = "internal_audit";
  history.entries = {entry};
  history.periods = {{"f", "d", "2026-04", absl::FromUnixSeconds(1), absl::FromUnixSeconds(2)},
                     {"f", "d", "2026-05", absl::FromUnixSeconds(3), std::nullopt}};
  history.tasks = {{"action", "ACT-1", absl::FromUnixSeconds(4), std::nullopt}};
  history.protocols = {{"p", absl::FromUnixSeconds(5), true}};
  history.log = {absl::FromUnixSeconds(6), true, 12};
  history.restores = {{absl::FromUnixSeconds(7), true}};
  const json::Value text = HistoryToJson(history);
  const auto back = HistoryFromJson(text);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(json::Canonical(HistoryToJson(*back)), json::Canonical(text));
  EXPECT_EQ(back->entries[0].received, entry.received);
  EXPECT_EQ(back->entries[0].dimensions, entry.dimensions);
  EXPECT_EQ(back->entries[0].on_time, entry.on_time);
  EXPECT_TRUE(back->entries[0].rules[0].accepted);
  EXPECT_EQ(back->periods[1].received, std::nullopt);
  EXPECT_EQ(back->log->leaves, 12u);
}

}  // namespace
}  // namespace concordat::flows
