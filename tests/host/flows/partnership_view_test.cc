// The partnership at a glance: who sees whom, and that a spread names nobody; groups side by side.
#include "host/flows/partnership_view.h"

#include "host/flows/assessment_compare.h"
#include "host/flows/charter.h"
#include "tests/host/flows/assessment_fixture.h"

namespace concordat::flows {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> kOthers = {"county-council", "fire-and-rescue", "health-body", "bus-operator"};

class PartnershipViewTest : public AssessmentTest {
 protected:
  // Handed in by a steward of the partner.
  std::string HandIn(const std::string& partner, int lead, int valid, const std::string& cycle = "2026/27") {
    const Caller steward = CallerOf(partner, "steward", "s");
    const std::string id = Id(Start(steward, "tiny", cycle));
    EXPECT_OK(AnswerItem(host_, steward, {id, "lead", lead, "told in confidence", false, false}));
    for (const char* item : {"valid", "proof", "trained"}) EXPECT_OK(Answer(steward, id, item, valid));
    if (partner == "constabulary") {
      EXPECT_OK(Answer(steward, id, "patrols", valid));
      EXPECT_OK(AddEvidence(host_, steward, id, "proof", {"document", "x", "y", "", ""}));
    }
    EXPECT_OK(SubmitAssessment(host_, steward, id));
    return id;
  }
  json::Value View(const Caller& caller, const std::string& form = "tiny") {
    return store::Value(PartnershipView(host_, caller, form, ""));
  }
  // The charter in force, with everybody's signature.
  void AdoptCharter() {
    const std::shared_ptr<const LoadedPolicies> policies = policies_->Get();
    const policy::SharingProtocol* charter =
        policies->set->FindProtocol(ProtocolId("partnership-charter")).front();
    for (const policy::Party& party : charter->parties) {
      store::ProtocolSignature signature;
      signature.protocol = charter->id;
      signature.version = charter->version;
      signature.digest = charter->digest;
      signature.partner = party.partner;
      signature.signer = "spiffe://derwent.example/partner/" + party.partner.str() + "/delegate/d";
      signature.time = clock_.Now();
      EXPECT_OK(store_->AddSignature(signature));
    }
  }
};

TEST_F(PartnershipViewTest, PeersAreASpreadWithoutNames) {
  HandIn("constabulary", 2, 2);
  for (size_t i = 0; i < kOthers.size(); ++i) HandIn(kOthers[i], static_cast<int>(i) + 1, 3);
  const json::Value view = View(pat_);
  EXPECT_EQ(Text(view, "named"), "false");
  ASSERT_EQ(At(view, "rows").as_array().size(), 1u);
  EXPECT_EQ(Text(At(view, "rows").as_array()[0], "you"), "true");
  EXPECT_EQ(Text(At(view, "spread"), "partners"), "5");
  // People: floor of the means 2, 2, 2.5, 3, 3.5, held at the lowest plus one (2 where the leader is at 1).
  EXPECT_EQ(json::Canonical(At(At(At(view, "spread"), "themes"), "people")), R"({"2":3,"3":2})");
  EXPECT_EQ(json::Canonical(At(At(At(view, "spread"), "themes"), "systems")), R"({"2":1,"3":4})");
  EXPECT_EQ(At(view, "cycles").as_array().size(), 1u);
  EXPECT_EQ(At(At(view, "cycles").as_array()[0], "mean").at("people").to_number<double>(), 12.0 / 5);
  const std::string text = json::Compact(view);
  for (const std::string& other : kOthers) EXPECT_THAT(text, Not(HasSubstr(other)));
  EXPECT_THAT(text, Not(HasSubstr("Council")));
  EXPECT_THAT(text, Not(HasSubstr("told in confidence")));

  const json::Value whole = View(admin_);
  EXPECT_EQ(Text(whole, "named"), "true");
  EXPECT_EQ(At(whole, "rows").as_array().size(), 5u);
  EXPECT_EQ(json::Canonical(At(whole, "spread")), json::Canonical(At(view, "spread")));
}

TEST_F(PartnershipViewTest, ASpreadOfFewerThanThreeOthersIsNotShown) {
  HandIn("constabulary", 2, 2);
  HandIn("county-council", 4, 4);
  json::Value view = View(pat_);
  EXPECT_EQ(json::Canonical(At(At(view, "spread"), "themes")), "{}");
  EXPECT_EQ(At(view, "cycles").as_array().size(), 0u);
  EXPECT_EQ(Text(view, "gaps"), "null") << "less one's own they would be the other's";
  EXPECT_THAT(Text(view, "why"), HasSubstr("1 other partner has handed in"));
  HandIn("health-body", 4, 4);
  view = View(pat_);
  EXPECT_EQ(json::Canonical(At(At(view, "spread"), "level")), "{}");
  EXPECT_NE(Text(view, "gaps"), "null");
  HandIn("bus-operator", 4, 4);
  view = View(pat_);
  EXPECT_EQ(Text(view, "why"), "null");
  EXPECT_NE(json::Canonical(At(At(view, "spread"), "level")), "{}");
  EXPECT_NE(json::Canonical(At(At(View(admin_), "spread"), "level")), "{}");
}

TEST_F(PartnershipViewTest, OpenAnswersAreNobodysBusinessYet) {
  ASSERT_OK(OpenCycle(host_, admin_,
                      {"tiny", "2026/27", {"constabulary", "county-council"}, {}, "", "2026-09-30", ""}));
  const std::string id = Id(Start(sam_));
  ASSERT_OK(Answer(sam_, id, "lead", 4));
  const json::Value view = View(admin_);
  ASSERT_EQ(At(view, "rows").as_array().size(), 2u);
  const json::Value council = At(view, "rows").as_array()[1];
  EXPECT_EQ(Text(At(view, "rows").as_array()[0], "state"), "\"not_started\"");
  EXPECT_EQ(Text(council, "state"), "\"open\"");
  EXPECT_EQ(At(council, "completion").to_number<double>(), 0.25);
  EXPECT_EQ(Text(council, "level"), "null");
  EXPECT_EQ(Text(council, "themes"), "{}");
  EXPECT_EQ(Text(At(view, "spread"), "partners"), "0");
}

TEST_F(PartnershipViewTest, ACharterInForceMayNamePartners) {
  std::ifstream file(Policies() + "/protocols/partnership-charter.yaml");
  const std::string charter((std::istreambuf_iterator<char>(file)), {});
  Write("protocols/partnership-charter.yaml", charter + "openness: {assessments: named}\n");
  Load();
  HandIn("constabulary", 2, 2);
  HandIn("county-council", 4, 4);
  EXPECT_EQ(Text(View(pat_), "named"), "false") << "nobody has signed it";
  AdoptCharter();
  const json::Value view = View(pat_);
  EXPECT_EQ(Text(view, "named"), "true");
  EXPECT_EQ(At(view, "rows").as_array().size(), 2u);
  EXPECT_EQ(Text(View(CallerOf("stranger", "steward", "x")), "named"), "false") << "no party of the charter";
}

TEST_F(PartnershipViewTest, OnlyACharterSaysHowOpenPartnersAre) {
  for (const auto& [name, text] : {std::pair("asb-hotspots", "openness: {assessments: named}\n"),
                                   {"partnership-charter", "openness: {assessments: all}\n"}}) {
    std::ifstream file(fmt::format("{}/protocols/{}.yaml", CONCORDAT_SOURCE_DIR "/policies", name));
    const std::string document((std::istreambuf_iterator<char>(file)), {});
    auto source = std::make_shared<SourceText>();
    source->text = document + text;
    Issues issues;
    policy::ReadLonePolicy(source, issues);
    EXPECT_EQ(issues.error_count(), 1u) << name;
  }
}

TEST_F(PartnershipViewTest, ComparingShowsWhatChanged) {
  const std::string first = HandIn("constabulary", 2, 3, "2025/26");
  const Caller steward = CallerOf("constabulary", "steward", "s");
  const std::string second = Id(Start(steward));
  ASSERT_OK(Answer(steward, second, "lead", 4));
  const std::string council = HandIn("county-council", 1, 1);
  const auto compared = CompareAssessments(host_, pat_, {{}, "tiny", {}, {}});
  ASSERT_OK(compared);
  EXPECT_EQ(At(*compared, "columns").as_array().size(), 2u);
  const json::Array& items = At(*compared, "items").as_array();
  EXPECT_EQ(Text(items[0], "levels"), "[2,4]");
  EXPECT_EQ(Text(items[0], "changed"), "true");
  EXPECT_EQ(Text(items[1], "changed"), "false") << "carried over";
  EXPECT_EQ(Text(*compared, "agreement"), "null");
  EXPECT_CODE(CompareAssessments(host_, pat_, {{first, council}, "", {}, {}}),
              absl::StatusCode::kPermissionDenied);
  EXPECT_OK(CompareAssessments(host_, admin_, {{first, council}, "", {}, {}}));
  EXPECT_CODE(CompareAssessments(host_, pat_, {{}, "tiny", {"2026/27"}, {}}),
              absl::StatusCode::kInvalidArgument);
  const std::string chain = Id(Start(pat_, "chain"));
  EXPECT_THAT(Said(CompareAssessments(host_, pat_, {{first, chain}, "", {}, {}})),
              HasSubstr("of one template"));
}

TEST_F(PartnershipViewTest, NobodySeesRatingsByStartingOneByThemselves) {
  const auto rate = [&](const Caller& by, const std::string& cycle, const std::string& group) {
    const auto started = StartAssessment(host_, by, {"chain", cycle, group, false});
    EXPECT_OK(started);
    const std::string id = started.ok() ? Id(*started) : "";
    for (const char* item : {"outcome", "plan", "money"}) EXPECT_OK(Answer(by, id, item, 2));
    EXPECT_OK(SubmitAssessment(host_, by, id));
    return id;
  };
  const std::string theirs = rate(pat_, "2026/27", "board");
  const std::string own = rate(sam_, "2026/27", "");
  EXPECT_EQ(Text(View(sam_, "chain"), "agreement"), "null") << "nobody opened that cycle";
  EXPECT_CODE(CompareAssessments(host_, sam_, {{own, theirs}, "", {}, {}}),
              absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Text(*CompareAssessments(host_, sam_, {{own, own}, "", {}, {}}), "agreement"), "null");
  EXPECT_NE(Text(View(admin_, "chain"), "agreement"), "null");

  ASSERT_OK(OpenCycle(host_, admin_,
                      {"chain",
                       "2027/28",
                       {},
                       {{"board", "constabulary"}, {"line", "county-council"}, {"staff", "health-body"}},
                       "",
                       "2027-09-30",
                       ""}));
  rate(pat_, "2027/28", "");
  rate(CallerOf("health-body", "steward", "hal"), "2027/28", "");
  EXPECT_EQ(Text(View(sam_, "chain"), "agreement"), "null")
      << "who has yet to rate is not shown how others did";
  rate(sam_, "2027/28", "");
  EXPECT_EQ(Text(At(View(sam_, "chain"), "agreement"), "groups"), R"(["board","staff","line"])");
}

TEST_F(PartnershipViewTest, GroupsRateTheSameOutcomeAndSeeWhereTheyAgree) {
  ASSERT_OK(
      OpenCycle(host_, admin_,
                {"chain",
                 "2026/27",
                 {},
                 {{"board", "constabulary"}, {"front line", "county-council"}, {"partners", "constabulary"}},
                 "",
                 "2026-09-30",
                 "fewer falls at home"}));
  EXPECT_THAT(Said(StartAssessment(host_, pat_, {"chain", "", "", false})), HasSubstr("board, partners"));
  const auto rate = [&](const Caller& by, const std::string& group, std::vector<int> levels) {
    const auto started = StartAssessment(host_, by, {"chain", "", group, false});
    ASSERT_OK(started);
    EXPECT_EQ(Text(*started, "subject"), "\"fewer falls at home\"");
    const std::string id = Id(*started);
    ASSERT_OK(Answer(by, id, "outcome", levels[0]));
    ASSERT_OK(Answer(by, id, "plan", levels[1]));
    ASSERT_OK(Answer(by, id, "money", levels[2]));
    ASSERT_OK(SubmitAssessment(host_, by, id));
  };
  rate(pat_, "board", {2, 2, 0});
  rate(sam_, "", {2, 0, 0});
  const json::Value agreement = At(View(sam_, "chain"), "agreement");
  EXPECT_EQ(Text(agreement, "groups"), R"(["board","front line"])");
  const json::Array& stages = At(agreement, "stages").as_array();
  EXPECT_EQ(Text(stages[0], "exact"), "true");
  EXPECT_EQ(Text(stages[1], "contested"), "true");
  EXPECT_EQ(Text(stages[1], "distance"), "2");
  EXPECT_EQ(Text(stages[2], "agreedRed"), "true");
  EXPECT_EQ(At(agreement, "exactShare").to_number<double>(), 2.0 / 3);
  const Caller vic = CallerOf("voluntary-action", "steward", "vic");
  EXPECT_EQ(Text(View(vic, "chain"), "agreement"), "null") << "takes no part";
  const auto compared = CompareAssessments(host_, sam_, {{}, "chain", {}, {}});
  ASSERT_OK(compared) << "groups see each other";
  EXPECT_NE(Text(*compared, "agreement"), "null");
  EXPECT_CODE(CompareAssessments(host_, vic, {{}, "chain", {}, {}}), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace concordat::flows
