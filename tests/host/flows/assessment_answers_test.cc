// Answers, evidence and owners while an assessment is open; cycles and what they carry over.
#include "tests/host/flows/assessment_fixture.h"

namespace concordat::flows {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST_F(AssessmentTest, SeveralPeopleAnswerAndWhoDidWhatIsKept) {
  const std::string id = Id(Start(pat_));
  ASSERT_OK(Answer(pat_, id, "lead", 2, "in her job description"));
  ASSERT_OK(Answer(paula_, id, "lead", 3, "and known to all"));
  const json::Value document = Show(dana_, id);
  const json::Value lead = ItemOf(document, "lead");
  EXPECT_EQ(Text(lead, "claimed"), "3");
  EXPECT_EQ(Text(lead, "by"), "\"" + paula_.spiffe_id + "\"");
  EXPECT_EQ(Text(lead, "revisions"), "2");
  EXPECT_EQ(Text(document, "answered"), "1");
  EXPECT_EQ(Text(document, "items"), "5");
  const json::Value history = store::Value(AssessmentHistory(host_, pat_, id));
  ASSERT_EQ(history.as_array().size(), 2u);
  EXPECT_EQ(Text(history.as_array()[0], "comment"), "\"in her job description\"");
  EXPECT_EQ(Text(history.as_array()[0], "by"), "\"" + pat_.spiffe_id + "\"");

