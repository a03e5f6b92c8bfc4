// AssessmentStore: answers are revisioned, a submitted assessment is closed.
#pragma once

#include "tests/contracts/store_fixture.h"

namespace concordat::store {

inline Assessment AssessmentOf(std::string id, std::string cycle = "2026/27",
                               std::string partner = "county-council") {
  Assessment assessment;
  assessment.id = std::move(id);
  assessment.template_id = "dq-themes";
  assessment.template_version = "2026.1";
  assessment.template_digest = "sha256:t";
  assessment.partner = PartnerId(partner);
  assessment.cycle = std::move(cycle);
  assessment.state = "open";
  assessment.started_by = "spiffe://partnership.example/county-council/lead";
  assessment.started = absl::FromUnixSeconds(1779278400);
  return assessment;
}

inline Answer AnswerOf(std::string item, int level) {
  return {std::move(item), level, "because", "spiffe://partnership.example/county-council/lead",
          absl::FromUnixSeconds(1779278500)};
}

/// "systems 3" for each answer.
inline std::vector<std::string> LevelsOf(const std::vector<Answer>& answers) {
  std::vector<std::string> levels;
  for (const Answer& answer : answers) levels.push_back(answer.item + " " + std::to_string(answer.level));
  return levels;
}

TEST_P(StoreSuite, AnAssessmentComesBackWholeOpenAndSubmitted) {
  ASSERT_OK(store_->StartAssessment(AssessmentOf("A-1")));
  auto kept = store_->GetAssessment("A-1");
  ASSERT_OK(kept);
  EXPECT_EQ(kept->template_id, "dq-themes");
  EXPECT_EQ(kept->template_version, "2026.1");
  EXPECT_EQ(kept->template_digest, "sha256:t");
  EXPECT_EQ(kept->partner, PartnerId("county-council"));
  EXPECT_EQ(kept->cycle, "2026/27");
  EXPECT_EQ(kept->state, "open");
  EXPECT_EQ(kept->started_by, "spiffe://partnership.example/county-council/lead");
  EXPECT_EQ(kept->started, absl::FromUnixSeconds(1779278400));
  EXPECT_EQ(kept->submitted, std::nullopt);
  EXPECT_TRUE(kept->frozen.is_null());

  ASSERT_OK(store_->SubmitAssessment("A-1", absl::FromUnixSeconds(1779279000), json::Object{{"gap", 1}}));
  Reopen();
  kept = store_->GetAssessment("A-1");
  EXPECT_EQ(kept->state, "submitted");
  EXPECT_EQ(kept->submitted, absl::FromUnixSeconds(1779279000));
  EXPECT_EQ(json::Compact(kept->frozen), R"({"gap":1})");
}

TEST_P(StoreSuite, APartnerHasOneAssessmentATemplateAndCycle) {
  ASSERT_OK(store_->StartAssessment(AssessmentOf("A-1")));
  EXPECT_CODE(store_->StartAssessment(AssessmentOf("A-2")), absl::StatusCode::kAlreadyExists);
  EXPECT_OK(store_->StartAssessment(AssessmentOf("A-3", "2027/28")));
  EXPECT_OK(store_->StartAssessment(AssessmentOf("A-4", "2026/27", "constabulary")));
  std::vector<std::string> ids;
  for (const Assessment& assessment : Value(store_->ListAssessments(PartnerId("county-council"))))
    ids.push_back(assessment.id);
  EXPECT_THAT(ids, testing::ElementsAre("A-1", "A-3"));
  EXPECT_EQ(Value(store_->ListAssessments({})).size(), 3u);
}

TEST_P(StoreSuite, AnswersAreRevisionedAndNothingIsOverwritten) {
  ASSERT_OK(store_->StartAssessment(AssessmentOf("A-1")));
  ASSERT_OK(store_->StartAssessment(AssessmentOf("A-2", "2027/28")));
  for (const Answer& answer : {AnswerOf("systems", 2), AnswerOf("people", 1), AnswerOf("systems", 3)}) {
    ASSERT_OK(store_->AddAnswer("A-1", answer));
  }
  ASSERT_OK(store_->AddAnswer("A-2", AnswerOf("systems", 4)));
  EXPECT_THAT(LevelsOf(Value(store_->Answers("A-1"))),
              testing::UnorderedElementsAre("people 1", "systems 3"));
  EXPECT_THAT(LevelsOf(Value(store_->AllAnswers("A-1"))),
              testing::ElementsAre("systems 2", "people 1", "systems 3"));
  const Answer first = store_->AllAnswers("A-1")->front();
  EXPECT_EQ(first.comment, "because");
  EXPECT_EQ(first.by, "spiffe://partnership.example/county-council/lead");
  EXPECT_EQ(first.at, absl::FromUnixSeconds(1779278500));
}

TEST_P(StoreSuite, ASubmittedAssessmentIsClosed) {
  ASSERT_OK(store_->StartAssessment(AssessmentOf("A-1")));
  ASSERT_OK(store_->SubmitAssessment("A-1", absl::UnixEpoch(), {}));
  EXPECT_CODE(store_->AddAnswer("A-1", AnswerOf("systems", 2)), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(store_->SubmitAssessment("A-1", absl::UnixEpoch(), {}), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Value(store_->AllAnswers("A-1")), testing::IsEmpty());
}

TEST_P(StoreSuite, AnUnknownAssessmentIsNotFound) {
  EXPECT_CODE(store_->GetAssessment("A-9"), absl::StatusCode::kNotFound);
  EXPECT_CODE(store_->AddAnswer("A-9", AnswerOf("systems", 2)), absl::StatusCode::kNotFound);
  EXPECT_CODE(store_->SubmitAssessment("A-9", absl::UnixEpoch(), {}), absl::StatusCode::kNotFound);
}

}  // namespace concordat::store
