// A steward's mended records take the place of the source's, before validate sees them.
#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "session_runner.h"

namespace concordat::adapters {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Records 1 to 6; 3 and 6 are unreadable.
constexpr char kSource[] = "a,b,c\n1,-2,x\n2,3,x\n3,bad\n4,5,x\n5,6,x\nbad\n";

Correction Replace(uint64_t record, std::vector<std::string> cells) {
  return {record, false, std::move(cells)};
}
Correction Drop(uint64_t record) { return {record, true, {}}; }

class CorrectionsTest : public NothingLeftBehind {
 protected:
  Result Correct(CorrectionSet corrections, std::string batch = "0") const {
    Trial trial;
    trial.catalog = &catalog_;
    trial.adapter = "obedient";
    trial.source = kSource;
    trial.options = {{"batch", std::move(batch)}};
    trial.corrections = std::move(corrections);
    return RunTrial(trial);
  }

  const Catalog catalog_ = LoadCatalog(CONCORDAT_BROKEN_ADAPTER_DIR);
};

TEST_F(CorrectionsTest, AReplacedRecordKeepsItsNumberAndLine) {
  const Result result =
      Correct({{"a", "b", "c"}, {Replace(1, {"one", "2", "y"}), Replace(5, {"five", "6", "y"})}});
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.records, ElementsAre("1@2: one|2|y", "2@3: 2|3|x", "4@5: 4|5|x", "5@6: five|6|y"));
}

TEST_F(CorrectionsTest, ADroppedRecordIsGoneWhetherItWasReadableOrNot) {
  const Result result = Correct({{"a", "b", "c"}, {Drop(2), Drop(3)}});
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.records, ElementsAre("1@2: 1|-2|x", "4@5: 4|5|x", "5@6: 5|6|x"));
  EXPECT_THAT(result.unreadable, ElementsAre("6@7: 1 cells [bad]"));
  EXPECT_EQ(result.facts.records, 4u);
  EXPECT_EQ(result.facts.unreadable, 1u);
}

TEST_F(CorrectionsTest, AnUnreadableRecordBecomesReadableInItsPlace) {
  const Result result =
      Correct({{"a", "b", "c"}, {Replace(3, {"3", "4", "z"}), Replace(6, {"6", "7", "z"})}});
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.records, ElementsAre("1@2: 1|-2|x", "2@3: 2|3|x", "3@4: 3|4|z", "4@5: 4|5|x",
                                          "5@6: 5|6|x", "6@7: 6|7|z"));
  EXPECT_THAT(result.unreadable, IsEmpty());
}

TEST_F(CorrectionsTest, ColumnsThatTheCorrectionLacksStayAsTheyWere) {
  const Result result = Correct({{"c"}, {Replace(2, {"new"}), Replace(3, {"new"})}});
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.records,
              ElementsAre("1@2: 1|-2|x", "2@3: 2|3|new", "3@4: ||new", "4@5: 4|5|x", "5@6: 5|6|x"));
}

TEST_F(CorrectionsTest, ValidateSeesTheMendedRecords) {
  const Result before = Correct({});
  EXPECT_THAT(before.findings, ElementsAre(HasSubstr("1 b_positive fail")));
  const Result result = Correct({{"b"}, {Replace(1, {"2"}), Replace(4, {"-9"})}});
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.findings, ElementsAre("4 b_positive fail: \"-9\" will not do (b=-9)"));
}

TEST_F(CorrectionsTest, ItDoesNotMatterHowTheSourceIsCutIntoBatches) {
  const CorrectionSet corrections = {{"b", "a"},
                                     {Drop(1), Replace(3, {"y", "x"}), Replace(5, {"", "z"}), Drop(6)}};
  const std::vector<std::string> expected = Correct(corrections).records;
  EXPECT_THAT(expected, ElementsAre("2@3: 2|3|x", "3@4: x|y|", "4@5: 4|5|x", "5@6: z||x"));
  for (const char* batch : {"1", "2", "3", "4", "5"})
    EXPECT_EQ(Correct(corrections, batch).records, expected) << batch;
}

TEST_F(CorrectionsTest, EveryRecordMayBeDropped) {
  const Result result = Correct({{"a"}, {Drop(1), Drop(2), Drop(3), Drop(4), Drop(5), Drop(6)}}, "2");
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.records, IsEmpty());
  EXPECT_EQ(result.facts.records, 0u);
}

TEST_F(CorrectionsTest, WhatCannotBePutInPlaceIsRefused) {
  const struct {
    CorrectionSet corrections;
    const char* message;
  } cases[] = {
      {{{"a"}, {Replace(7, {"x"})}}, "record 7 is to be mended, and the source has no such record"},
      {{{"d"}, {Replace(1, {"x"})}}, "column \"d\" of the mended records is not in the source"},
      {{{"a"}, {Replace(2, {"x"}), Replace(2, {"y"})}}, "record 2 is mended twice"},
      {{{"a", "b"}, {Replace(2, {"x"})}}, "the mended record 2 has 1 cells for 2 columns"},
  };
  for (const auto& [corrections, message] : cases) {
    const Result result = Correct(corrections);
    EXPECT_TRUE(absl::IsInvalidArgument(result.status)) << result.status;
    EXPECT_THAT(result.message(), HasSubstr(message));
  }
}

}  // namespace
}  // namespace concordat::adapters