  ASSERT_OK(Answer(paula_, id, "lead", 3, "and known to all"));
  EXPECT_EQ(Text(ItemOf(Show(pat_, id), "lead"), "revisions"), "2") << "the same answer changes nothing";
  ASSERT_OK(AnswerItem(host_, pat_, {id, "lead", 0, "", false, true}));
  EXPECT_EQ(Text(ItemOf(Show(pat_, id), "lead"), "claimed"), "null");
  EXPECT_CODE(AnswerItem(host_, pat_, {id, "lead", 0, "", false, true}),
              absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(AnswerItem(host_, pat_, {id, "lead", 0, "", true, false}),
              absl::StatusCode::kFailedPrecondition);
}

TEST_F(AssessmentTest, OnlyStewardsOfThePartnerAnswerAndOthersReadNothing) {
  const std::string id = Id(Start(pat_));
  ASSERT_OK(Answer(pat_, id, "lead", 2, "our secret"));
  for (const Caller& other : {sam_, mo_}) {
    EXPECT_CODE(Answer(other, id, "lead", 4), absl::StatusCode::kPermissionDenied);
    const auto seen = ShowAssessment(host_, other, id);
    EXPECT_CODE(seen, absl::StatusCode::kPermissionDenied);
    EXPECT_THAT(Said(seen), Not(HasSubstr("constabulary")));
    EXPECT_CODE(AssessmentHistory(host_, other, id), absl::StatusCode::kPermissionDenied);
    EXPECT_EQ(Show(other, "").as_array().size(), 0u);
  }
  EXPECT_CODE(Answer(dana_, id, "lead", 4), absl::StatusCode::kPermissionDenied) << "a delegate";
  EXPECT_CODE(Answer(admin_, id, "lead", 4), absl::StatusCode::kPermissionDenied);
  EXPECT_OK(ShowAssessment(host_, admin_, id));
  EXPECT_EQ(Show(pat_, "").as_array().size(), 1u);
  EXPECT_CODE(ShowAssessment(host_, pat_, "A-unknown"), absl::StatusCode::kNotFound);
}

TEST_F(AssessmentTest, MistakesInAnswersAreNamed) {
  const std::string id = Id(Start(pat_));
  EXPECT_THAT(Said(Answer(pat_, id, "leed", 2)), HasSubstr("did you mean \"lead\"?"));
  EXPECT_THAT(Said(Answer(pat_, id, "lead", 5)), HasSubstr("1 (poor), 2 (fair)"));
  EXPECT_CODE(Answer(pat_, id, "lead", 2, "\x1b[2J"), absl::StatusCode::kInvalidArgument);
  const std::string council = Id(Start(sam_));
  EXPECT_THAT(Said(Answer(sam_, council, "patrols", 2)), HasSubstr("asked of police alone"));
}

TEST_F(AssessmentTest, EvidenceIsOfAnAcceptedKindAndNotExpired) {
  const std::string id = Id(Start(pat_));
  EXPECT_THAT(Said(AddEvidence(host_, pat_, id, "lead", {"link", "Page", "https://x", "", ""})),
              HasSubstr("it accepts document, attestation"));
  EXPECT_THAT(Said(AddEvidence(host_, pat_, id, "lead", {"document", "Letter", "shelf", "", "2026-05-19"})),
              HasSubstr("expired on 2026-05-19"));
  EXPECT_CODE(AddEvidence(host_, pat_, id, "lead", {"document", "Letter", "shelf", "sha256:1", ""}),
              absl::StatusCode::kInvalidArgument);
  EXPECT_CODE(AddEvidence(host_, pat_, id, "lead", {"document", "", "shelf", "", ""}),
              absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Said(AddEvidence(host_, pat_, id, "trained", {"rumour", "x", "y", "", ""})),
              HasSubstr("it accepts document, attestation, link"));
  EXPECT_THAT(Said(AddEvidence(host_, pat_, id, "trained", {"link", "Page", "ftp:x", "", ""})),
              HasSubstr("begins with https://"));
  ASSERT_OK(Answer(pat_, id, "lead", 3));
  ASSERT_OK(AddEvidence(host_, pat_, id, "lead", {"document", "Letter", "shelf", "", "2026-06-30"}));
  json::Value lead = ItemOf(Show(pat_, id), "lead");
  EXPECT_EQ(Text(lead, "assurance"), "\"supported\"");
  const json::Value attached = At(lead, "attached").as_array()[0];
  EXPECT_EQ(Text(attached, "expires"), "\"2026-06-30\"");
  EXPECT_EQ(Text(attached, "expired"), "false");

  clock_.Set(*ParseTime("2026-07-01"));
  const json::Value document = Show(pat_, id);
  lead = ItemOf(document, "lead");
  EXPECT_EQ(Text(lead, "assurance"), "\"stale\"");
  EXPECT_EQ(Text(At(document, "counts"), "unevidenced"), "1") << "a claim on expired evidence has none";
  EXPECT_EQ(Text(At(document, "counts"), "stale"), "1");

  const std::string evidence = json::TextOr(attached, "id", "");
  const json::Value given = store::Value(AssessmentHistory(host_, pat_, id)).as_array().back();
  EXPECT_EQ(Text(given, "kind"), "\"evidence\"");
  EXPECT_EQ(Text(given, "evidenceKind"), "\"document\"");
  EXPECT_CODE(WithdrawEvidence(host_, pat_, id, evidence, ""), absl::StatusCode::kInvalidArgument);
  ASSERT_OK(WithdrawEvidence(host_, pat_, id, evidence, "lost"));
  EXPECT_EQ(Text(At(ItemOf(Show(pat_, id), "lead"), "attached").as_array()[0], "withdrawn"), "true");
  EXPECT_CODE(WithdrawEvidence(host_, pat_, id, evidence, "again"), absl::StatusCode::kNotFound);
}

TEST_F(AssessmentTest, ItemsAndThemesHaveOwnersAndComments) {
  const std::string id = Id(Start(pat_));
  ASSERT_OK(AssignItems(host_, pat_, id, {"systems", "lead"}, "sam from IT"));
  ASSERT_OK(CommentItem(host_, paula_, id, "lead", "ask HR"));
  ASSERT_OK(CommentItem(host_, paula_, id, "", "nearly there"));
  const json::Value document = Show(pat_, id);
  EXPECT_EQ(Text(ItemOf(document, "valid"), "owner"), "\"sam from IT\"");
  EXPECT_EQ(Text(ItemOf(document, "lead"), "owner"), "\"sam from IT\"");
  EXPECT_EQ(Text(ItemOf(document, "trained"), "owner"), "null");
  EXPECT_EQ(Text(At(ItemOf(document, "lead"), "comments").as_array()[0], "text"), "\"ask HR\"");
  EXPECT_EQ(At(document, "comments").as_array().size(), 1u);
  ASSERT_OK(Answer(paula_, id, "valid", 2)) << "an owner is a hint";
  EXPECT_CODE(AssignItems(host_, pat_, id, {"systms"}, "sam"), absl::StatusCode::kInvalidArgument);
}

TEST_F(AssessmentTest, LastCyclesAnswersComeAlongToBeReviewed) {
  const std::string before = Id(Start(pat_, "tiny", "2025/26"));
  ASSERT_OK(Answer(pat_, before, "lead", 3, "as ever"));
  ASSERT_OK(AddEvidence(host_, pat_, before, "lead", {"document", "Letter", "shelf", "", "2027-06-30"}));
  ASSERT_OK(AssignItems(host_, pat_, before, {"valid"}, "sam"));
  Write("assessments/tiny.yaml", fmt::format(kTiny, 2, "      - {id: new_one, question: \"And this?\"}\n"));
  Load();
  const json::Object next = Start(paula_);
  const std::string id = Id(next);
  const json::Value lead = ItemOf(next, "lead");
  EXPECT_EQ(Text(lead, "claimed"), "3");
  EXPECT_EQ(Text(lead, "reviewNeeded"), "true");
  EXPECT_EQ(Text(At(lead, "carriedOver"), "cycle"), "\"2025/26\"");
  EXPECT_EQ(Text(At(lead, "carriedOver"), "by"), "\"" + pat_.spiffe_id + "\"");
  EXPECT_EQ(At(lead, "attached").as_array().size(), 1u);
  EXPECT_EQ(Text(ItemOf(next, "valid"), "owner"), "\"sam\"");
  EXPECT_THAT(Text(next, "mandatoryOpen"), HasSubstr("\"lead\""));
  ASSERT_OK(AnswerItem(host_, paula_, {id, "lead", 0, "", true, false}));
  const json::Value document = Show(pat_, id);
  EXPECT_EQ(Text(ItemOf(document, "lead"), "reviewNeeded"), "false");
  EXPECT_EQ(Text(ItemOf(document, "lead"), "comment"), "\"as ever\"");
  EXPECT_THAT(Text(document, "mandatoryOpen"), Not(HasSubstr("\"lead\"")));
  EXPECT_EQ(Text(document, "version"), "\"2\"");
  EXPECT_EQ(Text(Show(pat_, before), "version"), "\"1\"") << "an earlier one keeps its questions";
  EXPECT_EQ(Text(Show(pat_, before), "items"), "5");
  const auto fresh = StartAssessment(host_, pat_, {"tiny", "2027/28", "", true});
  ASSERT_OK(fresh);
  EXPECT_EQ(Text(*fresh, "answered"), "0");
}

TEST_F(AssessmentTest, ACycleIsOpenedByTheAdministratorForChosenPartners) {
  const CycleRequest request{"tiny", "2026/27", {"constabulary", "county-council"}, {}, "", "2026-09-30", ""};
  EXPECT_CODE(OpenCycle(host_, pat_, request), absl::StatusCode::kPermissionDenied);
  CycleRequest wrong = request;
  wrong.partners = {"constabulry", "moon"};
  EXPECT_THAT(Said(OpenCycle(host_, admin_, wrong)),
              testing::AllOf(HasSubstr("did you mean \"constabulary\"?"), HasSubstr("\"moon\"")));
  wrong = request;
  wrong.opens = "2026-10-01";
  EXPECT_THAT(Said(OpenCycle(host_, admin_, wrong)), HasSubstr("before it opens on 2026-10-01"));
  wrong.opens.clear();
  wrong.due = "2026-05-19";
  EXPECT_THAT(Said(OpenCycle(host_, admin_, wrong)), HasSubstr("has passed"));
  wrong = request;
  wrong.groups = {{"front line", "constabulary"}};
  EXPECT_THAT(Said(OpenCycle(host_, admin_, wrong)), HasSubstr("knows no groups"));
  ASSERT_OK(OpenCycle(host_, admin_, request));
  EXPECT_CODE(OpenCycle(host_, admin_, request), absl::StatusCode::kAlreadyExists);

  const Caller vic = CallerOf("voluntary-action", "steward", "vic");
  EXPECT_THAT(Said(StartAssessment(host_, vic, {"tiny", "2026/27", "", false})),
              HasSubstr("opened for other partners"));
  const auto started = StartAssessment(host_, pat_, {"tiny", "", "", false});
  ASSERT_OK(started);
  EXPECT_EQ(Text(*started, "cycle"), "\"2026/27\"");
  EXPECT_EQ(Text(*started, "due"), "\"2026-09-30\"");
  EXPECT_EQ(Text(*started, "daysLeft"), "133");
  EXPECT_THAT(Said(StartAssessment(host_, paula_, {"tiny", "2026/27", "", false})),
              HasSubstr("concordat assess show"));
  const json::Value cycles = store::Value(ListCycles(host_, pat_, "tiny"));
  EXPECT_EQ(At(cycles.as_array()[0], "partners").as_array().size(), 1u);
  EXPECT_EQ(Text(cycles.as_array()[0], "others"), "1");
  EXPECT_EQ(At(store::Value(ListCycles(host_, admin_, "")).as_array()[0], "partners").as_array().size(), 2u);

  clock_.Set(*ParseTime("2026-10-02"));
  const auto late = Answer(pat_, Id(*started), "lead", 2);
  ASSERT_OK(late) << "late, but allowed";
  EXPECT_EQ(Text(*late, "late"), "true");
  EXPECT_EQ(Text(*late, "daysLeft"), "-2");
}

TEST_F(AssessmentTest, ACycleForAllAsksWhomTheTemplateAsksAndBeginsOnItsDay) {
  Write(
      "assessments/tiny.yaml",
      "apiVersion: concordat/v1\nkind: AssessmentTemplate\nid: tiny\nversion: \"1\"\ntitle: Of few\n"
      "scale: [{level: 1, name: bad}, {level: 2, name: good}]\nthemes:\n  - id: a\n    title: A\n    items:\n"
      "      - {id: only, question: \"Why?\", applies_to: [police, fire]}\n");
  Load();
  const auto cycle = OpenCycle(host_, admin_, {"tiny", "", {}, {}, "2026-06-01", "2026-09-30", ""});
  ASSERT_OK(cycle);
  std::vector<std::string> partners;
  for (const json::Value& line : At(*cycle, "partners").as_array())
    partners.push_back(json::TextOr(line, "partner", ""));
  EXPECT_THAT(partners, testing::UnorderedElementsAre("constabulary", "fire-and-rescue"));
  EXPECT_THAT(Said(StartAssessment(host_, pat_, {"tiny", "2026/27", "", false})),
              HasSubstr("opens on 2026-06-01"));
}

}  // namespace
}  // namespace concordat::flows
