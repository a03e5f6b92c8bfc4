// Mappings as feeds write them, from YAML to the contract's cells.
#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/data/parse.h"
#include "host/mapping/feed_lint.h"
#include "host/mapping/mapper.h"
#include "host/mapping/reshape.h"
#include "host/mapping/units.h"
#include "host/policy/reader.h"

namespace concordat::mapping {
namespace {

using data::CellState;
using data::Field;
using data::LogicalType;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

policy::Feed FeedOf(const std::string& body) {
  auto source = std::make_shared<SourceText>();
  source->name = "feed.yaml";
  source->text =
      "apiVersion: concordat/v1\nkind: Feed\nid: visits\npartner: p\ndataset: d\nadapter: {plugin: "
      "delimited}\n" +
      body;
  Issues issues;
  const auto documents = policy::ReadYaml(source, issues);
  policy::Feed feed = policy::ReadFeed(documents, issues);
  for (const Issue& issue : issues.list()) {
    if (issue.severity == IssueSeverity::kError) ADD_FAILURE() << RenderIssue(issue);
  }
  return feed;
}

data::RawBatch RawOf(const std::vector<std::string>& columns,
                     const std::vector<std::vector<std::string>>& rows) {
  data::RawBatch raw;
  for (size_t c = 0; c < columns.size(); ++c) {
    auto text = std::make_shared<data::TextColumn>();
    text->name = columns[c];
    for (const auto& row : rows) text->Append(row[c]);
    raw.columns.push_back(text);
  }
  for (size_t row = 0; row < rows.size(); ++row) {
    raw.records.push_back(row + 1);
    raw.lines.push_back(row + 2);
  }
  return raw;
}

struct Mapped {
  std::vector<std::string> texts;
  std::vector<CellState> states;
  std::vector<CellFailure> failures;
  std::vector<uint64_t> skipped;
};

/// Field f of a feed over columns A and B; rows are of A, B says "b" everywhere.
Mapped MapCells(const std::string& mapping, LogicalType type, const std::vector<std::string>& cells,
                MappingContext context = {}) {
  const policy::Feed feed = FeedOf("mapping:\n  f: " + mapping + "\n");
  auto schema = std::make_shared<data::Schema>();
  schema->fields.push_back({.name = "f", .type = type});
  auto mapper = Mapper::Create(feed, schema, {"A", "B"}, context);
  EXPECT_TRUE(mapper.ok()) << mapper.status();
  if (!mapper.ok()) return {};
  std::vector<std::vector<std::string>> rows;
  for (const std::string& cell : cells) rows.push_back({cell, "b"});
  const data::RawBatch raw = RawOf({"A", "B"}, rows);
  const data::Batch batch = mapper->Map(raw);
  Mapped mapped;
  for (size_t row = 0; row < batch.rows(); ++row) mapped.texts.emplace_back(batch.columns[0].text->at(row));
  mapped.states = batch.columns[0].states;
  mapped.failures = mapper->failures();
  mapped.skipped = mapper->skipped();
  return mapped;
}

constexpr CellState kValue = CellState::kValue;
constexpr CellState kMissing = CellState::kMissing;
constexpr CellState kUnparseable = CellState::kUnparseable;

TEST(FeedMapping, TriesSeveralDatePatternsAndPivotsTwoDigitYears) {
  const Mapped mapped =
      MapCells("{from: A, parse: {dates: [dd/MM/yy, dd/MM/yyyy, excel], pivot: 30}}", LogicalType::kDate,
               {"01/02/29", "01/02/30", "01/02/1999", "43831", "1 Feb 2020", "29/02/00"});
  EXPECT_THAT(mapped.texts, ElementsAre("2029-02-01", "1930-02-01", "1999-02-01", "2020-01-01", "1 Feb 2020",
                                        "2000-02-29"));
  EXPECT_THAT(mapped.states, ElementsAre(kValue, kValue, kValue, kValue, kUnparseable, kValue));
  // 1900 had no 29 February.
  EXPECT_THAT(
      MapCells("{from: A, parse: {dates: dd/MM/yy, pivot: 0}}", LogicalType::kDate, {"29/02/00"}).states,
      ElementsAre(kUnparseable));
}

TEST(FeedMapping, ReadsTheDayNumbersOfSpreadsheets) {
  // 1 is 1 January 1900, 59 is 28 February, 60 the day that never was, 61 is 1 March 1900.
  const Mapped mapped =
      MapCells("{from: A, parse: excel}", LogicalType::kDate,
               {"1", "59", "60", "61", "36526", "43831.75", "2958465", "2958466", "-1", "x"});
  EXPECT_THAT(mapped.texts, ElementsAre("1900-01-01", "1900-02-28", "60", "1900-03-01", "2000-01-01",
                                        "2020-01-01", "9999-12-31", "2958466", "-1", "x"));
  EXPECT_THAT(MapCells("{from: A, parse: excel-1904}", LogicalType::kDate, {"0", "42369"}).texts,
              ElementsAre("1904-01-01", "2020-01-01"));
  EXPECT_THAT(MapCells("{from: A, parse: excel}", LogicalType::kTimestamp, {"43831.75"}).texts,
              ElementsAre("2020-01-01T18:00:00Z"));
  EXPECT_THAT(MapCells("{from: A, parse: excel}", LogicalType::kTime, {"0.5", "43831.25"}).texts,
              ElementsAre("12:00:00", "06:00:00"));
}

TEST(FeedMapping, ReadsWhatTheSpreadsheetAdapterMakesOfDates) {
  // A workbook of pandas shows each date with the time 00:00:00; a column may hold day numbers, too.
  EXPECT_THAT(MapCells("{from: A, parse: [dd/MM/yyyy, excel]}", LogicalType::kDate,
                       {"2024-02-29T00:00:00", "2024-02-29", "31/01/2024", "45351", "2023-02-29"})
                  .texts,
              ElementsAre("2024-02-29", "2024-02-29", "2024-01-31", "2024-02-29", "2023-02-29"));
  const Mapped mapped = MapCells("{from: A, parse: excel}", LogicalType::kTimestamp,
                                 {"2024-02-29T13:05:00.500", "2024-02-29", "2024-02-30T00:00:00"});
  EXPECT_THAT(mapped.texts,
              ElementsAre("2024-02-29T13:05:00.500000Z", "2024-02-29T00:00:00Z", "2024-02-30T00:00:00"));
  EXPECT_THAT(mapped.states, ElementsAre(kValue, kValue, kUnparseable));
  EXPECT_THAT(MapCells("{from: A, parse: excel}", LogicalType::kTime, {"13:45:00"}).texts,
              ElementsAre("13:45:00"));
}

TEST(FeedMapping, WholeNumbersOfLedgersMayHaveNoughtsBehindTheirPoint) {
  const Mapped mapped = MapCells("{from: A, numbers: {thousands: \",\"}}", LogicalType::kInteger,
                                 {"1,000.00", "5.0", "1,000", "1,000.50"});
  // What does not fit stays as it came.
  EXPECT_THAT(mapped.texts, ElementsAre("1000", "5", "1000", "1,000.50"));
  EXPECT_THAT(mapped.states, ElementsAre(kValue, kValue, kValue, kUnparseable));
}

TEST(FeedMapping, ReadsNumbersInTheStylesOfLedgers) {
  EXPECT_THAT(
      MapCells("{from: A, numbers: {thousands: \",\", currency: [£, GBP], negative: [parentheses, "
               "trailing_minus]}}",
               LogicalType::kNumber,
               {"£1,234.50", "1,234.50 GBP", "GBP 12", "(£12.00)", "12.50-", "-(12)", "£12 GBP", "1,23"})
          .texts,
      ElementsAre("1234.50", "1234.50", "12", "-12.00", "-12.50", "-(12)", "£12 GBP", "1,23"));
  EXPECT_THAT(
      MapCells("{from: A, numbers: {negative: credit}}", LogicalType::kNumber, {"12 CR", "12DR", "12"}).texts,
      ElementsAre("-12", "12", "12"));
  EXPECT_THAT(
      MapCells("{from: A, numbers: {negative: debit}}", LogicalType::kNumber, {"12 CR", "12 DR"}).texts,
      ElementsAre("12", "-12"));
  EXPECT_THAT(MapCells("{from: A, numbers: {percent: share}}", LogicalType::kNumber,
                       {"45%", "45.5 %", "0.5%", "100%", "-3%", "0.45", "45%%"})
                  .texts,
              ElementsAre("0.45", "0.455", "0.005", "1.00", "-0.03", "0.45", "45%%"));
  EXPECT_THAT(MapCells("{from: A, numbers: {percent: points}}", LogicalType::kNumber, {"45%"}).texts,
              ElementsAre("45"));
  EXPECT_THAT(MapCells("{from: A, numbers: {decimal: \",\", thousands: \" \"}}", LogicalType::kNumber,
                       {"1 234,5",
                        "1\xC2\xA0"
                        "234,5",
                        "1\xE2\x80\xAF"
                        "234"})
                  .texts,
              ElementsAre("1234.5", "1234.5", "1234"));
}

TEST(FeedMapping, ReadsBooleansByWords) {
  EXPECT_THAT(MapCells("{from: A, booleans: {yes: [J, x], no: [N, \"-\"]}}", LogicalType::kBoolean,
                       {"J", "x", "N", "-", "Y"})
                  .texts,
              ElementsAre("true", "true", "false", "false", "Y"));
}

TEST(FeedMapping, CodesThatAreNotKnownAreFindingsWithTheirValue) {
  const Mapped mapped = MapCells("{from: A, codes: {M: male, F: female, X: \"\"}}", LogicalType::kString,
                                 {"M", "F", "f", "", "X", "Mm"});
  EXPECT_THAT(mapped.texts, ElementsAre("male", "female", "f", "", "", "Mm"));
  EXPECT_THAT(mapped.states, ElementsAre(kValue, kValue, kUnparseable, kMissing, kMissing, kUnparseable));
  ASSERT_THAT(mapped.failures, SizeIs(2));
  EXPECT_EQ(mapped.failures[0].row, 2u);
  EXPECT_EQ(mapped.failures[0].value, "f");
  EXPECT_EQ(mapped.failures[0].column, "A");
  EXPECT_THAT(mapped.failures[0].message, HasSubstr("\"f\" of column \"A\" is not one of the codes M, F, X"));
  EXPECT_THAT(mapped.failures[0].mend, HasSubstr("\"F\" may be meant"));
  EXPECT_THAT(mapped.skipped, ElementsAre(2));
}

TEST(FeedMapping, OtherwiseKeepsOrDropsUnknownCodes) {
  EXPECT_THAT(
      MapCells("{from: A, codes: {M: male}, otherwise: keep}", LogicalType::kString, {"M", "Q"}).texts,
      ElementsAre("male", "Q"));
  const Mapped missing =
      MapCells("{from: A, codes: {M: male}, otherwise: missing}", LogicalType::kString, {"M", "Q"});
  EXPECT_THAT(missing.states, ElementsAre(kValue, kMissing));
  EXPECT_THAT(missing.failures, IsEmpty());
}

TEST(FeedMapping, LooksCodesUpInAFile) {
  MappingContext context;
  context.lookup = [](const policy::CodeMap& codes) {
    return PairsOfCsv("code,area\n1,North\n2,\"South, East\"\n", codes.file, codes.from, codes.to);
  };
  const std::string mapping = "{from: A, codes: {file: lists/areas.csv, from: code, to: area}}";
  EXPECT_THAT(MapCells(mapping, LogicalType::kString, {"1", "2", "3"}, context).texts,
              ElementsAre("North", "South, East", "3"));
  EXPECT_FALSE(PairsOfCsv("a,b\n", "x.csv", "a", "c").ok());
  EXPECT_FALSE(PairsOfCsv("a,b\n1\n", "x.csv", "a", "b").ok());
  // One code that would become two things is no table.
  policy::CodeMap twice{.pairs = {{"1", "a"}, {"1", "b"}}};
  EXPECT_FALSE(CodeTable::Create(twice, {}).ok());
}

TEST(FeedMapping, SplitsJoinsReplacesAndChangesCase) {
  EXPECT_THAT(
      MapCells("{from: A, split: {by: \";\", part: 2}}", LogicalType::kString, {"a; b ;c", "a"}).texts,
      ElementsAre("b", ""));
  EXPECT_THAT(MapCells("{from: A, split: {by: \";\", part: -1}}", LogicalType::kString, {"a;b;c"}).texts,
              ElementsAre("c"));
  const Mapped pattern = MapCells("{from: A, split: {pattern: \"([A-Z]+)([0-9]+)\", group: 2}}",
                                  LogicalType::kString, {"AB12", "xx"});
  EXPECT_THAT(pattern.texts, ElementsAre("12", "xx"));
  EXPECT_THAT(pattern.failures, SizeIs(1));
  EXPECT_THAT(MapCells("{join: {columns: [A, B], with: \", \"}}", LogicalType::kString, {"a", ""}).texts,
              ElementsAre("a, b", "b"));
  EXPECT_THAT(
      MapCells(
          "{from: A, trim: true, replace: [{text: \"*\"}, {pattern: \"\\\\s+\", with: \" \"}], case: title}",
          LogicalType::kString, {" st  mary's* ROAD ", "\xC3\x89LAN"})
          .texts,
      ElementsAre("St Mary's Road", "\xC3\x89lan"));
  EXPECT_THAT(MapCells("{from: A, case: upper}", LogicalType::kString, {"de1 \xC3\xA9"}).texts,
              ElementsAre("DE1 \xC3\x89"));
}

TEST(FeedMapping, TakesConstantsFactsAndDefaults) {
  EXPECT_THAT(MapCells("{value: E10000007}", LogicalType::kString, {"x", ""}).texts,
              ElementsAre("E10000007", "E10000007"));
  MappingContext context;
  context.facts = {{"period.from", "2026-05-01"}, {"source.name", "spend-2026-05.csv"}};
  EXPECT_THAT(MapCells("{fact: period.from}", LogicalType::kDate, {"x"}, context).texts,
              ElementsAre("2026-05-01"));
  EXPECT_THAT(MapCells("{fact: source.name, split: {pattern: \"([0-9]{4}-[0-9]{2})\"}, parse: yyyy-MM}",
                       LogicalType::kDate, {"x"}, context)
                  .texts,
              ElementsAre("2026-05-01"));
  EXPECT_THAT(
      MapCells("{from: A, default: none said, missingTokens: [n/a]}", LogicalType::kString, {"", "n/a", "x"})
          .texts,
      ElementsAre("none said", "none said", "x"));
}

TEST(FeedMapping, ChangesUnitsExactly) {
  const std::map<std::pair<std::string, std::string>, std::pair<std::string, std::string>> cases = {
      {{"miles", "km"}, {"10", "16.09344"}},
      {{"pence", "pounds"}, {"1999", "19.99"}},
      {{"pence", "pounds"}, {"1999", "19.99"}},
      {{"thousands", "ones"}, {"12.5", "12500"}},
      {{"acres", "hectares"}, {"100", "40.468564224"}},
      {{"gallons", "litres"}, {"2", "9.09218"}},
      {{"percent", "share"}, {"45.5", "0.455"}},
      {{"hours", "minutes"}, {"1.5", "90"}},
      {{"km", "m"}, {"-0.001", "-1"}},
  };
  for (const auto& [units, numbers] : cases) {
    const std::string mapping = "{from: A, unit: {from: " + units.first + ", to: " + units.second + "}}";
    EXPECT_THAT(MapCells(mapping, LogicalType::kNumber, {numbers.first}).texts, ElementsAre(numbers.second))
        << units.first;
  }
  EXPECT_THAT(MapCells("{from: A, numbers: {currency: £}, unit: {from: pounds, to: pence}}",
                       LogicalType::kInteger, {"£1.25", "£0.001"})
                  .states,
              ElementsAre(kValue, kUnparseable));
  EXPECT_THAT(std::string(MessageOf(FactorBetween("mile", "km").status())), HasSubstr("miles"));
  EXPECT_THAT(std::string(MessageOf(FactorBetween("miles", "kg").status())), HasSubstr("length"));
}

TEST(FeedMapping, ComputesWhatNoKeySays) {
  const Mapped mapped =
      MapCells("{expression: \"double(source[\\\"A\\\"]) * 2.0\"}", LogicalType::kNumber, {"1.5", "x"});
  EXPECT_THAT(mapped.texts, ElementsAre("3", "x"));
  EXPECT_THAT(mapped.states, ElementsAre(kValue, kUnparseable));
  const Mapped text =
      MapCells("{expression: 'source[\"A\"] + \"/\" + source[\"B\"]'}", LogicalType::kString, {"x", ""});
  EXPECT_THAT(text.texts, ElementsAre("x/b", "/b"));
  const Mapped choice =
      MapCells("{expression: 'source[\"A\"] == \"1\" ? \"yes\" : \"no\"'}", LogicalType::kString, {"1", "2"});
  EXPECT_THAT(choice.texts, ElementsAre("yes", "no"));
  const Mapped failing =
      MapCells("{expression: 'string(int(source[\"A\"]) + 1)'}", LogicalType::kString, {"1", "x"});
  EXPECT_THAT(failing.texts, ElementsAre("2", "x"));
  ASSERT_THAT(failing.failures, SizeIs(1));
  EXPECT_EQ(failing.failures[0].value, "x");
}

TEST(FeedMapping, TheFirstNameThatIsThereIsTaken) {
  EXPECT_THAT(MapCells("[Amount, a]", LogicalType::kString, {"x"}).texts, ElementsAre("x"));
  EXPECT_THAT(MapCells("{from: [B, A]}", LogicalType::kString, {"x"}).texts, ElementsAre("b"));
}

TEST(FeedMapping, RepeatedTextsComeOutAsTheFirst) {
  std::vector<std::string> cells;
  for (int i = 0; i < 20'000; ++i)
    cells.push_back(i % 3 == 0 ? "01/02/2020" : i % 3 == 1 ? "bad" : std::to_string(i));
  const Mapped mapped = MapCells("{from: A, parse: [dd/MM/yyyy, yyyy]}", LogicalType::kDate, cells);
  for (size_t i = 0; i < cells.size(); ++i) {
    const bool date = i % 3 == 0;
    ASSERT_EQ(mapped.texts[i] == "2020-02-01", date) << i;
    ASSERT_TRUE(i % 3 != 1 || mapped.states[i] == kUnparseable) << i;
  }
}

// --- rows and columns ---

struct Reshaped {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::vector<uint64_t> records;
  std::vector<std::string> notes;
  uint64_t left_out = 0;
};

Reshaped ReshapeRows(const std::string& body, const std::vector<std::string>& columns,
                     const std::vector<std::vector<std::string>>& rows) {
  auto reshaper = Reshaper::Create(FeedOf(body), columns);
  EXPECT_TRUE(reshaper.ok()) << reshaper.status();
  if (!reshaper.ok()) return {};
  const data::RawBatch out = reshaper->Apply(RawOf(columns, rows));
  Reshaped made{reshaper->columns(), {}, out.records, reshaper->Notes(), reshaper->left_out()};
  for (size_t row = 0; row < out.rows(); ++row) {
    made.rows.emplace_back();
    for (const auto& column : out.columns) made.rows.back().emplace_back(column->at(row));
  }
  return made;
}

TEST(Reshape, LeavesRowsOutAndCountsThem) {
  const Reshaped made =
      ReshapeRows("rows: 'source[\"Area\"] != \"Total\" && source[\"N\"] != \"\"'\n", {"Area", "N"},
                  {{"North", "1"}, {"Total", "3"}, {"", "2"}, {"South", ""}});
  EXPECT_THAT(made.rows, ElementsAre(ElementsAre("North", "1"), ElementsAre("", "2")));
  EXPECT_THAT(made.records, ElementsAre(1, 3));
  EXPECT_EQ(made.left_out, 2u);
  EXPECT_THAT(made.notes, ElementsAre(HasSubstr("2 rows of the file were left out")));
}

TEST(Reshape, FillsMergedCellsDown) {
  const Reshaped made = ReshapeRows("fill_down: [Area]\n", {"Area", "N"},
                                    {{"", "0"}, {"North", "1"}, {"", "2"}, {"South", "3"}, {" ", "4"}});
  EXPECT_THAT(made.rows,
              ElementsAre(ElementsAre("", "0"), ElementsAre("North", "1"), ElementsAre("North", "2"),
                          ElementsAre("South", "3"), ElementsAre("South", "4")));
}

TEST(Reshape, MakesWideTablesLong) {
  const Reshaped made =
      ReshapeRows("unpivot: {columns: [2019, 2020], name_to: year, value_to: n}\n",
                  {"Area", "2019", "2020", "Note"}, {{"North", "1", "2", "x"}, {"South", "3", "", "y"}});
  EXPECT_THAT(made.columns, ElementsAre("Area", "Note", "year", "n"));
  EXPECT_THAT(made.rows,
              ElementsAre(ElementsAre("North", "x", "2019", "1"), ElementsAre("North", "x", "2020", "2"),
                          ElementsAre("South", "y", "2019", "3"), ElementsAre("South", "y", "2020", "")));
  EXPECT_THAT(made.records, ElementsAre(1, 2, 3, 4));
  const Reshaped sparse =
      ReshapeRows("unpivot: {columns: {except: [Area]}, name_to: year, empty: leave_out}\n",
                  {"Area", "2019", "2020"}, {{"South", "3", ""}, {"North", "", "4"}});
  EXPECT_THAT(sparse.records, ElementsAre(1, 4));
}

TEST(Reshape, PartsOfHeadersBecomeColumns) {
  const Reshaped made = ReshapeRows(
      "unpivot: {columns: '(?P<column>Value|Target) (?P<year>[0-9]{4}/[0-9]{2}) Q(?P<quarter>[1-4])'}\n",
      {"Area", "Value 2019/20 Q1", "Target 2019/20 Q1", "Value 2019/20 Q2"}, {{"N", "1", "2", "3"}});
  EXPECT_THAT(made.columns, ElementsAre("Area", "year", "quarter", "Value", "Target"));
  EXPECT_THAT(made.rows, ElementsAre(ElementsAre("N", "2019/20", "1", "1", "2"),
                                     ElementsAre("N", "2019/20", "2", "3", "")));
}

TEST(Reshape, MendedRecordsOfAWideTableTakeTheirPlaces) {
  const policy::Feed feed = FeedOf("unpivot: {columns: [a, b], name_to: k, value_to: v}\n");
  auto reshaper = Reshaper::Create(feed, {"id", "a", "b"});
  ASSERT_TRUE(reshaper.ok()) << reshaper.status();
  ASSERT_TRUE(reshaper
                  ->Mend({"id", "k", "v"}, {{2, std::vector<std::string>{"1", "b", "mended"}},
                                            {3, std::nullopt},
                                            {5, std::vector<std::string>{"3", "a", "was unreadable"}}})
                  .ok());
  data::RawBatch raw = RawOf({"id", "a", "b"}, {{"1", "x", "bad"}, {"2", "y", "z"}});
  raw.unreadable.push_back({3, 9, "cut", "raw"});
  const data::RawBatch out = reshaper->Apply(raw);
  EXPECT_THAT(out.records, ElementsAre(1, 2, 4, 5));
  EXPECT_EQ(out.columns[2]->at(1), "mended");
  EXPECT_EQ(out.columns[2]->at(3), "was unreadable");
  EXPECT_THAT(out.unreadable, IsEmpty());
}

TEST(Reshape, SaysWhichColumnTheFileHasNot) {
  const auto message = [](const std::string& body) {
    return std::string(MessageOf(Reshaper::Create(FeedOf(body), {"Area", "2019"}).status()));
  };
  EXPECT_THAT(message("rows: 'source[\"Aera\"] != \"\"'\n"),
              HasSubstr("no column \"Aera\"; did you mean \"Area\"?"));
  EXPECT_THAT(message("fill_down: [Aera]\n"), HasSubstr("did you mean \"Area\"?"));
  EXPECT_THAT(message("unpivot: {columns: '20[0-9]{3}', name_to: y}\n"),
              HasSubstr("no column of the file matches"));
  EXPECT_THAT(message("unpivot: {columns: [2019], name_to: Area}\n"), HasSubstr("two columns \"Area\""));
}

// --- header drift ---

TEST(Matching, SuggestsColumnsByWordsAndSpelling) {
  const policy::Feed feed = FeedOf("mapping: {id: [Transaction number, Trans no], amount: Net amount}\n");
  auto schema = std::make_shared<data::Schema>();
  schema->fields = {{.name = "id"}, {.name = "amount"}};
  auto mapper = Mapper::Create(feed, schema, {"Transation-Number", "Amount (net)", "Other"});
  ASSERT_TRUE(mapper.ok());
  ASSERT_THAT(mapper->matching().absences, SizeIs(2));
  EXPECT_EQ(mapper->matching().absences[0].near, "Transation-Number");
  EXPECT_EQ(mapper->matching().absences[1].near, "Amount (net)");
  EXPECT_THAT(mapper->matching().ignored_columns, ElementsAre("Transation-Number", "Amount (net)", "Other"));
}

// --- lint ---

std::vector<std::string> Lint(const std::string& body) {
  policy::PolicySet policies;
  policy::ContractObject object;
  auto schema = std::make_shared<data::Schema>();
  schema->fields = {
      {.name = "n", .type = LogicalType::kInteger}, {.name = "t"}, {.name = "d", .type = LogicalType::kDate}};
  object.schema = schema;
  policy::Contract contract;
  contract.name = "d";
  contract.objects = {object};
  policies.contracts = {contract};
  policies.lists["lists/x.csv"] = {"lists/x.csv", "", "old,new\n1,a\n"};
  policies.feeds = {FeedOf(body)};
  Issues issues;
  LintFeeds(policies, issues);
  std::vector<std::string> codes;
  for (const Issue& issue : issues.list())
    codes.push_back(issue.code + ": " + issue.message + " " + issue.hint);
  return codes;
}

TEST(LintMapping, ReportsEveryMistakeAtOnce) {
  const std::vector<std::string> found = Lint(
      "rows: 'source[\"A\"] = 1'\n"
      "mapping:\n"
      "  n: {from: A, unit: {from: mils, to: km}, default: none}\n"
      "  t: {from: B, codes: {file: lists/y.csv, from: old, to: new}}\n"
      "  d: {from: C, codes: {a: tomorrow}}\n");
  ASSERT_THAT(found, SizeIs(5));
  EXPECT_THAT(found[0], HasSubstr("bad-expression"));
  EXPECT_THAT(found[1], HasSubstr("unknown-unit"));
  EXPECT_THAT(found[2], HasSubstr("the default \"none\""));
  EXPECT_THAT(found[3], HasSubstr("did you mean \"lists/x.csv\"?"));
  EXPECT_THAT(found[4], HasSubstr("becomes \"tomorrow\""));
}

TEST(LintMapping, LooksIntoLists) {
  EXPECT_THAT(Lint("mapping: {t: {from: B, codes: {file: lists/x.csv, from: old, to: new}}}\n"), IsEmpty());
  EXPECT_THAT(Lint("mapping: {t: {from: B, codes: {file: lists/x.csv, from: old, to: knew}}}\n"),
              ElementsAre(HasSubstr("no column \"knew\"; did you mean \"new\"?")));
  EXPECT_THAT(Lint("mapping: {t: {from: B, codes: {dataset: e, from: old, to: new}}}\n"),
              ElementsAre(HasSubstr("there is no dataset \"e\"")));
  EXPECT_THAT(Lint("mapping: {t: {from: B, codes: {dataset: d, from: n, to: x}}}\n"),
              ElementsAre(HasSubstr("no field \"x\"")));
  EXPECT_THAT(Lint("mapping: {d: {value: 2026-13-01}}\n"), ElementsAre(HasSubstr("the constant")));
  EXPECT_THAT(Lint("mapping: {t: {from: A, booleans: {yes: [J]}}}\n"), ElementsAre(HasSubstr("bad-mapping")));
  EXPECT_THAT(Lint("mapping: {d: {from: A, parse: dd/MM/yyyy, pivot: 30}}\n"),
              ElementsAre(HasSubstr("pivot")));
}

}  // namespace
}  // namespace concordat::mapping
