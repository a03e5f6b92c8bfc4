// A file of answers: every mistake with its place, all of it or nothing.
#include "host/flows/assessment_import.h"

#include "tests/host/flows/assessment_fixture.h"

namespace concordat::flows {
namespace {

class ImportTest : public AssessmentTest {
 protected:
  void SetUp() override {
    AssessmentTest::SetUp();
    id_ = Id(Start(pat_));
  }
  json::Value Import(const std::string& text, const std::string& format, bool dry_run = false) {
    return store::Value(ImportAnswers(host_, pat_, {id_, "mine." + format, text, format, dry_run}));
  }
  /// "3:10 unknown-item" for each mistake.
  static std::vector<std::string> Places(const json::Value& result) {
    std::vector<std::string> places;
    for (const json::Value& issue : At(result, "issues").as_array()) {
      EXPECT_EQ(json::TextOr(issue, "file", "").substr(0, 5), "mine.");
      places.push_back(fmt::format("{}:{} {}", Text(issue, "line"), Text(issue, "column"),
                                   json::TextOr(issue, "code", "")));
    }
    return places;
  }
  size_t Events() { return store::Value(store_->AssessmentEvents(id_)).size(); }

  std::string id_;
};

TEST_F(ImportTest, AYamlFileIsReadWhole) {
  const std::string text = fmt::format(
      "assessment: {}\ntemplate: tiny\nitems:\n"
      "  - {{id: lead, level: good, comment: known to all, owner: sam,\n"
      "     evidence: [{{kind: document, title: Letter, reference: shelf 4, expires: 2027-01-31}}]}}\n"
      "  - {{id: valid, level: 2}}\n"
      "  - {{id: trained, level: , comment: }}\n",
      id_);
  json::Value result = Import(text, "yaml", true);
  EXPECT_EQ(Text(result, "imported"), "false");
  EXPECT_EQ(Text(result, "changed"), R"(["lead","valid"])");
  EXPECT_EQ(Text(result, "issues"), "[]");
  EXPECT_EQ(Events(), 0u) << "a dry run";
  result = Import(text, "yaml");
  EXPECT_EQ(Text(result, "imported"), "true");
  const json::Value document = Show(pat_, id_);
  EXPECT_EQ(Text(ItemOf(document, "lead"), "claimed"), "3");
  EXPECT_EQ(Text(ItemOf(document, "lead"), "owner"), "\"sam\"");
  EXPECT_EQ(At(ItemOf(document, "lead"), "attached").as_array().size(), 1u);
  const size_t events = Events();
  EXPECT_EQ(Text(Import(text, "yaml"), "changed"), "[]");
  EXPECT_EQ(Events(), events) << "what stands changes nothing";
}

TEST_F(ImportTest, EveryMistakeOfAYamlFileIsNamedAndNothingIsImported) {
  const json::Value result = Import(
      "assessment: A-other\n"
      "items:\n"
      "  - {id: leed, level: 2}\n"
      "  - {id: lead, level: splendid}\n"
      "  - {id: valid, comment: no level}\n"
      "  - {id: proof, evidence: [{kind: link, title: x, reference: y}]}\n"
      "  - {id: trained, level: 2, colour: red}\n",
      "yaml");
  EXPECT_EQ(Text(result, "imported"), "false");
  EXPECT_THAT(Places(result),
              testing::ElementsAre("1:13 other-assessment", "3:10 unknown-item", "4:23 unknown-level",
                                   "5:26 missing-level", "6:28 bad-evidence", "7:29 unknown-key"));
  EXPECT_EQ(Events(), 0u);
}

TEST_F(ImportTest, ACsvFileIsReadByItsHeader) {
  const std::string text =
      "\xEF\xBB\xBFquestion,item,level,owner,comment,evidence_kind,evidence_title,evidence_reference\r\n"
      "\"Who, then?\",lead,fair,sam,\"two\nlines\",document,Letter,shelf 4\r\n"
      ",lead,,,,attestation,Word,\"said \"\"yes\"\"\"\r\n"
      "\r\n"
      ",trained,,,,,,\r\n";
  EXPECT_EQ(Text(Import(text, "csv"), "changed"), R"(["lead"])");
  const json::Value lead = ItemOf(Show(pat_, id_), "lead");
  EXPECT_EQ(Text(lead, "claimed"), "2");
  EXPECT_EQ(Text(lead, "comment"), R"("two\nlines")");
  EXPECT_EQ(At(lead, "attached").as_array().size(), 2u);
  EXPECT_EQ(Text(At(lead, "attached").as_array()[1], "reference"), R"("said \"yes\"")");
}

TEST_F(ImportTest, ASpreadsheetsCsvIsReadAsItWritesIt) {
  json::Value result = Import("Item;Level ;Comment\r\nlead ; 2;known, to all\r\n;;\r\n", "csv");
  EXPECT_EQ(Text(result, "issues"), "[]");
  EXPECT_EQ(Text(result, "changed"), R"(["lead"])");
  EXPECT_EQ(Text(ItemOf(Show(pat_, id_), "lead"), "comment"), "\"known, to all\"");
  result = Import("item\tlevel\nlead\t3\n", "csv");
  EXPECT_EQ(Text(result, "changed"), R"(["lead"])");
  result = Import("item,comment\nlead,\" \"\n", "csv");
  EXPECT_EQ(Text(result, "changed"), "[]") << "blanks are an empty cell";
}

TEST_F(ImportTest, AHeaderThatWouldLoseAnswersIsAMistake) {
  EXPECT_THAT(Places(Import("item,levle\nlead,2\n", "csv")), testing::ElementsAre("1:1 missing-key"));
  EXPECT_THAT(Places(Import("item,level,Level\nlead,2,3\n", "csv")), testing::ElementsAre("1:12 twice"));
  EXPECT_EQ(Events(), 0u);
}

TEST_F(ImportTest, EveryMistakeOfACsvFileIsNamedByLineAndColumn) {
  EXPECT_THAT(Places(Import("item,level,comment\n"
                            "leed,2,\n"
                            "lead,\"1\n\",\n"
                            "valid,2\n"
                            "trained,é,\n"
                            "trained,2,x\n"
                            "trained,3,x\n"
                            ",3,x\n",
                            "csv")),
              testing::ElementsAre("2:1 unknown-item", "3:6 unknown-level", "5:1 bad-csv",
                                   "6:9 unknown-level", "7:9 twice", "8:9 twice", "9:1 missing-key"));
  EXPECT_THAT(Places(Import("level\n2\n", "csv")), testing::ElementsAre("1:1 missing-key"));
  EXPECT_THAT(Places(Import("item,level\nlead,\"2\n", "csv")), testing::ElementsAre("2:1 bad-csv"));
  EXPECT_THAT(Places(Import("", "csv")), testing::ElementsAre("0:0 bad-csv"));
  EXPECT_EQ(Events(), 0u);
}

TEST_F(ImportTest, OnlyWhoMayAnswerImportsAndOnlyWhileItIsOpen) {
  EXPECT_CODE(ImportAnswers(host_, sam_, {id_, "x", "items: []", "yaml", false}),
              absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(ImportAnswers(host_, pat_, {id_, "x", "items: []", "xml", false}),
              absl::StatusCode::kInvalidArgument);
  ASSERT_OK(store_->AddAssessmentEvents(id_, {}, {"open", "submitted", {}, {}}));
  EXPECT_CODE(ImportAnswers(host_, pat_, {id_, "x", "items: []", "yaml", false}),
              absl::StatusCode::kFailedPrecondition);
}

TEST_F(ImportTest, AFileThatIsWrongInEveryLineGetsAnAnswerOfBoundedSize) {
  std::string text = "item,level\n";
  for (int i = 0; i < 700; ++i) text += fmt::format("nothing{},2\n", i);
  const json::Value answer = Import(text, "csv");
  EXPECT_EQ(At(answer, "issues").as_array().size(), 500u);
  EXPECT_EQ(At(answer, "moreIssues"), 200);
  EXPECT_EQ(At(answer, "imported"), false);
}

}  // namespace
}  // namespace concordat::flows
