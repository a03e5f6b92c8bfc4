// From hand to hand: submission, sign-off, return, moderation, publication.
#include "host/flows/partnership_view.h"
#include "host/flows/standing_assessments.h"
#include "tests/host/flows/assessment_fixture.h"

namespace concordat::flows {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST_F(AssessmentTest, WhatIsMissingIsListedWithHowToMendIt) {
  const std::string id = Id(Start(pat_));
  const auto refused = SubmitAssessment(host_, pat_, id);
  EXPECT_CODE(refused, absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Said(refused), AllOf(HasSubstr("2 mandatory items are open"),
                                   HasSubstr("lead (Who leads?): concordat assess answer " + id),
                                   HasSubstr("valid (Are values valid?)"),
                                   HasSubstr("proof (Can you prove it?) needs evidence (document)"),
                                   Not(HasSubstr("trained"))));
  ASSERT_OK(Answer(pat_, id, "lead", 2));
  ASSERT_OK(Answer(pat_, id, "valid", 2));
  EXPECT_THAT(Said(SubmitAssessment(host_, pat_, id)),
              AllOf(HasSubstr("proof"), Not(HasSubstr("mandatory"))));
  EXPECT_EQ(log_->size(), 0u) << "a refused submission leaves no receipt";
  ASSERT_OK(AddEvidence(host_, pat_, id, "proof", {"document", "Audit", "shelf", "", ""}));
  ASSERT_OK(SubmitAssessment(host_, pat_, id));
  EXPECT_EQ(log_->size(), 1u);
}

TEST_F(AssessmentTest, EvidenceFillsItselfAndIsFrozenAtSubmission) {
  Deliver(71);
  const std::string id = Answered(2, 4);
  json::Value valid = ItemOf(Show(pat_, id), "valid");
  EXPECT_EQ(Text(valid, "assurance"), "\"overstated\"");
  EXPECT_EQ(Text(valid, "gap"), "2");
  EXPECT_EQ(Text(At(valid, "evidence"), "level"), "2");
  Deliver(99);
  EXPECT_EQ(Text(At(ItemOf(Show(pat_, id), "valid"), "evidence"), "value"), "85") << "the mean of both";
  const auto submitted = SubmitAssessment(host_, pat_, id);
  ASSERT_OK(submitted);
  Deliver(0);
  clock_.Set(clock_.Now() + absl::Hours(24 * 400));
  Write("assessments/tiny.yaml", fmt::format(kTiny, 2, ""));
  Load();
  EXPECT_EQ(json::Canonical(Show(pat_, id)), json::Canonical(*submitted)) << "nothing that came later counts";
  ASSERT_OK(SignOffAssessment(host_, dana_, id, "read it"));
  ASSERT_OK(ModerateItem(host_, mo_, id, "lead", 1, "nobody knew the name"));
  const json::Value document = Show(pat_, id);
  valid = ItemOf(document, "valid");
  EXPECT_EQ(At(valid, "evidence").at("value").to_number<double>(), 85);
  EXPECT_EQ(Text(document, "version"), "\"1\"");
  EXPECT_EQ(Text(At(document, "themes").as_array()[0], "level"), "null") << "trained is unanswered";
}

TEST_F(AssessmentTest, NothingChangesOnceItIsHandedIn) {
  const std::string id = Answered();
  ASSERT_OK(SubmitAssessment(host_, pat_, id));
  EXPECT_THAT(Said(Answer(pat_, id, "lead", 1)), HasSubstr("concordat assess return " + id));
  EXPECT_CODE(Answer(pat_, id, "lead", 1), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(AddEvidence(host_, pat_, id, "lead", {"document", "a", "b", "", ""}),
              absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(CommentItem(host_, pat_, id, "lead", "hm"), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(AssignItems(host_, pat_, id, {"lead"}, "x"), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(SubmitAssessment(host_, pat_, id), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(ModerateItem(host_, mo_, id, "lead", 1, "x"), absl::StatusCode::kFailedPrecondition)
      << "not signed off";
  EXPECT_CODE(PublishAssessment(host_, admin_, id), absl::StatusCode::kFailedPrecondition);
}

TEST_F(AssessmentTest, ASecondPersonSignsOffAndNobodyTheirOwn) {
  const std::string id = Answered();
  EXPECT_CODE(SignOffAssessment(host_, dana_, id, ""), absl::StatusCode::kFailedPrecondition);
  ASSERT_OK(SubmitAssessment(host_, pat_, id));
  EXPECT_CODE(SignOffAssessment(host_, pat_, id, ""), absl::StatusCode::kPermissionDenied);
  const Caller pat_as_delegate = CallerOf("constabulary", "delegate", "pat");
  EXPECT_CODE(SignOffAssessment(host_, pat_as_delegate, id, ""), absl::StatusCode::kPermissionDenied)
      << "the same person with another certificate";
  EXPECT_CODE(SignOffAssessment(host_, sam_, id, ""), absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(SignOffAssessment(host_, admin_, id, ""), absl::StatusCode::kPermissionDenied);
  const auto signed_off = SignOffAssessment(host_, paula_, id, "agreed in the meeting");
  ASSERT_OK(signed_off);
  EXPECT_EQ(Text(*signed_off, "state"), "\"signed_off\"");
  EXPECT_EQ(Text(At(*signed_off, "signedOff"), "comment"), "\"agreed in the meeting\"");
  EXPECT_EQ(log_->size(), 2u);
  const std::string receipt = json::TextOr(*signed_off, "receipt", "");
  const store::StoredReceipt stored = store::Value(store_->GetReceipt(ReceiptId(receipt)));
  EXPECT_EQ(json::TextOr(stored.receipt, "decision", ""), "signed_off");
}

TEST_F(AssessmentTest, AReturnBringsItBackAndKeepsWhatWasHandedIn) {
  const std::string id = SignedOff();
  EXPECT_CODE(ReturnAssessment(host_, sam_, id, "why not"), absl::StatusCode::kPermissionDenied)
      << "no moderator";
  EXPECT_CODE(ReturnAssessment(host_, own_moderator_, id, "x"), absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(ReturnAssessment(host_, pat_, id, "oops"), absl::StatusCode::kPermissionDenied)
      << "who submitted it";
  EXPECT_CODE(ReturnAssessment(host_, mo_, id, ""), absl::StatusCode::kInvalidArgument);
  const auto returned = ReturnAssessment(host_, mo_, id, "the figures of March are missing");
  ASSERT_OK(returned);
  EXPECT_EQ(Text(*returned, "state"), "\"open\"");
  EXPECT_EQ(Text(*returned, "signedOff"), "null");
  const std::vector<store::AssessmentEvent> events = store::Value(store_->AssessmentEvents(id));
  EXPECT_EQ(Text(At(events.back().body, "frozen"), "state"), "\"signed_off\"");
  ASSERT_OK(Answer(paula_, id, "lead", 1));
  ASSERT_OK(SubmitAssessment(host_, paula_, id));
  ASSERT_OK(SignOffAssessment(host_, pat_, id, "")) << "now somebody else submitted it";
}

TEST_F(AssessmentTest, AModeratorOfAnotherPartnerChangesLevelsWithReasons) {
  const std::string id = SignedOff(3, 4);
  EXPECT_OK(ShowAssessment(host_, mo_, id)) << "a moderator reads what was handed in";
  EXPECT_CODE(ModerateItem(host_, own_moderator_, id, "lead", 2, "x"), absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(ModerateItem(host_, sam_, id, "lead", 2, "x"), absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(ModerateItem(host_, mo_, id, "lead", 2, ""), absl::StatusCode::kInvalidArgument);
  EXPECT_CODE(ModerateItem(host_, mo_, id, "lead", 3, "same"), absl::StatusCode::kInvalidArgument);
  EXPECT_CODE(ModerateItem(host_, mo_, id, "lead", 7, "x"), absl::StatusCode::kInvalidArgument);
  EXPECT_CODE(ModerateItem(host_, mo_, id, "trained", 2, "x"), absl::StatusCode::kFailedPrecondition)
      << "no claim";
  const auto changed = ModerateItem(host_, mo_, id, "lead", 2, "only half the staff knew");
  ASSERT_OK(changed);
  const json::Value lead = ItemOf(*changed, "lead");
  EXPECT_EQ(Text(lead, "claimed"), "3");
  EXPECT_EQ(Text(lead, "standing"), "2");
  EXPECT_EQ(Text(At(lead, "moderated"), "reason"), "\"only half the staff knew\"");
  const uint64_t before = store_->Revision();
  EXPECT_CODE(FinishModeration(host_, own_moderator_, id, "fine"), absl::StatusCode::kPermissionDenied);
  const auto moderated = FinishModeration(host_, mo_, id, "two of five were too high");
  ASSERT_OK(moderated);
  EXPECT_GT(store_->Revision(), before);
  EXPECT_EQ(Text(*moderated, "state"), "\"moderated\"");
  EXPECT_EQ(Text(At(*moderated, "moderation"), "summary"), "\"two of five were too high\"");
  EXPECT_CODE(ModerateItem(host_, mo_, id, "lead", 1, "more"), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(PublishAssessment(host_, pat_, id), absl::StatusCode::kPermissionDenied);
  const auto published = PublishAssessment(host_, admin_, id);
  ASSERT_OK(published);
  EXPECT_EQ(Text(*published, "state"), "\"published\"");
  EXPECT_EQ(log_->size(), 4u) << "submit, sign off, moderate, publish";
  EXPECT_CODE(ReturnAssessment(host_, admin_, id, "x"), absl::StatusCode::kFailedPrecondition);

  const json::Value next = Start(pat_, "tiny", "2027/28");
  EXPECT_EQ(Text(ItemOf(next, "lead"), "claimed"), "2") << "the moderated level comes along";
}

TEST_F(AssessmentTest, AModeratedLevelIsNotShedByBeginningAnotherOfOnesOwn) {
  const auto standing = [&] {
    const auto all = store::Value(StandingAssessments(host_, pat_.partner, clock_.Now()));
    return all.empty() ? std::string() : all.front().id;
  };
  const std::string first = SignedOff(3, 4, "2026/27");
  EXPECT_EQ(standing(), first);
  ASSERT_OK(ModerateItem(host_, mo_, first, "lead", 1, "nobody knew"));
  ASSERT_OK(FinishModeration(host_, mo_, first, ""));
  const std::string own = SignedOff(4, 4, "2026-11");
  EXPECT_EQ(standing(), first) << "nobody opened that cycle, and nobody judged it";
  ASSERT_OK(FinishModeration(host_, mo_, own, "as claimed"));
  EXPECT_EQ(standing(), own);
  ASSERT_OK(OpenCycle(host_, admin_, {"tiny", "2027/28", {"constabulary"}, {}, "", "2027-09-30", ""}));
  const std::string asked = SignedOff(2, 2, "2027/28");
  EXPECT_EQ(standing(), asked) << "the administrator opened it";
}

TEST_F(AssessmentTest, AllOfACycleAnswerTheQuestionsItWasOpenedWith) {
  ASSERT_OK(OpenCycle(host_, admin_,
                      {"tiny", "2026/27", {"constabulary", "county-council"}, {}, "", "2026-09-30", ""}));
  Write("assessments/tiny.yaml",
        fmt::format(kTiny, 2, "      - {id: late, question: \"Is anything new?\"}\n"));
  Load();
  const json::Object begun = Start(sam_, "tiny", "2026/27");
  EXPECT_EQ(Text(begun, "version"), "\"1\"");
  EXPECT_EQ(Text(Start(sam_, "tiny", "2027/28"), "version"), "\"2\"");
  const json::Value view = store::Value(PartnershipView(host_, admin_, "tiny", "2026/27"));
  EXPECT_EQ(Text(view, "version"), "\"1\"");
}

TEST_F(AssessmentTest, WhoIsNoPartnerAnyMoreBeginsNothing) {
  const Caller gone = CallerOf("once-a-partner", "steward", "gil");
  EXPECT_CODE(StartAssessment(host_, gone, {"tiny", "2026/27", "", false}),
              absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace concordat::flows
