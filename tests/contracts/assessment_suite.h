// AssessmentStore: cycles, and assessments that change by events alone; all of a change or nothing of it.
#pragma once

#include "tests/contracts/store_fixture.h"

namespace concordat::store {

inline Assessment AssessmentOf(std::string id, std::string cycle = "2026/27",
                               std::string partner = "county-council", std::string group = "") {
  Assessment assessment;
  assessment.id = std::move(id);
  assessment.template_id = "dq-themes";
  assessment.template_version = "2026.1";
  assessment.template_digest = "sha256:t";
  assessment.template_text = "title: \"Wie gut?\"\n";
  assessment.partner = PartnerId(partner);
  assessment.group = std::move(group);
  assessment.cycle = std::move(cycle);
  assessment.state = "open";
  assessment.started_by = "spiffe://partnership.example/county-council/lead";
  assessment.started = absl::FromUnixSeconds(1779278400);
  return assessment;
}

inline AssessmentEvent EventOf(std::string kind, std::string item, json::Value body) {
  return {0,
          std::move(kind),
          std::move(item),
          "spiffe://partnership.example/county-council/lead",
          absl::FromUnixSeconds(1779278500),
          std::move(body)};
}
inline AssessmentEvent AnswerOf(std::string item, int level) {
  return EventOf("answer", std::move(item), json::Object{{"level", level}, {"comment", "because"}});
}

/// "answer systems {...}" for each event.
inline std::vector<std::string> TextsOf(const std::vector<AssessmentEvent>& events) {
  std::vector<std::string> texts;
  for (const AssessmentEvent& event : events)
    texts.push_back(event.kind + " " + event.item + " " + json::Compact(event.body));
  return texts;
}

inline AssessmentCycle CycleOf(std::string template_id, std::string cycle) {
  AssessmentCycle opened;
  opened.template_id = std::move(template_id);
  opened.cycle = std::move(cycle);
  opened.template_version = "2026.1";
  opened.template_digest = "sha256:t";
  opened.template_text = "id: dq-themes";
  opened.subject = "fewer falls at home";
  opened.partners = {PartnerId("county-council"), PartnerId("constabulary")};
  opened.groups = {{"front line", PartnerId("county-council")}, {"board", PartnerId("constabulary")}};
  opened.opens = absl::FromUnixSeconds(1779278400);
  opened.due = absl::FromUnixSeconds(1787227199);
  opened.opened_by = "unix:0";
  opened.opened = absl::FromUnixSeconds(1779278000);
  return opened;
}

TEST_P(StoreSuite, ACycleComesBackWholeAndIsOpenedOnce) {
  ASSERT_OK(store_->OpenCycle(CycleOf("dq-themes", "2026/27")));
  EXPECT_CODE(store_->OpenCycle(CycleOf("dq-themes", "2026/27")), absl::StatusCode::kAlreadyExists);
  ASSERT_OK(store_->OpenCycle(CycleOf("dq-themes", "2027/28")));
  ASSERT_OK(store_->OpenCycle(CycleOf("delivery-chain", "2026/27")));
  Reopen();
  const auto cycles = Value(store_->ListCycles("dq-themes"));
  ASSERT_EQ(cycles.size(), 2u);
  EXPECT_EQ(cycles[0].cycle, "2027/28") << "the newest first";
  const AssessmentCycle given = CycleOf("dq-themes", "2026/27");
  EXPECT_EQ(cycles[1].cycle, given.cycle);
  EXPECT_EQ(cycles[1].template_version, given.template_version);
  EXPECT_EQ(cycles[1].template_digest, given.template_digest);
  EXPECT_EQ(cycles[1].template_text, given.template_text);
  EXPECT_EQ(cycles[1].subject, given.subject);
  EXPECT_EQ(cycles[1].partners, given.partners);
  EXPECT_EQ(cycles[1].groups, given.groups);
  EXPECT_EQ(cycles[1].opens, given.opens);
  EXPECT_EQ(cycles[1].due, given.due);
  EXPECT_EQ(cycles[1].opened_by, given.opened_by);
  EXPECT_EQ(cycles[1].opened, given.opened);
  EXPECT_EQ(Value(store_->ListCycles("")).size(), 3u);
  EXPECT_THAT(Value(store_->ListCycles("nothing")), testing::IsEmpty());
}

TEST_P(StoreSuite, AnAssessmentComesBackWholeOpenSubmittedAndReturned) {
  ASSERT_OK(store_->StartAssessment(AssessmentOf("A-1", "2026/27", "county-council", "front line")));
  auto kept = store_->GetAssessment("A-1");
  ASSERT_OK(kept);
  EXPECT_EQ(kept->template_id, "dq-themes");
  EXPECT_EQ(kept->template_version, "2026.1");
  EXPECT_EQ(kept->template_digest, "sha256:t");
  EXPECT_EQ(kept->template_text, "title: \"Wie gut?\"\n");
  EXPECT_EQ(kept->partner, PartnerId("county-council"));
  EXPECT_EQ(kept->group, "front line");
  EXPECT_EQ(kept->cycle, "2026/27");
  EXPECT_EQ(kept->state, "open");
  EXPECT_EQ(kept->started_by, "spiffe://partnership.example/county-council/lead");
  EXPECT_EQ(kept->started, absl::FromUnixSeconds(1779278400));
  EXPECT_EQ(kept->submitted, std::nullopt);
  EXPECT_TRUE(kept->frozen.is_null());

  ASSERT_OK(store_->AddAssessmentEvents(
      "A-1", {EventOf("submit", "", json::Object{})},
      {"open", "submitted", json::Object{{"gap", 1}}, absl::FromUnixSeconds(1779279000)}));
  Reopen();
  kept = store_->GetAssessment("A-1");
  EXPECT_EQ(kept->state, "submitted");
  EXPECT_EQ(kept->submitted, absl::FromUnixSeconds(1779279000));
  EXPECT_EQ(json::Compact(kept->frozen), R"({"gap":1})");

  ASSERT_OK(store_->AddAssessmentEvents("A-1", {EventOf("comment", "", json::Object{{"text", "thanks"}})},
                                        {"submitted", "", {}, {}}));
  kept = store_->GetAssessment("A-1");
  EXPECT_EQ(kept->state, "submitted") << "a step without `to` leaves the state";
  EXPECT_EQ(json::Compact(kept->frozen), R"({"gap":1})");

  ASSERT_OK(store_->AddAssessmentEvents("A-1", {EventOf("return", "", json::Object{{"reason", "too high"}})},
                                        {"submitted", "open", {}, {}}));
  Reopen();
  kept = store_->GetAssessment("A-1");
  EXPECT_EQ(kept->state, "open");
  EXPECT_EQ(kept->submitted, std::nullopt);
  EXPECT_TRUE(kept->frozen.is_null());
  EXPECT_EQ(Value(store_->AssessmentEvents("A-1")).size(), 3u);
}

TEST_P(StoreSuite, APartnerHasOneAssessmentATemplateCycleAndGroup) {
  ASSERT_OK(store_->StartAssessment(AssessmentOf("A-1")));
  EXPECT_CODE(store_->StartAssessment(AssessmentOf("A-2")), absl::StatusCode::kAlreadyExists);
  EXPECT_OK(store_->StartAssessment(AssessmentOf("A-3", "2027/28")));
  EXPECT_OK(store_->StartAssessment(AssessmentOf("A-4", "2026/27", "constabulary")));
  EXPECT_OK(store_->StartAssessment(AssessmentOf("A-5", "2026/27", "county-council", "board")));
  EXPECT_CODE(store_->StartAssessment(AssessmentOf("A-6", "2026/27", "county-council", "board")),
              absl::StatusCode::kAlreadyExists);
  std::vector<std::string> ids;
  for (const Assessment& assessment : Value(store_->ListAssessments(PartnerId("county-council"))))
    ids.push_back(assessment.id);
  EXPECT_THAT(ids, testing::ElementsAre("A-1", "A-3", "A-5"));
  EXPECT_EQ(Value(store_->ListAssessments({})).size(), 4u);
}

TEST_P(StoreSuite, AnAssessmentStartsWithItsFirstEventsOrNotAtAll) {
  ASSERT_OK(store_->StartAssessment(AssessmentOf("A-1"), {AnswerOf("systems", 2)}));
  EXPECT_EQ(Value(store_->AssessmentEvents("A-1")).size(), 1u);
  EXPECT_FALSE(store_->StartAssessment(AssessmentOf("A-2", "2027/28"), {EventOf("rumour", "", {})}).ok());
  EXPECT_CODE(store_->GetAssessment("A-2"), absl::StatusCode::kNotFound);
}

TEST_P(StoreSuite, EventsAreKeptInOrderAndNothingIsOverwritten) {
  ASSERT_OK(store_->StartAssessment(AssessmentOf("A-1")));
  ASSERT_OK(store_->StartAssessment(AssessmentOf("A-2", "2027/28")));
  ASSERT_OK(store_->AddAssessmentEvents("A-1", {AnswerOf("systems", 2), AnswerOf("people", 1)},
                                        {"open", "", {}, {}}));
  ASSERT_OK(store_->AddAssessmentEvents("A-2", {AnswerOf("systems", 4)}, {"open", "", {}, {}}));
  ASSERT_OK(store_->AddAssessmentEvents("A-1", {AnswerOf("systems", 3)}, {"open", "", {}, {}}));
  Reopen();
  const auto events = Value(store_->AssessmentEvents("A-1"));
  EXPECT_THAT(TextsOf(events), testing::ElementsAre(R"(answer systems {"level":2,"comment":"because"})",
                                                    R"(answer people {"level":1,"comment":"because"})",
                                                    R"(answer systems {"level":3,"comment":"because"})"));
  ASSERT_EQ(events.size(), 3u);
  EXPECT_LT(events[0].sequence, events[1].sequence);
  EXPECT_LT(events[1].sequence, events[2].sequence);
  EXPECT_EQ(events[0].by, "spiffe://partnership.example/county-council/lead");
  EXPECT_EQ(events[0].at, absl::FromUnixSeconds(1779278500));
}

TEST_P(StoreSuite, EventsAndTheirStepHappenTogetherOrNotAtAll) {
  ASSERT_OK(store_->StartAssessment(AssessmentOf("A-1")));
  EXPECT_FALSE(store_
                   ->AddAssessmentEvents("A-1", {AnswerOf("systems", 2), EventOf("rumour", "", {})},
                                         {"open", "submitted", {}, {}})
                   .ok());
  EXPECT_FALSE(
      store_->AddAssessmentEvents("A-1", {AnswerOf("systems", 2)}, {"open", "forgotten", {}, {}}).ok());
  Reopen();
  EXPECT_EQ(Value(store_->GetAssessment("A-1")).state, "open");
  EXPECT_THAT(Value(store_->AssessmentEvents("A-1")), testing::IsEmpty());
}

TEST_P(StoreSuite, AnAssessmentChangesOnlyFromTheStateThatWasMeant) {
  ASSERT_OK(store_->StartAssessment(AssessmentOf("A-1")));
  ASSERT_OK(store_->AddAssessmentEvents("A-1", {}, {"open", "submitted", {}, absl::UnixEpoch()}));
  EXPECT_CODE(store_->AddAssessmentEvents("A-1", {AnswerOf("systems", 2)}, {"open", "", {}, {}}),
              absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(store_->AddAssessmentEvents("A-1", {}, {"open", "submitted", {}, {}}),
              absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Value(store_->AssessmentEvents("A-1")), testing::IsEmpty());
  for (const auto& [from, to] :
       {std::pair("submitted", "signed_off"), {"signed_off", "moderated"}, {"moderated", "published"}})
    EXPECT_OK(store_->AddAssessmentEvents("A-1", {}, {from, to, {}, {}}));
}

TEST_P(StoreSuite, ARulingMayDependOnTheStateOfAnAssessmentButNotOnItsAnswers) {
  ASSERT_OK(store_->StartAssessment(AssessmentOf("A-1")));
  uint64_t before = store_->Revision();
  ASSERT_OK(store_->AddAssessmentEvents("A-1", {AnswerOf("systems", 2)}, {"open", "", {}, {}}));
  EXPECT_EQ(store_->Revision(), before);
  ASSERT_OK(store_->AddAssessmentEvents("A-1", {}, {"open", "submitted", {}, {}}));
  EXPECT_GT(store_->Revision(), before);
}

TEST_P(StoreSuite, AnUnknownAssessmentIsNotFound) {
  EXPECT_CODE(store_->GetAssessment("A-9"), absl::StatusCode::kNotFound);
  EXPECT_CODE(store_->AddAssessmentEvents("A-9", {AnswerOf("systems", 2)}, {"open", "", {}, {}}),
              absl::StatusCode::kNotFound);
  EXPECT_THAT(Value(store_->AssessmentEvents("A-9")), testing::IsEmpty());
}

}  // namespace concordat::store
