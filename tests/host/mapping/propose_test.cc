// Proposed mappings: which column is which field, and how it is written.
#include "host/mapping/propose.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/policy/feed.h"
#include "host/policy/reader.h"

namespace concordat::mapping {
namespace {

using data::LogicalType;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SampledColumn Column(std::string name, const std::vector<std::string>& values) {
  SampledColumn column;
  column.name = std::move(name);
  for (const std::string& value : values) column.values.emplace_back(value, 1);
  column.records = values.size();
  return column;
}

policy::ContractObject Spend() {
  policy::ContractObject object;
  object.name = "spend";
  auto schema = std::make_shared<data::Schema>();
  schema->fields = {{.name = "paid_on", .type = LogicalType::kDate},
                    {.name = "amount", .type = LogicalType::kNumber},
                    {.name = "supplier"},
                    {.name = "capital", .type = LogicalType::kBoolean},
                    {.name = "kind"}};
  object.schema = schema;
  policy::RuleSpec kind;
  kind.id = "known_kind";
  kind.kind = "in_list";
  kind.field = "kind";
  kind.with = policy::Node::Map({{"values",
                                  {},
                                  policy::Node::Sequence({policy::Node::Scalar("revenue", false),
                                                          policy::Node::Scalar("capital", false)})}});
  object.rules.push_back(kind);
  return object;
}

const std::vector<SampledColumn> kLedger = {
    Column("Payee", {"Ann", "Ben"}),
    Column("Payment Date", {"26-May-11", "01-Jun-11", "n/a"}),
    Column("Net amount", {"£1,234.50", "(12.00)", "7"}),
    Column("Capital?", {"J", "N"}),
    Column("Kind", {"Rev", "Cap"}),
    Column("Notes", {"x"}),
};

TEST(Propose, FindsColumnsByNameAndByWhatStandsInThem) {
  const MappingProposal proposal = ProposeMapping(kLedger, Spend());
  ASSERT_EQ(proposal.fields.size(), 5u);
  EXPECT_THAT(proposal.fields[0].mapping.from, ElementsAre("Payment Date"));
  EXPECT_THAT(proposal.fields[0].mapping.dates->patterns, ElementsAre("dd-MMM-yy"));
  EXPECT_THAT(proposal.fields[0].mapping.missing, ElementsAre("n/a"));
  EXPECT_THAT(proposal.fields[1].mapping.from, ElementsAre("Net amount"));
  EXPECT_EQ(proposal.fields[1].mapping.numbers->thousands, ",");
  EXPECT_THAT(proposal.fields[1].mapping.numbers->currency, ElementsAre("£"));
  EXPECT_THAT(proposal.fields[1].mapping.numbers->negative, ElementsAre("parentheses"));
  EXPECT_THAT(proposal.fields[2].mapping.from, ElementsAre("Payee"));
  EXPECT_THAT(proposal.fields[4].mapping.from, ElementsAre("Kind"));
  EXPECT_THAT(
      proposal.fields[4].mapping.codes->pairs,
      testing::UnorderedElementsAre(testing::Pair("Rev", "revenue"), testing::Pair("Cap", "capital")));
  EXPECT_THAT(proposal.unused, testing::Contains("Notes"));
}

TEST(Propose, SaysWhenDayAndMonthCannotBeToldApart) {
  policy::ContractObject object = Spend();
  const MappingProposal unclear = ProposeMapping({Column("paid on", {"01/02/2024", "03/04/2024"})}, object);
  EXPECT_THAT(unclear.fields[0].doubts, testing::Contains(HasSubstr("MM/dd/yyyy")));
  const MappingProposal clear = ProposeMapping({Column("paid on", {"01/02/2024", "13/04/2024"})}, object);
  EXPECT_THAT(clear.fields[0].doubts, IsEmpty());
  EXPECT_THAT(clear.fields[0].mapping.dates->patterns, ElementsAre("dd/MM/yyyy"));
}

TEST(Propose, ValuesThatAreNoneOfTheFieldSpeakAgainstIt) {
  const MappingProposal proposal =
      ProposeMapping({Column("amount paid", {"Ann", "Ben"}), Column("Sum", {"12.50", "7"})}, Spend());
  EXPECT_THAT(proposal.fields[1].mapping.from, ElementsAre("Sum"));
  EXPECT_EQ(ProposeMapping({Column("zzz", {"q"})}, Spend()).fields[1].column, -1);
}

TEST(Propose, AColumnAPeriodIsAWideTable) {
  policy::ContractObject object;
  auto schema = std::make_shared<data::Schema>();
  schema->fields = {{.name = "area"}, {.name = "period"}, {.name = "value", .type = LogicalType::kNumber}};
  object.schema = schema;
  const MappingProposal proposal = ProposeMapping({Column("Area", {"North"}), Column("2019/20", {"1"}),
                                                   Column("2020/21", {"2"}), Column("2021/22", {"3"})},
                                                  object);
  ASSERT_TRUE(proposal.unpivot.has_value());
  EXPECT_EQ(proposal.unpivot_columns.size(), 3u);
  EXPECT_THAT(proposal.fields[1].mapping.from, ElementsAre("period"));
  EXPECT_THAT(proposal.fields[2].mapping.from, ElementsAre("value"));
  // Fields of these names take the columns as they are.
  schema = std::make_shared<data::Schema>();
  schema->fields = {{.name = "2019/20"}, {.name = "2020/21"}};
  object.schema = schema;
  EXPECT_FALSE(
      ProposeMapping({Column("2019/20", {"1"}), Column("2020/21", {"2"}), Column("2021/22", {"3"})}, object)
          .unpivot.has_value());
}

TEST(Propose, TheFeedIsReadAgainWithoutMistakes) {
  const MappingProposal proposal = ProposeMapping(kLedger, Spend());
  auto source = std::make_shared<SourceText>();
  source->name = "feed.yaml";
  source->text = ProposedFeedYaml(
      {"council-spend", "council", "spend", "delimited", {{"header", "1"}}, "a \n b.csv"}, proposal);
  Issues issues;
  const policy::Feed feed = policy::ReadFeed(policy::ReadYaml(source, issues), issues);
  for (const Issue& issue : issues.list()) ADD_FAILURE() << RenderIssue(issue) << source->text;
  EXPECT_EQ(feed.id, FeedId("council-spend"));
  EXPECT_EQ(policy::MappingIn(feed).Of("amount")->numbers->negative, std::vector<std::string>{"parentheses"});
  EXPECT_THAT(source->text, HasSubstr("# check: "));
  EXPECT_THAT(source->text, HasSubstr("#   Notes"));
}

TEST(NameLikeness, KnowsWordsOfTheSameMeaning) {
  EXPECT_EQ(NameLikeness("lsoa_code", "LSOA Code"), 1);
  EXPECT_GT(NameLikeness("supplier", "Vendor name"), 0.4);
  EXPECT_GT(NameLikeness("transaction_number", "Transation number"), 0.75);
  EXPECT_GT(NameLikeness("latitude", "Lat"), 0.8);
  EXPECT_LT(NameLikeness("amount", "Directorate"), 0.2);
  EXPECT_EQ(NameLikeness("", "x"), 0);
}

}  // namespace
}  // namespace concordat::mapping
