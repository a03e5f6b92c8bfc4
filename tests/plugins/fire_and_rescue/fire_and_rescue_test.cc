// The fire service's adapter in a real worker, on the samples of its folder and on small extracts.
#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/files.h"
#include "tests/host/adapters/session_runner.h"

namespace concordat::adapters {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string Sample(const std::string& name) {
  const auto content = ReadFile(CONCORDAT_SOURCE_DIR "/plugins/fire_and_rescue/samples/" + name);
  EXPECT_TRUE(content.ok()) << content.status();
  return content.value_or("");
}

data::RawBatch StationTable() {
  std::vector<std::vector<std::string>> rows;
  std::string cell;
  rows.emplace_back();
  for (const char c : Sample("stations.csv")) {
    if (c != ',' && c != '\n') {
      cell += c;
      continue;
    }
    rows.back().push_back(std::move(cell));
    cell.clear();
    if (c == '\n') rows.emplace_back();
  }
  rows.pop_back();
  return Table(rows);
}

class FireAndRescueTest : public NothingLeftBehind {
 protected:
  Result Read(std::string source, std::vector<std::pair<std::string, std::string>> options = {}) const {
    Trial trial;
    trial.catalog = &catalog_;
    trial.adapter = "fire_and_rescue";
    trial.source = std::move(source);
    trial.options = std::move(options);
    trial.references.emplace_back("fire_stations", StationTable());
    return RunTrial(trial);
  }

  // The extract with this between title and END line.
  Result ReadLines(const std::string& lines, size_t incidents) const {
    return Read(fmt::format("MOBS EXTRACT;Derwent;2026-05-01;2026-05-31\r\n{}END;{}\r\n", lines, incidents));
  }

  const Catalog catalog_ = LoadCatalog(CONCORDAT_ADAPTER_DIR);
};

TEST_F(FireAndRescueTest, AnIncidentAndItsPumpLinesAreOneRecord) {
  const Result result = Read(Sample("good.txt"));
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.columns, ElementsAre("incident_number", "station_code", "incident_type", "called_at",
                                          "first_arrival_at", "pumps", "appliances", "lsoa_code"));
  EXPECT_THAT(
      result.records,
      ElementsAre("1@2: 002145-2026|D01|FP|01/05/2026 00:42|01/05/2026 00:47|2|D01P1 D02P1|E01099001",
                  "2@5: 002146-2026|D05|WR|03/05/2026 15:10|03/05/2026 15:21|2|D05P1 D05B1|E01099003",
                  "3@9: 002147-2026|D09|FA|07/05/2026 09:02||0|D09P1|E01099005",
                  "4@11: 002148-2026|D01|HR|31/05/2026 23:55|31/05/2026 23:59|2|D01P1 D01A1|E01099001"));
  EXPECT_THAT(result.unreadable, IsEmpty());
  EXPECT_EQ(result.facts.blank, 1u);
  EXPECT_THAT(result.facts.notes,
              ElementsAre("incident extract of Derwent Fire and Rescue Service, 2026-05-01 to 2026-05-31"));
}

TEST_F(FireAndRescueTest, AGoodExtractHasNoFailures) {
  const Result result = Read(Sample("good.txt"));
  EXPECT_THAT(result.findings, ElementsAre("1 appliance_at_station skip", "1 type_fits_appliances skip",
                                           "3 appliance_at_station skip", "3 type_fits_appliances skip"));
}

TEST_F(FireAndRescueTest, CoverageCountsTheStationsThatAreAlwaysCrewed) {
  const Result good = Read(Sample("good.txt"));
  ASSERT_THAT(good.dimensions, SizeIs(1));
  EXPECT_EQ(good.dimensions[0].name, "station_coverage");
  EXPECT_EQ(good.dimensions[0].score, 100);
  const Result bad = Read(Sample("bad.txt"));
  ASSERT_THAT(bad.dimensions, SizeIs(1));
  EXPECT_DOUBLE_EQ(bad.dimensions[0].score, 200.0 / 3);
  EXPECT_EQ(bad.dimensions[0].basis,
            "2 of 3 wholetime and day-crewed stations attended an incident; none by D02 Marlham");
}

