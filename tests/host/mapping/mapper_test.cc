// From an adapter's columns to the contract's fields.
#include "host/mapping/mapper.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/mapping/feed_lint.h"
#include "host/mapping/name_match.h"
#include "host/mapping/number_style.h"

namespace concordat::mapping {
namespace {

using data::CellState;
using data::Field;
using data::LogicalType;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr CellState kValue = CellState::kValue;
constexpr CellState kMissing = CellState::kMissing;
constexpr CellState kMarker = CellState::kMarker;
constexpr CellState kUnparseable = CellState::kUnparseable;

std::shared_ptr<const data::Schema> SchemaOf(std::vector<Field> fields) {
  return std::make_shared<data::Schema>(data::Schema{.dataset = "spend", .fields = std::move(fields)});
}

policy::Feed FeedWith(std::vector<policy::FieldMapping> mapping) {
  policy::Feed feed;
  feed.id = FeedId("council-spend");
  auto made = std::make_shared<policy::Mapping>();
  made->fields = std::move(mapping);
  feed.mapping = std::move(made);
  return feed;
}

/// One source column a test: its name is "Source", its field "f".
struct OneColumn {
  std::shared_ptr<const data::TextColumn> raw;
  data::Batch batch;

  std::vector<std::string> texts() const {
    std::vector<std::string> out;
    for (size_t row = 0; row < batch.rows(); ++row) out.emplace_back(batch.columns[0].text->at(row));
    return out;
  }
  const data::Column& column() const { return batch.columns[0]; }
};

OneColumn MapCells(Field field, policy::FieldMapping mapping, const std::vector<std::string>& cells,
                   std::vector<std::string> feed_tokens = {}) {
  field.name = "f";
  mapping.field = "f";
  mapping.from = {"Source"};
  policy::Feed feed = FeedWith({mapping});
  feed.missing_tokens = std::move(feed_tokens);
  auto mapper = Mapper::Create(feed, SchemaOf({field}), {"Source"});
  EXPECT_TRUE(mapper.ok()) << mapper.status();
  auto text = std::make_shared<data::TextColumn>();
  data::RawBatch raw;
  for (const std::string& cell : cells) {
    text->Append(cell);
    raw.records.push_back(raw.records.size() + 1);
    raw.lines.push_back(raw.records.size() + 1);
  }
  raw.columns = {text};
  return {text, mapper->Map(raw)};
}

// --- names ---

TEST(Names, AreTheSameWhateverCaseSpacingAndPunctuation) {
  for (const std::string_view name : {"LSOA code", "lsoa_code", "LSOA-Code", "\xEF\xBB\xBFLSOA code",
                                      "LSOA\xC2\xA0"
                                      "code",
                                      "lsoa.code"}) {
    EXPECT_EQ(FoldedName(name), "lsoacode") << name;
  }
  EXPECT_EQ(FoldedName("Amount (\xC2\xA3)"), "amount");
  EXPECT_NE(FoldedName("LSOA code 2"), "lsoacode");
  EXPECT_EQ(FoldedName("Caf\xC3\xA9"), "caf\xC3\xA9");
}

TEST(Names, AnExactNameWinsOverAFoldedOne) {
  EXPECT_THAT(ColumnsNamed("Amount", {"amount", "Amount", "AMOUNT"}), ElementsAre(1));
  EXPECT_THAT(ColumnsNamed("Amount ", {"amount", "Amount"}), ElementsAre(0, 1));
  EXPECT_THAT(ColumnsNamed("--", {"", "--x"}), IsEmpty());
}

TEST(Mapper, MatchesMappedFieldsByTheirSourceNameAndOthersByTheirOwn) {
  const auto schema = SchemaOf({{.name = "crime_id"}, {.name = "lsoa_code"}, {.name = "context"}});
  auto mapper = Mapper::Create(FeedWith({{.field = "crime_id", .from = {"Reference"}}}), schema,
                               {"LSOA code", "\xEF\xBB\xBFreference", "Falls within"});
  ASSERT_TRUE(mapper.ok()) << mapper.status();
  EXPECT_THAT(mapper->matching().source_of_field, ElementsAre(1, 0, -1));
  EXPECT_THAT(mapper->matching().ignored_columns, ElementsAre("Falls within"));
  EXPECT_THAT(mapper->matching().absent_fields, ElementsAre("context"));
  EXPECT_THAT(mapper->matching().hints, IsEmpty());
}

TEST(Mapper, HintsAtAMisspeltHeader) {
  auto mapper = Mapper::Create(FeedWith({{.field = "id", .from = {"Transaction number"}}}),
                               SchemaOf({{.name = "id"}}), {"Transation number", "Supplier"});
  ASSERT_TRUE(mapper.ok());
  EXPECT_THAT(
      mapper->matching().hints,
      ElementsAre(
          "column \"Transation number\" is not known: did you mean \"Transaction number\" (field id)?"));
}

struct RefusedMapping {
  std::vector<Field> fields;
  std::vector<policy::FieldMapping> mapping;
  std::vector<std::string> columns;
  std::string_view message;
};

TEST(Mapper, RefusesAMappingThatCannotWork) {
  const RefusedMapping cases[] = {
      {{{.name = "amount"}},
       {},
       {"Amount", "AMOUNT"},
       "two columns for it, 1 (\"Amount\") and 2 (\"AMOUNT\"); name the one that is meant"},
      {{{.name = "amount"}},
       {{.field = "amount", .from = {"Net"}}},
       {"Net", "x", "Net"},
       "1 (\"Net\") and 3 (\"Net\"); give the source's columns"},
      {{{.name = "amount"}},
       {{.field = "amuont", .from = {"Net"}}},
       {"Net"},
       "no such field; did you mean \"amount\"?"},
      {{{.name = "paid", .type = LogicalType::kDate}},
       {{.field = "paid", .dates = policy::DateReading{.patterns = {"DD/MM/YYYY"}}}},
       {"Paid"},
       "the letter D is not supported"},
      {{{.name = "paid"}},
       {{.field = "paid", .dates = policy::DateReading{.patterns = {"dd/MM/yyyy"}}}},
       {"Paid"},
       "the contract's field is a string"},
      {{{.name = "paid"}},
       {{.field = "paid", .numbers = policy::NumberStyle{}}},
       {"Paid"},
       "the contract's field is a string"},
      {{{.name = "paid", .type = LogicalType::kDate, .format = "Q"}}, {}, {"Paid"}, "the letter Q"},
  };
  for (const RefusedMapping& c : cases) {
    auto mapper = Mapper::Create(FeedWith(c.mapping), SchemaOf(c.fields), c.columns);
    EXPECT_EQ(mapper.status().code(), absl::StatusCode::kInvalidArgument) << c.message;
    EXPECT_THAT(std::string(MessageOf(mapper.status())), HasSubstr(c.message));
  }
}

// --- cells ---

TEST(Mapper, AFieldWithoutColumnIsMissingInEveryRecord) {
  auto mapper = Mapper::Create(FeedWith({}),
                               SchemaOf({{.name = "a"}, {.name = "n", .type = LogicalType::kNumber}}), {"b"});
  ASSERT_TRUE(mapper.ok());
  data::RawBatch raw;
  auto text = std::make_shared<data::TextColumn>();
  text->Append("x");
  text->Append("y");
  raw.columns = {text};
  raw.records = {4, 9};
  raw.lines = {5, 12};
  const data::Batch batch = mapper->Map(raw);
  EXPECT_THAT(batch.records, ElementsAre(4, 9));
  EXPECT_THAT(batch.lines, ElementsAre(5, 12));
  ASSERT_EQ(batch.columns.size(), 2u);
  for (const data::Column& column : batch.columns) {
    EXPECT_THAT(column.states, ElementsAre(kMissing, kMissing));
    EXPECT_EQ(column.text->at(1), "");
  }
  EXPECT_THAT(batch.columns[1].numbers, ElementsAre(0, 0));
}

TEST(Mapper, SharesTheTextThatItLeavesAsItIs) {
  const OneColumn plain = MapCells({}, {}, {"a", " b"});
  EXPECT_EQ(plain.column().text, plain.raw);
  const OneColumn same_format =
      MapCells({.type = LogicalType::kDate}, {.dates = policy::DateReading{.patterns = {"yyyy-MM-dd"}}},
               {"2026-05-20"});
  EXPECT_EQ(same_format.column().text, same_format.raw);
  const OneColumn nothing_to_trim = MapCells({.trim = true}, {}, {"a", "b"});
  EXPECT_EQ(nothing_to_trim.column().text, nothing_to_trim.raw);
}

TEST(Mapper, TrimsTheTextOfFieldsThatSaySo) {
  const OneColumn mapped = MapCells({.trim = true}, {}, {" a ", "b\xC2\xA0", "  "});
  EXPECT_THAT(mapped.texts(), ElementsAre("a", "b", ""));
  EXPECT_THAT(mapped.column().states, ElementsAre(kValue, kValue, kMissing));
}

TEST(Mapper, RewritesDatesInTheContractsOwnFormat) {
  const OneColumn mapped =
      MapCells({.type = LogicalType::kDate}, {.dates = policy::DateReading{.patterns = {"dd/MM/yyyy"}}},
               {"01/02/1970", "01/02/1970", "31/02/1970", "", "1970-02-01", "02/02/1970"});
  EXPECT_THAT(mapped.texts(),
              ElementsAre("1970-02-01", "1970-02-01", "31/02/1970", "", "1970-02-01", "1970-02-02"));
  // The fifth would fit the contract, but not what the feed says: it is no date of this feed.
  EXPECT_THAT(mapped.column().states,
              ElementsAre(kValue, kValue, kUnparseable, kMissing, kUnparseable, kValue));
  EXPECT_THAT(mapped.column().integers, ElementsAre(31, 31, 0, 0, 0, 32));
}

TEST(Mapper, RewritesMonthsAndTimestamps) {
  EXPECT_THAT(MapCells({.type = LogicalType::kDate, .format = "yyyy-MM"},
                       {.dates = policy::DateReading{.patterns = {"MMM-yy"}}}, {"Jan-12"})
                  .texts(),
              ElementsAre("2012-01"));
  const OneColumn stamped =
      MapCells({.type = LogicalType::kTimestamp},
               {.dates = policy::DateReading{.patterns = {"dd/MM/yyyy HH:mm"}}}, {"01/01/1970 00:01"});
  EXPECT_THAT(stamped.texts(), ElementsAre("1970-01-01T00:01:00Z"));
  EXPECT_THAT(stamped.column().integers, ElementsAre(60'000'000));
  // A date keeps the day that was written, whatever the offset.
  EXPECT_THAT(MapCells({.type = LogicalType::kDate},
                       {.dates = policy::DateReading{.patterns = {"yyyy-MM-dd'T'HH:mmXXX"}}},
                       {"2019-06-01T00:30+01:00"})
                  .texts(),
              ElementsAre("2019-06-01"));
}

TEST(Mapper, MissingTokensAndMarkersArePassedByBeforeAnythingIsRewritten) {
  const Field field = {
      .type = LogicalType::kDate, .missing_tokens = {"n/a"}, .markers = {{"c", "suppressed"}}};
  const OneColumn mapped =
      MapCells(field, {.dates = policy::DateReading{.patterns = {"dd/MM/yyyy"}}, .missing = {"01/01/1900"}},
               {"n/a", "01/01/1900", "c", "-", "02/01/1970"}, {"-"});
  EXPECT_THAT(mapped.texts(), ElementsAre("n/a", "01/01/1900", "c", "-", "1970-01-02"));
  EXPECT_THAT(mapped.column().states, ElementsAre(kMissing, kMissing, kMarker, kMissing, kValue));
}

TEST(Mapper, RewritesNumbersInTheirCanonicalForm) {
  const policy::NumberStyle style = {
      .decimal = ".", .thousands = ",", .currency = {"\xC2\xA3"}, .negative = {"parentheses"}};
  const OneColumn mapped = MapCells({.type = LogicalType::kNumber}, {.numbers = style},
                                    {"\xC2\xA3"
                                     "1,234.50",
                                     "(12)", "1,23", "7", "x"});
  EXPECT_THAT(mapped.texts(), ElementsAre("1234.50", "-12", "1,23", "7", "x"));
  EXPECT_THAT(mapped.column().numbers, ElementsAre(1234.5, -12, 0, 7, 0));
  EXPECT_THAT(mapped.column().states, ElementsAre(kValue, kValue, kUnparseable, kValue, kUnparseable));
}

TEST(Mapper, ANumberInAnotherStyleIsUnparseableEvenIfItLooksLikeOne) {
  const policy::NumberStyle german = {.decimal = ",", .thousands = "."};
  const OneColumn mapped =
      MapCells({.type = LogicalType::kNumber}, {.numbers = german}, {"1.5", "1,5", "1.500"});
  EXPECT_THAT(mapped.texts(), ElementsAre("1.5", "1.5", "1500"));
  EXPECT_THAT(mapped.column().states, ElementsAre(kUnparseable, kValue, kValue));
  EXPECT_THAT(mapped.column().numbers, ElementsAre(0, 1.5, 1500));
}

TEST(LintFeeds, FindsMappingsThatDoNotFitTheContract) {
  policy::PolicySet policies;
  policy::ContractObject object;
  object.name = "spend";
  object.schema = SchemaOf({{.name = "paid", .type = LogicalType::kDate}, {.name = "supplier"}});
  policy::Contract contract;
  contract.name = "spend";
  contract.objects = {object};
  policies.contracts = {contract};
  policy::Feed feed = FeedWith(
      {{.field = "paid", .from = {"Date"}, .dates = policy::DateReading{.patterns = {"dd/MM"}}},
       {.field = "supplier", .from = {"Name"}, .dates = policy::DateReading{.patterns = {"dd/MM/yyyy"}}},
       {.field = "ghost", .from = {"Ghost"}, .dates = policy::DateReading{.patterns = {"nonsense"}}}});
  feed.contract = "spend";
  policy::Feed good = FeedWith(
      {{.field = "paid", .from = {"Date"}, .dates = policy::DateReading{.patterns = {"dd/MM/yyyy"}}}});
  good.contract = "spend";
  policies.feeds = {feed, good};
  Issues issues;
  LintFeeds(policies, issues);
  ASSERT_EQ(issues.list().size(), 2u);
  EXPECT_THAT(issues.list()[0].message, HasSubstr("a date needs a year"));
  EXPECT_THAT(issues.list()[1].message, HasSubstr("the contract's field is a string"));
}

// --- number styles ---

struct StyleCase {
  std::string_view text;
  std::string_view canonical;  // empty: refused
};

TEST(NumberStyle, ReadsBritishMoney) {
  const policy::NumberStyle style = {
      .decimal = ".", .thousands = ",", .currency = {"\xC2\xA3"}, .negative = {"parentheses"}};
  const StyleCase cases[] = {
      {"1234", "1234"},
      {"1,234", "1234"},
      {"1,234,567.89", "1234567.89"},
      {"12,34", ""},
      {"1,2345", ""},
      {",123", ""},
      {"1234,567", ""},
      {"1,234,", ""},
      {"\xC2\xA3"
       "5",
       "5"},
      {"\xC2\xA3 5", "5"},
      {"-\xC2\xA3"
       "5",
       "-5"},
      {"\xC2\xA3-5", "-5"},
      {"-\xC2\xA3-5", ""},
      {"(\xC2\xA3"
       "5.10)",
       "-5.10"},
      {"(-5)", ""},
      {"()", ""},
      {"(5", ""},
      {"5-", ""},
      {"5.", ""},
      {".5", ""},
      {"+5", "5"},
      {"1.5e3", "1.5e3"},
      {"1e", ""},
      {"five", ""},
      {"5 ", ""},
      {"\xE2\x82\xAC"
       "5",
       ""},
      {"1.2.3", ""},
      {"0", "0"},
  };
  for (const StyleCase& c : cases) {
    std::string out = "kept";
    EXPECT_EQ(AppendCanonicalNumber(c.text, style, out), !c.canonical.empty()) << c.text;
    EXPECT_EQ(out, "kept" + std::string(c.canonical)) << c.text;
  }
}

TEST(NumberStyle, ParenthesesMeanNothingUnlessTheFeedSaysSo) {
  std::string out;
  EXPECT_FALSE(AppendCanonicalNumber("(5)", {}, out));
  EXPECT_FALSE(AppendCanonicalNumber("1,000", {}, out));
  EXPECT_TRUE(AppendCanonicalNumber("-1000.5", {}, out));
  EXPECT_EQ(out, "-1000.5");
}

}  // namespace
}  // namespace concordat::mapping
