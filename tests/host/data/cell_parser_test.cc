// Whole columns: which cells are missing, markers, values or unparseable, and the values themselves.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/data/parse.h"

namespace concordat::data {
namespace {

using testing::ElementsAre;

constexpr CellState kValue = CellState::kValue;
constexpr CellState kMissing = CellState::kMissing;
constexpr CellState kMarker = CellState::kMarker;
constexpr CellState kUnparseable = CellState::kUnparseable;

Column Filled(const Field& field, const std::vector<std::string>& cells,
              const std::vector<std::string>& more_missing = {}) {
  auto text = std::make_shared<TextColumn>();
  for (const std::string& cell : cells) text->Append(cell);
  Column column;
  column.text = std::move(text);
  const auto parser = CellParser::Create(field, more_missing);
  EXPECT_TRUE(parser.ok()) << parser.status();
  parser->Fill(column);
  return column;
}

TEST(CellParser, AStringIsMissingOnlyWhenItIsEmpty) {
  const Column column = Filled({.name = "s"}, {"a", "", " ", "n/a"});
  EXPECT_THAT(column.states, ElementsAre(kValue, kMissing, kValue, kValue));
  EXPECT_TRUE(column.integers.empty());
  EXPECT_TRUE(column.numbers.empty());
}

TEST(CellParser, MissingTokensOfFieldAndFeedAndMarkersAreToldApart) {
  const Field field = {.name = "v",
                       .type = LogicalType::kNumber,
                       .missing_tokens = {"n/a"},
                       .markers = {{"c", "suppressed"}, {"z", "na"}}};
  const Column column = Filled(field, {"1.5", "n/a", "-", "c", "z", "C", "", "x"}, {"-"});
  EXPECT_THAT(column.states, ElementsAre(kValue, kMissing, kMissing, kMarker, kMarker, kUnparseable, kMissing,
                                         kUnparseable));
  EXPECT_THAT(column.numbers, ElementsAre(1.5, 0, 0, 0, 0, 0, 0, 0));
}

TEST(CellParser, TokensOfStringsCountToo) {
  const Column column = Filled({.name = "s", .missing_tokens = {"unknown"}, .markers = {{"*", "withheld"}}},
                               {"unknown", "*", "unknowns", "x"});
  EXPECT_THAT(column.states, ElementsAre(kMissing, kMarker, kValue, kValue));
}

TEST(CellParser, ATokenOfSixtyThreeBytesOrMoreIsStillFound) {
  const std::string longest(70, 'x');
  const Column column = Filled({.name = "s", .missing_tokens = {longest}}, {longest, std::string(64, 'x')});
  EXPECT_THAT(column.states, ElementsAre(kMissing, kValue));
}

TEST(CellParser, BlanksAreNotTrimmedUnlessTheFieldSaysSo) {
  EXPECT_THAT(Filled({.name = "n", .type = LogicalType::kInteger}, {" 1", "2 ", " "}).states,
              ElementsAre(kUnparseable, kUnparseable, kUnparseable));
  const Column trimmed =
      Filled({.name = "n", .type = LogicalType::kInteger, .trim = true}, {" 1", "2 ", " "});
  EXPECT_THAT(trimmed.states, ElementsAre(kValue, kValue, kMissing));
  EXPECT_THAT(trimmed.integers, ElementsAre(1, 2, 0));
  EXPECT_THAT(Filled({.name = "s", .trim = true}, {" ", " a "}).states, ElementsAre(kMissing, kValue));
}

TEST(CellParser, EachTypeHasItsOwnValues) {
  EXPECT_THAT(Filled({.name = "b", .type = LogicalType::kBoolean}, {"Yes", "0", "maybe"}).integers,
              ElementsAre(1, 0, 0));
  EXPECT_THAT(Filled({.name = "d", .type = LogicalType::kDate}, {"1970-01-02", "1970-02-30"}).integers,
              ElementsAre(1, 0));
  EXPECT_THAT(
      Filled({.name = "m", .type = LogicalType::kDate, .format = "yyyy-MM"}, {"1970-02", "1970-2"}).states,
      ElementsAre(kValue, kUnparseable));
  EXPECT_THAT(Filled({.name = "t", .type = LogicalType::kTime}, {"00:00:01", "24:00:00"}).integers,
              ElementsAre(1'000'000, 0));
  EXPECT_THAT(Filled({.name = "ts", .type = LogicalType::kTimestamp}, {"1970-01-01T00:00:01Z"}).integers,
              ElementsAre(1'000'000));
}

TEST(CellParser, AFieldWithABadFormatIsRefusedByName) {
  EXPECT_FALSE(CellParser::Create({.name = "d", .type = LogicalType::kDate, .format = "YYYY"}).ok());
  EXPECT_TRUE(CellParser::Create({.name = "n", .type = LogicalType::kInteger, .format = "i64"}).ok());
}

TEST(CellParser, RefillingAColumnLeavesNothingOfTheOldOne) {
  Column column = Filled({.name = "n", .type = LogicalType::kInteger}, {"1", "2", "3"});
  auto text = std::make_shared<TextColumn>();
  text->Append("x");
  column.text = text;
  CellParser::Create({.name = "n", .type = LogicalType::kInteger})->Fill(column);
  EXPECT_THAT(column.states, ElementsAre(kUnparseable));
  EXPECT_THAT(column.integers, ElementsAre(0));
}

}  // namespace
}  // namespace concordat::data
