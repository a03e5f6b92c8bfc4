// The constabulary's adapter in a real worker, on the samples of its folder and on small files.
#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/files.h"
#include "tests/host/adapters/partner_adapter_test.h"

namespace concordat::adapters {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ConstabularyTest : public PartnerAdapterTest {
 protected:
  ConstabularyTest() : PartnerAdapterTest("constabulary", "force_areas") {}
};

constexpr char kId[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

TEST_F(ConstabularyTest, AGoodFileHasNoFailures) {
  const Result result = Sampled("good_2026-05-derwent-street.csv");
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.records, SizeIs(5));
  EXPECT_THAT(Failures(result), IsEmpty());
  ASSERT_THAT(result.dimensions, SizeIs(1));
  EXPECT_EQ(result.dimensions[0].name, "area_coverage");
  EXPECT_EQ(result.dimensions[0].score, 100);
}

TEST_F(ConstabularyTest, EveryPlantedDefectIsFound) {
  const Result result = Sampled("bad_2026-05-derwent-street.csv");
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(
      Failures(result),
      ElementsAre(
          "2 crime_id_as_type_asks fail: Burglary needs a Crime ID of 64 hexadecimal digits, and \"12AB\" "
          "has 4 characters",
          "3 crime_id_as_type_asks fail: Anti-social behaviour has no Crime ID, and one stands here",
          "4 crime_id_as_type_asks fail: Robbery needs a Crime ID of 64 hexadecimal digits, and there is "
          "none",
          "4 outcome_needs_crime_id fail: the outcome \"Under investigation\" stands without a Crime ID",
          "5 falls_within_reported_by fail: reported by Derwent Constabulary, falls within Fenwick Police",
          "6 lsoa_in_force_area fail: E01088001 lies in no area of Derwent Constabulary",
          "7 point_in_force_area fail: the point 53.050100, -1.480200 lies outside Alderbrook; longitude and "
          "latitude are swapped",
          "8 month_of_file fail: the month is 2026-04 in a file of 2026-05"));
  EXPECT_THAT(
      result.findings,
      Contains(HasSubstr(
          "5 lsoa_in_force_area unresolved: the list of force areas does not know \"Fenwick Police\"")));
  EXPECT_THAT(result.unreadable, ElementsAre("9@10: it has 2 cells where the header has 12 [cut,off]"));
  ASSERT_THAT(result.dimensions, SizeIs(1));
  EXPECT_EQ(result.dimensions[0].basis,
            "1 of 3 areas of the force report a crime; none in Fenwick, Quarrydale");
}

TEST_F(ConstabularyTest, FilesThatWereGluedTogetherAreRead) {
  const Result result = Sampled("good_glued.csv");
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.records, SizeIs(5));
  EXPECT_THAT(Failures(result), IsEmpty());
  EXPECT_THAT(result.facts.notes, ElementsAre("2 files glued together: the header stands 2 times"));
}

TEST_F(ConstabularyTest, AnotherKindOfFileIsNamed) {
  const std::pair<const char*, const char*> cases[] = {
      {"bad_outcomes.csv", "this is the file of outcomes"},
      {"bad_no_header.csv", "its first line has no column \"Crime ID\""}};
  for (const auto& [name, message] : cases) {
    const Result result = Sampled(name);
    EXPECT_TRUE(absl::IsInvalidArgument(result.status)) << result.status;
    EXPECT_THAT(result.message(), HasSubstr(message));
  }
  EXPECT_THAT(Read("").message(), HasSubstr("the file is empty"));
}

TEST_F(ConstabularyTest, ColumnsInAnotherOrderAndAQuotedPlaceAreRead) {
  const Result result =
      Read(fmt::format("Crime type,Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA "
                       "code,Last outcome category\r\n"
                       "Burglary,{},2026-05,F,F,,,\"On or near \"\"The Mill\"\", Marlham\",,\r\n\r\n",
                       kId));
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(
      result.records,
      ElementsAre(fmt::format("1@2: {}|2026-05|F|F|||On or near \"The Mill\", Marlham|||Burglary||", kId)));
  EXPECT_EQ(result.facts.blank, 1u);
}

TEST_F(ConstabularyTest, TheMonthAndTheTypesWithoutIdAreOptions) {
  const std::string file = Sample("good_2026-05-derwent-street.csv");
  EXPECT_THAT(Failures(Read(file, {{"month", "2026-06"}})), SizeIs(5));
  EXPECT_THAT(Failures(Read(file, {{"types_without_id", "Drugs|Robbery"}})), SizeIs(2));
  EXPECT_THAT(Read(file, {{"month", "June"}}).message(), HasSubstr("option month: \"June\" is not a month"));
}

// Published files; the counts are those of another program's reading of their lines. The box is wider than
// the county, the ranges leave out codes that were made later: some records lie outside both.
TEST_F(ConstabularyTest, RealFilesAgreeWithIndependentCounts) {
  const struct {
    const char* name;
    size_t records, outside_lsoas, outside_box;
  } files[] = {{"2019-01-derbyshire-street.csv", 7987, 674, 13},
               {"2019-02-derbyshire-street.csv", 8087, 642, 21}};
  for (const auto& file : files) {
    const auto content =
        ReadFile(std::string(CONCORDAT_SOURCE_DIR "/../shared/data/police/street/") + file.name);
    if (!content.ok()) {
      fmt::print("skipped: {} is not here\n", file.name);
      continue;
    }
    Trial trial;
    trial.catalog = &catalog_;
    trial.adapter = "constabulary";
    trial.source = *content;
    trial.source_name = file.name;
    const std::string force = "Derbyshire Constabulary";
    trial.references.emplace_back(
        "force_areas",
        Table({{"force", "area", "lsoa_from", "lsoa_to", "west", "south", "east", "north"},
               {force, "Derby", "E01013457", "E01013607", "-2.1", "52.6", "-1.1", "53.6"},
               {force, "Districts", "E01019391", "E01020032", "-2.1", "52.6", "-1.1", "53.6"}}));
    const Result result = RunTrial(trial);
    ASSERT_TRUE(result.status.ok()) << result.status;
    EXPECT_THAT(result.records, SizeIs(file.records));
    size_t lsoas = 0, points = 0, others = 0;
    for (const std::string& failure : Failures(result)) {
      const bool lsoa = failure.find(" lsoa_in_force_area ") != std::string::npos;
      const bool point = failure.find(" point_in_force_area ") != std::string::npos;
      ++(lsoa ? lsoas : point ? points : others);
    }
    EXPECT_EQ(lsoas, file.outside_lsoas);
    EXPECT_EQ(points, file.outside_box);
    EXPECT_EQ(others, 0u);
  }
}

}  // namespace
}  // namespace concordat::adapters
