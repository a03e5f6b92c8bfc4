// What people and programs get to see: the JSON of a check, the CSV of findings, hidden values.
#include <sstream>

#include "gmock/gmock.h"
#include "host/base/json.h"
#include "host/quality/check_json.h"
#include "host/quality/findings_csv.h"
#include "host/quality/mask.h"
#include "tests/host/quality/batch_builder.h"

namespace concordat::quality {
namespace {

using record::Finding;
using testing::HasSubstr;
using testing::Not;

std::shared_ptr<const data::Schema> SchemaWithSecret() {
  auto schema = std::make_shared<data::Schema>();
  schema->fields = {TestField("nhs_number"), TestField("town")};
  schema->fields[0].classification = data::Classification::kConfidential;
  schema->fields[1].classification = data::Classification::kPublic;
  return schema;
}

Outcome JudgeSecrets(const std::shared_ptr<const data::Schema>& schema, FindingSink* sink) {
  const auto rules = MustCompile({Spec("regex", "{field: nhs_number, pattern: \"[0-9]{10}\"}"),
                                  Spec("in_list", "{field: town, values: [Derby]}"),
                                  Spec("compare", "{left: nhs_number, op: \"!=\", right: town}")},
                                 schema);
  Judge judge(rules, policy::Gate(), {}, {}, sink);
  judge.Add(MakeBatch(schema, {"nhs_number", "town"},
                      {{"94347,65", "Darby"}, {"Derby", "Derby"}, {"9434765870", "Derby"}}),
            {});
  judge.AddUnreadable({{4, 5, "too few cells", "9434765871"}});
  return judge.Finish(1);
}

CheckFacts Facts() {
  CheckFacts facts;
  facts.feed = "constabulary-street-crime";
  facts.partner = "constabulary";
  facts.dataset = "street_crime";
  facts.period = TestPeriod();
  facts.as_of = absl::FromUnixSeconds(1'700'000'000);
  facts.contract_id = "c-1";
  facts.contract_version = "1.0.0";
  facts.contract_digest = "sha256:aa";
  facts.policy_digest = "sha256:bb";
  facts.adapter_name = "delimited";
  facts.adapter_version = "1.0.0";
  facts.adapter_digest = "sha256:cc";
  facts.source_name = "crime.csv";
  facts.source_bytes = 1000;
  facts.source.encoding = "utf-8";
  facts.source.delimiter = ",";
  facts.source.header_line = 1;
  facts.seconds = 0.5;
  return facts;
}

TEST(CheckJson, HasTheMembersOfTheInterfacesInTheirOrder) {
  const auto schema = SchemaWithSecret();
  const Outcome outcome = JudgeSecrets(schema, nullptr);
  const json::Object document = CheckJson(Facts(), outcome.scorecard, outcome.decision, schema.get(), true);
  std::string members;
  for (const auto& member : document) members += std::string(member.key()) + " ";
  EXPECT_EQ(members,
            "decision reasons feed partner dataset period asOf contract policyDigest adapter source records "
            "score grade "
            "evaluatedShare dimensions rules timing ");
  const std::string text = json::Compact(document);
  EXPECT_THAT(text,
              HasSubstr("\"period\":{\"id\":\"2024-05\",\"from\":\"2024-05-01\",\"to\":\"2024-05-31\"}"));
  EXPECT_THAT(text, HasSubstr("\"source\":{\"name\":\"crime.csv\",\"bytes\":1000,\"encoding\":\"utf-8\","
                              "\"delimiter\":\",\",\"headerLine\":1}"));
  EXPECT_THAT(
      text,
      HasSubstr("\"records\":{\"total\":4,\"accepted\":0,\"quarantined\":3,\"unreadable\":1,\"blank\":1}"));
  EXPECT_THAT(text, HasSubstr("\"asOf\":\"2023-11-14T22:13:20Z\""));
  EXPECT_THAT(text, HasSubstr("\"columns\":[\"nhs_number\"],\"pass\":1,\"fail\":2,\"skip\":0,\"unresolved\":"
                              "0,\"error\":0,\"threshold\":\"mustBe 0\""));
  EXPECT_THAT(text,
              HasSubstr("{\"record\":1,\"line\":2,\"values\":{\"nhs_number\":\"94347,65\"},\"message\":"));
  EXPECT_THAT(text, HasSubstr("\"timing\":{\"seconds\":0.5,\"recordsPerSecond\":8,\"bytesPerSecond\":2000}"));
  EXPECT_THAT(text, Not(HasSubstr("sha256\":")));
}

TEST(CheckJson, FloorsScoresAndSaysNullForWhatWasNotMeasured) {
  record::Scorecard card;
  EXPECT_THAT(json::Compact(CheckJson({}, card, {}, nullptr, false)),
              HasSubstr("\"score\":null,\"grade\":null"));
  EXPECT_EQ(json::Compact(ScoreJson(94.79)), "94.7");
  EXPECT_EQ(json::Compact(ScoreJson(100)), "100");
}

TEST(CheckJson, PrintsTheDigestOfTheSourceWhenItWasTaken) {
  CheckFacts facts = Facts();
  facts.source_digest = "sha256:dd";
  facts.period.reset();
  const std::string text = json::Compact(CheckJson(facts, {}, {}, nullptr, false));
  EXPECT_THAT(text, HasSubstr("\"sha256\":\"sha256:dd\""));
  EXPECT_THAT(text, HasSubstr("\"period\":null"));
}

TEST(CheckJson, HidesConfidentialValuesUnlessAsked) {
  const auto schema = SchemaWithSecret();
  const Outcome outcome = JudgeSecrets(schema, nullptr);
  const std::string hidden =
      json::Compact(CheckJson(Facts(), outcome.scorecard, outcome.decision, schema.get(), false));
  EXPECT_THAT(hidden, Not(HasSubstr("94347")));
  EXPECT_THAT(hidden, HasSubstr("nhs_number (hidden) does not have the form"));
  EXPECT_THAT(hidden, HasSubstr("town \\\"Darby\\\" is none of")) << "public values stay";
  const std::string shown =
      json::Compact(CheckJson(Facts(), outcome.scorecard, outcome.decision, schema.get(), true));
  EXPECT_THAT(shown, HasSubstr("94347,65"));
  EXPECT_THAT(shown, HasSubstr("9434765871"));
}

TEST(Masked, HidesLongAndOddValuesInMessagesToo) {
  const auto schema = SchemaWithSecret();
  for (const std::string& secret : {std::string(200, 's'), std::string("s\ts\n"), std::string("\"s\"")}) {
    const record::Finding finding = [&] {
      const auto rules =
          MustCompile({Spec("in_list", "{field: nhs_number, values: [\"sss\", \"zz\"]}")}, schema);
      Judge judge(rules, policy::Gate(), {}, {}, nullptr);
      judge.Add(MakeBatch(schema, {"nhs_number"}, {{secret}}), {});
      return judge.Finish(0).scorecard.rules[0].samples.at(0);
    }();
    const Finding masked = Masked(finding, *schema);
    EXPECT_EQ(masked.message, "nhs_number (hidden) is none of the 2 values of the list");
    EXPECT_EQ(masked.values[0].second, "(hidden)");
  }
}

TEST(Masked, GivesNoHintThatTellsTheValue) {
  const auto schema = SchemaWithSecret();
  const auto rules = MustCompile({Spec("in_list", "{field: nhs_number, values: [Burglary, Drugs]}")}, schema);
  Judge judge(rules, policy::Gate(), {}, {}, nullptr);
  judge.Add(MakeBatch(schema, {"nhs_number"}, {{"burglary"}}), {});
  EXPECT_EQ(Masked(judge.Finish(0).scorecard.rules[0].samples.at(0), *schema).mend, "");
}

TEST(Masked, TrustsNoTextOfAnAdapterNearConfidentialColumns) {
  Finding finding;
  finding.rule = "coding";
  finding.from_adapter = true;
  finding.values = {{"NHS", "9434765870"}, {"town", "Derby"}};
  finding.message = "9434765870 is odd";
  finding.mend = "ask 9434765870";
  const Finding masked = Masked(finding, *SchemaWithSecret());
  EXPECT_EQ(masked.values[0].second, "(hidden)");
  EXPECT_EQ(masked.values[1].second, "Derby");
  EXPECT_EQ(masked.message, "the record breaks the adapter's rule coding");
  EXPECT_EQ(masked.mend, "");
  const auto open = std::make_shared<data::Schema>(data::Schema{"", {TestField("town")}});
  EXPECT_EQ(Masked(finding, *open).message, finding.message)
      << "without a confidential column nothing is hidden";
}

TEST(CsvCell, QuotesAndNeutralises) {
  const std::vector<std::pair<std::string, std::string>> cases = {{"plain", "plain"},
                                                                  {"", ""},
                                                                  {"a,b", "\"a,b\""},
                                                                  {"say \"x\"", "\"say \"\"x\"\"\""},
                                                                  {"two\nlines", "\"two\nlines\""},
                                                                  {"=1+1", "'=1+1"},
                                                                  {"+44", "'+44"},
                                                                  {"-5", "'-5"},
                                                                  {"@SUM", "'@SUM"},
                                                                  {"\tx", "'\tx"},
                                                                  {"\rx", "\"'\rx\""},
                                                                  {"a=b", "a=b"},
                                                                  {"=\"x\",1", "\"'=\"\"x\"\",1\""}};
  for (const auto& [text, cell] : cases) EXPECT_EQ(SafeCsvCell(text), cell);
}

TEST(FindingsCsv, WritesEveryFindingOnALine) {
  const auto schema = SchemaWithSecret();
  std::ostringstream out;
  FindingsCsv csv(out, *schema, true);
  JudgeSecrets(schema, &csv);
  EXPECT_EQ(out.str(),
            "record,line,rule,dimension,severity,column,value,message,mend\r\n"
            "1,2,regex_rule,conformity,error,nhs_number,\"94347,65\",\"nhs_number \"\"94347,65\"\" does not "
            "have the form [0-9]{10}\",write nhs_number in the form [0-9]{10}\r\n"
            "1,2,in_list_rule,conformity,error,town,Darby,\"town \"\"Darby\"\" is none of the 1 values of "
            "the list\",\"did you mean \"\"Derby\"\"?\"\r\n"
            "2,3,regex_rule,conformity,error,nhs_number,Derby,\"nhs_number \"\"Derby\"\" does not have the "
            "form [0-9]{10}\",write nhs_number in the form [0-9]{10}\r\n"
            "2,3,compare_rule,conformity,error,nhs_number; town,Derby; Derby,\"nhs_number \"\"Derby\"\" is "
            "not different from town \"\"Derby\"\"\",nhs_number must be different from town; correct "
            "whichever is wrong\r\n"
            "4,5,record_readable,conformity,critical,_raw,9434765871,too few cells,correct the line so that "
            "it has the header's columns\r\n");
}

TEST(FindingsCsv, HidesConfidentialValuesUnlessAsked) {
  const auto schema = SchemaWithSecret();
  std::ostringstream out;
  FindingsCsv csv(out, *schema, false);
  JudgeSecrets(schema, &csv);
  EXPECT_THAT(out.str(), Not(HasSubstr("94347")));
  EXPECT_THAT(out.str(), HasSubstr("(hidden); Derby"));
}

TEST(FindingsCsv, IsUncapped) {
  const auto rules = MustCompile({Spec("required", "{field: code}")});
  std::ostringstream out;
  FindingsCsv csv(out, *rules->schema, false);
  Judge judge(rules, policy::Gate(), {}, {}, &csv);
  judge.Add(MakeBatch(rules->schema, {"code"}, Rows(100, Row{""})), {});
  const std::string text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 101);
}

}  // namespace
}  // namespace concordat::quality
