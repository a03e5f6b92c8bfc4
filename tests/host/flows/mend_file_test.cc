#include "host/flows/mend_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace concordat::flows {
namespace {

using ::testing::ElementsAre;

TEST(MendFile, HasTheSourcesColumnsThenTheRecordItsReasonsAndItsRawText) {
  EXPECT_EQ(MendFileHeader({"Crime ID", "LSOA, code"}), "Crime ID,\"LSOA, code\",_record,_reasons,_raw\r\n");
}

TEST(MendFile, KeepsCellsAsTheyWereSent) {
  store::QuarantinedRecord record;
  record.record = 7;
  record.cells = {"=1+1", "a \"b\", c"};
  record.reasons = "code: too short";
  EXPECT_EQ(MendFileLine(record, 2), "=1+1,\"a \"\"b\"\", c\",7,code: too short,\r\n");
}

TEST(MendFile, GivesAnUnreadableRecordEmptyCellsAndItsText) {
  store::QuarantinedRecord record;
  record.record = 3;
  record.unreadable = true;
  record.raw = "a,\"b";
  EXPECT_EQ(MendFileLine(record, 2), ",,3,,\"a,\"\"b\"\r\n");
}

adapters::CorrectionSet Corrections(std::vector<adapters::Correction> list) {
  return {{"a", "b"}, std::move(list)};
}

TEST(Corrections, ComeBackAsTheyWereKept) {
  const adapters::CorrectionSet set = Corrections({{2, false, {"x", "y,\"z\""}}, {5, true, {}}});
  const auto back = CorrectionsFromJson(CorrectionsToJson(set));
  ASSERT_TRUE(back.ok());
  EXPECT_THAT(back->columns, ElementsAre("a", "b"));
  ASSERT_EQ(back->corrections.size(), 2u);
  EXPECT_EQ(back->corrections[0].record, 2u);
  EXPECT_THAT(back->corrections[0].cells, ElementsAre("x", "y,\"z\""));
  EXPECT_TRUE(back->corrections[1].drop);
}

TEST(Corrections, TheLaterWordOnARecordCounts) {
  const adapters::CorrectionSet merged =
      MergeCorrections(Corrections({{1, true, {}}, {4, false, {"old", ""}}}),
                       Corrections({{4, false, {"new", ""}}, {9, true, {}}}));
  ASSERT_EQ(merged.corrections.size(), 3u);
  EXPECT_EQ(merged.corrections[1].record, 4u);
  EXPECT_THAT(merged.corrections[1].cells, ElementsAre("new", ""));
}

TEST(Corrections, DamagedOnesAreDataLoss) {
  EXPECT_EQ(CorrectionsFromJson("{\"columns\": 1}").status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace concordat::flows