TEST_F(FireAndRescueTest, EveryPlantedDefectIsFound) {
  const Result result = Read(Sample("bad.txt"));
  ASSERT_TRUE(result.status.ok()) << result.status;
  std::vector<std::string> failures;
  for (const std::string& finding : result.findings) {
    if (finding.find(" fail: ") != std::string::npos)
      failures.push_back(finding.substr(0, finding.find(" (")));
  }
  EXPECT_THAT(
      failures,
      ElementsAre("2 station_known fail: \"D44\" is not in the list of stations",
                  "3 type_fits_appliances fail: an incident of type WR was attended by no boat",
                  "4 appliance_at_station fail: D09B1 attended, but station D09 Fenwick Green has no boat"));
  ASSERT_THAT(result.unreadable, SizeIs(3));
  EXPECT_THAT(result.unreadable[0],
              HasSubstr("5@10: its INCIDENT line has 5 cells where 6 are expected [INCIDENT;"));
  EXPECT_THAT(
      result.unreadable[1],
      HasSubstr("6@12: the PUMP line on line 13 belongs to incident 002151-2026, not to 002150-2026 ["));
  EXPECT_THAT(result.unreadable[2], HasSubstr("7@14: the line begins with \"MESSAGE\""));
}

TEST_F(FireAndRescueTest, AnExtractThatIsNotWholeIsRefusedAsAWhole) {
  const struct {
    std::string source;
    const char* message;
  } cases[] = {
      {Sample("bad_cut_off.txt"),
       "the extract was cut off: its END line is missing after line 4; export it again"},
      {Sample("bad_not_an_extract.csv"),
       "this is no incident extract: its first line must begin with \"MOBS EXTRACT;\""},
      {"", "this is no incident extract"},
      {"MOBS EXTRACT;D;a;b\nEND;1\n", "its END line on line 2 promises 1 incidents, and 0 stand in it"},
      {"MOBS EXTRACT;D;a;b\nEND\n", "its END line on line 2 promises no number of incidents"},
  };
  for (const auto& [source, message] : cases) {
    const Result result = Read(source);
    EXPECT_TRUE(absl::IsInvalidArgument(result.status)) << result.status;
    EXPECT_THAT(result.message(), HasSubstr(message));
  }
}

TEST_F(FireAndRescueTest, LineEndingsAndTheLastLinesDoNotMatter) {
  const Result result = Read("\xEF\xBB\xBFMOBS EXTRACT;D;a;b\r\nINCIDENT;1;D01;FP;x;y\r\nEND;1");
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.records, ElementsAre("1@2: 1|D01|FP|x||0||y"));
}

TEST_F(FireAndRescueTest, AnUnknownStationIsToldOnceWhoeverNamesIt) {
  const Result result = ReadLines(
      "INCIDENT;1;D98;FP;x;y\r\nPUMP;1;D99B1;01/05/2026 00:49\r\n"
      "INCIDENT;2;;FP;x;y\r\nPUMP;2;nonsense;01/05/2026 00:49\r\n",
      2);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.findings, ElementsAre(HasSubstr("1 station_known fail: \"D98\" is not in the list"),
                                           "1 type_fits_appliances skip",
                                           HasSubstr("2 station_known fail: \"nonsense\" is not in the list"),
                                           "2 appliance_at_station skip", "2 type_fits_appliances skip"));
}

TEST_F(FireAndRescueTest, WhichTypesNeedWhatIsAnOption) {
  const std::string extract =
      "MOBS EXTRACT;D;a;b\nINCIDENT;1;D01;RTC;x;y\nPUMP;1;D01P1;01/05/2026 00:49\nEND;1\n";
  EXPECT_THAT(Read(extract, {{"type_needs", "RTC=rescue"}}).findings,
              ::testing::Contains(HasSubstr("attended by no rescue unit")));
  const Result wrong = Read(extract, {{"type_needs", "RTC=helicopter"}});
  EXPECT_TRUE(absl::IsAborted(wrong.status)) << wrong.status;
  EXPECT_THAT(wrong.message(), HasSubstr("option type_needs: \"RTC=helicopter\" is not TYPE=APPLIANCE"));
}

TEST_F(FireAndRescueTest, ALargeExtractIsReadInBatches) {
  std::string lines;
  constexpr size_t kIncidents = 30'000;
  for (size_t i = 1; i <= kIncidents; ++i) {
    lines += fmt::format(
        "INCIDENT;{};D01;FP;01/05/2026 00:42;E01099001\r\nPUMP;{};D02P1;01/05/2026 00:49\r\n", i, i);
  }
  const Result result = ReadLines(lines, kIncidents);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_GT(result.batches, 1u);
  ASSERT_THAT(result.records, SizeIs(kIncidents));
  EXPECT_EQ(result.records.back(),
            "30000@60000: 30000|D01|FP|01/05/2026 00:42|01/05/2026 00:49|1|D02P1|E01099001");
}

}  // namespace
}  // namespace concordat::adapters
