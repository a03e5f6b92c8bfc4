// ActionStore: an improvement action is changed while it is open, and every change is kept.
#pragma once

#include "tests/contracts/assessment_suite.h"

namespace concordat::store {

inline ImprovementAction ActionOf(std::string id, std::string assessment = "A-1", int64_t due = 1790000000,
                                  std::string partner = "county-council") {
  ImprovementAction action;
  action.id = std::move(id);
  action.assessment = std::move(assessment);
  action.partner = PartnerId(partner);
  action.template_id = "dq-themes";
  action.cycle = "2026/27";
  action.item = "systems";
  action.title = "Check dates when they are typed";
  action.owner = "Performance officer";
  action.resource = "two days";
  action.due = absl::FromUnixSeconds(due);
  action.state = "open";
  action.created_by = "spiffe://partnership.example/county-council/lead";
  action.created = absl::FromUnixSeconds(1779278400);
  return action;
}

inline ActionRevision RevisionOf(std::string action, std::string reason) {
  return {std::move(action),
          "spiffe://partnership.example/county-council/lead",
          absl::FromUnixSeconds(1779278600),
          std::move(reason),
          json::Object{{"owner", "a"}},
          json::Object{{"owner", "b"}}};
}

inline std::vector<std::string> IdsOf(const std::vector<ImprovementAction>& actions) {
  std::vector<std::string> ids;
  for (const ImprovementAction& action : actions) ids.push_back(action.id);
  return ids;
}

TEST_P(StoreSuite, AnActionComesBackWholeOpenAndClosed) {
  ASSERT_OK(store_->StartAssessment(AssessmentOf("A-1")));
  const ImprovementAction given = ActionOf("ACT-1");
  ASSERT_OK(store_->AddAction(given));
  EXPECT_CODE(store_->AddAction(given), absl::StatusCode::kAlreadyExists);
  Reopen();
  ImprovementAction kept = Value(store_->GetAction("ACT-1"));
  EXPECT_EQ(kept.assessment, given.assessment);
  EXPECT_EQ(kept.partner, given.partner);
  EXPECT_EQ(kept.template_id, given.template_id);
  EXPECT_EQ(kept.cycle, given.cycle);
  EXPECT_EQ(kept.item, given.item);
  EXPECT_EQ(kept.title, given.title);
  EXPECT_EQ(kept.owner, given.owner);
  EXPECT_EQ(kept.resource, given.resource);
  EXPECT_EQ(kept.due, given.due);
  EXPECT_EQ(kept.state, "open");
  EXPECT_EQ(kept.created_by, given.created_by);
  EXPECT_EQ(kept.created, given.created);
  EXPECT_EQ(kept.closed_at, std::nullopt);

  kept.owner = "Head of data";
  kept.state = "closed";
  kept.closed_at = absl::FromUnixSeconds(1780000000);
  kept.closed_by = "spiffe://partnership.example/county-council/sam";
  kept.evidence = "the form refuses them now";
  kept.evidence_digest = "sha256:e";
  ASSERT_OK(store_->ChangeAction(kept, RevisionOf("ACT-1", "done")));
  Reopen();
  const ImprovementAction closed = Value(store_->GetAction("ACT-1"));
  EXPECT_EQ(closed.owner, "Head of data");
  EXPECT_EQ(closed.state, "closed");
  EXPECT_EQ(closed.closed_at, kept.closed_at);
  EXPECT_EQ(closed.closed_by, kept.closed_by);
  EXPECT_EQ(closed.evidence, kept.evidence);
  EXPECT_EQ(closed.evidence_digest, kept.evidence_digest);
  EXPECT_EQ(closed.created, given.created);
}

TEST_P(StoreSuite, EveryChangeOfAnActionIsKeptAndAClosedOneIsNotChanged) {
  ASSERT_OK(store_->StartAssessment(AssessmentOf("A-1")));
  ImprovementAction action = ActionOf("ACT-1");
  ASSERT_OK(store_->AddAction(action));
  action.due = absl::FromUnixSeconds(1795000000);
  action.title = "Check all dates";
  action.resource = "a week";
  ASSERT_OK(store_->ChangeAction(action, RevisionOf("ACT-1", "more of them than we thought")));
  EXPECT_EQ(Value(store_->GetAction("ACT-1")).due, action.due);
  EXPECT_EQ(Value(store_->GetAction("ACT-1")).title, "Check all dates");
  EXPECT_EQ(Value(store_->GetAction("ACT-1")).resource, "a week");
  action.state = "cancelled";
  ASSERT_OK(store_->ChangeAction(action, RevisionOf("ACT-1", "another system comes")));
  EXPECT_CODE(store_->ChangeAction(action, RevisionOf("ACT-1", "again")),
              absl::StatusCode::kFailedPrecondition);
  Reopen();
  const auto revisions = Value(store_->ActionRevisions("ACT-1"));
  ASSERT_EQ(revisions.size(), 2u);
  EXPECT_EQ(revisions[0].reason, "more of them than we thought");
  EXPECT_EQ(revisions[1].reason, "another system comes");
  EXPECT_EQ(revisions[0].action, "ACT-1");
  EXPECT_EQ(revisions[0].by, "spiffe://partnership.example/county-council/lead");
  EXPECT_EQ(revisions[0].at, absl::FromUnixSeconds(1779278600));
  EXPECT_EQ(json::Compact(revisions[0].before), R"({"owner":"a"})");
  EXPECT_EQ(json::Compact(revisions[0].after), R"({"owner":"b"})");
}

TEST_P(StoreSuite, ActionsAreListedEarliestDueFirstByWhatIsAsked) {
  ASSERT_OK(store_->StartAssessment(AssessmentOf("A-1")));
  ASSERT_OK(store_->StartAssessment(AssessmentOf("A-2", "2026/27", "constabulary")));
  ASSERT_OK(store_->AddAction(ActionOf("ACT-a", "A-1", 1790000900)));
  ASSERT_OK(store_->AddAction(ActionOf("ACT-b", "A-1", 1790000000)));
  ASSERT_OK(store_->AddAction(ActionOf("ACT-c", "A-2", 1780000000, "constabulary")));
  ImprovementAction closed = ActionOf("ACT-b", "A-1", 1790000000);
  closed.state = "closed";
  ASSERT_OK(store_->ChangeAction(closed, RevisionOf("ACT-b", "done")));
  const auto ids = [this](const ActionStore::ActionFilter& filter) {
    return IdsOf(Value(store_->ListActions(filter)));
  };
  EXPECT_THAT(ids({}), testing::ElementsAre("ACT-c", "ACT-b", "ACT-a"));
  EXPECT_THAT(ids({.partner = PartnerId("county-council")}), testing::ElementsAre("ACT-b", "ACT-a"));
  EXPECT_THAT(ids({.partner = PartnerId("county-council"), .state = "open"}), testing::ElementsAre("ACT-a"));
  EXPECT_THAT(ids({.assessment = "A-2"}), testing::ElementsAre("ACT-c"));
  EXPECT_THAT(ids({.state = "closed"}), testing::ElementsAre("ACT-b"));
}

TEST_P(StoreSuite, AnUnknownActionIsNotFound) {
  EXPECT_CODE(store_->GetAction("ACT-9"), absl::StatusCode::kNotFound);
  EXPECT_CODE(store_->ChangeAction(ActionOf("ACT-9"), RevisionOf("ACT-9", "why")),
              absl::StatusCode::kNotFound);
  EXPECT_THAT(Value(store_->ActionRevisions("ACT-9")), testing::IsEmpty());
  EXPECT_FALSE(store_->AddAction(ActionOf("ACT-8", "A-9")).ok()) << "of no assessment";
}

}  // namespace concordat::store
