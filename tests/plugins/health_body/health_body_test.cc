// The health body's adapter in a real worker, on the samples of its folder and on small files.
#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/host/adapters/partner_adapter_test.h"

namespace concordat::adapters {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class HealthBodyTest : public PartnerAdapterTest {
 protected:
  HealthBodyTest() : PartnerAdapterTest("health_body", "practices") {}
};

constexpr char kHead[] =
    "Returned,1 May 2026\nCode,List size,Males 0-64,Males 65+,Females 0-64,Females 65+\n";

TEST_F(HealthBodyTest, AGoodReturnHasNoFailures) {
  const Result result = Sampled("good.csv");
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.columns,
              ElementsAre("practice_code", "practice_name", "extract_date", "list_size", "male_0_4",
                          "male_5_14", "male_15_44", "male_45_64", "male_65_84", "male_85_plus", "female_0_4",
                          "female_5_14", "female_15_44", "female_45_64", "female_65_84", "female_85_plus"));
  ASSERT_THAT(result.records, SizeIs(3));
  EXPECT_EQ(result.records[0],
            "1@5: C99001|Castle Surgery|2026-05-01|8271|231|507|1622|1013|598|83|219|488|1690|1041|667|112");
  EXPECT_THAT(Failures(result), IsEmpty());
  EXPECT_THAT(result.facts.notes, ElementsAre("Patients registered by practice, lists of 2026-05-01",
                                              "1 lines of remarks below the totals"));
  ASSERT_THAT(result.dimensions, SizeIs(1));
  EXPECT_EQ(result.dimensions[0].score, 100);
}

TEST_F(HealthBodyTest, EveryPlantedDefectIsFound) {
  const Result result = Sampled("bad.csv");
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(
      Failures(result),
      ElementsAre("2 practice_code_form fail: \"C9902\" is not a capital letter and five digits",
                  "2 practice_open fail: C9902 is not in the register of practices",
                  "3 bands_make_list_size fail: the bands add up to 12136, and the list size is 12163",
                  "4 practice_open fail: C99004 Old Mill Surgery closed on 2025-10-01, and the lists are of "
                  "2026-05-01",
                  "5 list_size_jump fail: the list went from 4120 to 2055, by 50%",
                  "5 list_size_rounded fail: all its bands are multiples of 5"));
  EXPECT_THAT(result.unreadable,
              ElementsAre("6@10: it has 3 cells where the header has 15 [C99001,Castle Surgery,12]"));
  EXPECT_THAT(result.facts.notes,
              Contains("the line of totals says 99999 patients, and the rows add up to 28776"));
}

TEST_F(HealthBodyTest, WhatIsNoReturnIsRefusedAsAWhole) {
  const std::pair<std::string, const char*> cases[] = {
      {Sample("bad_cut_off.csv"), "it ends without its line of totals after 1 practices"},
      {Sample("bad_no_day.csv"), "on which day the lists were counted"},
      {"a,b\n1,2\n", "no line has the headings"},
      {"", "no line has the headings"},
      {"1 May 2026\nCode,List size,Males 0-4\n", "no age bands of both sexes"},
      {"1 May 2026\nCode,List size,Males 0-4,M 0 to 4,Females 0-4\n", "the age band male_0_4 twice"},
  };
  for (const auto& [source, message] : cases) {
    const Result result = Read(source);
    EXPECT_TRUE(absl::IsInvalidArgument(result.status)) << result.status;
    EXPECT_THAT(result.message(), HasSubstr(message));
  }
}

TEST_F(HealthBodyTest, ASuppressedBandLeavesAGapThatIsNoMistake) {
  EXPECT_THAT(Failures(Read(std::string(kHead) + "C99001,8211,3011,,4013,1101\nTotal,8211\n")), IsEmpty());
  EXPECT_THAT(
      Failures(Read(std::string(kHead) + "C99001,8211,8011,,4013,1101\nTotal,8211\n")),
      ElementsAre("1 bands_make_list_size fail: the bands add up to 13125, and the list size is 8211"));
  EXPECT_THAT(Read(std::string(kHead) + "C99001,8211,*,3011,4013,1101\nTotal,8211\n").findings,
              Contains(HasSubstr("1 bands_make_list_size unresolved: male_0_64 is no count")));
}

TEST_F(HealthBodyTest, HowMuchAListMayMoveIsAnOption) {
  const std::string moved = std::string(kHead) + "C99001,9031,4011,1,4013,1006\nTotal,9031\n";
  EXPECT_THAT(Failures(Read(moved)), IsEmpty());
  EXPECT_THAT(Failures(Read(moved, {{"largest_jump", "5"}})),
              ElementsAre("1 list_size_jump fail: the list went from 8210 to 9031, by 10%"));
  EXPECT_THAT(Failures(Read(moved, {{"largest_jump", "5"}, {"least_practices_size", "10000"}})), IsEmpty());
}

}  // namespace
}  // namespace concordat::adapters
