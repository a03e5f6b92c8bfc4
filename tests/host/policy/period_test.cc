#include "host/policy/period.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace concordat::policy {
namespace {

using testing::HasSubstr;

int64_t Day(std::string_view text) { return ParseDay(text).value(); }

Period Parsed(std::string_view text, int month = 4, int day = 1) {
  const auto period = ParsePeriod(text, month, day);
  EXPECT_TRUE(period.ok()) << text << ": " << period.status();
  return period.ok() ? *period : Period{};
}

struct PeriodCase {
  std::string text;
  std::string from;
  std::string to;
  std::string words;
};

class Periods : public testing::TestWithParam<PeriodCase> {};

TEST_P(Periods, HaveTheirDatesAndWords) {
  const Period period = Parsed(GetParam().text);
  EXPECT_EQ(period.id, GetParam().text);
  EXPECT_EQ(period.from, Day(GetParam().from));
  EXPECT_EQ(period.to, Day(GetParam().to));
  EXPECT_EQ(period.InWords(), GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    AllForms, Periods,
    testing::Values(
        PeriodCase{"2026-05", "2026-05-01", "2026-05-31", "May 2026 (1 May 2026 to 31 May 2026)"},
        PeriodCase{"2024-02", "2024-02-01", "2024-02-29",
                   "February 2024 (1 February 2024 to 29 February 2024)"},
        PeriodCase{"2026-12", "2026-12-01", "2026-12-31",
                   "December 2026 (1 December 2026 to 31 December 2026)"},
        PeriodCase{"2026-Q3", "2026-07-01", "2026-09-30", "2026-Q3 (1 July 2026 to 30 September 2026)"},
        PeriodCase{"2026", "2026-01-01", "2026-12-31", "2026 (1 January 2026 to 31 December 2026)"},
        PeriodCase{"2026/27", "2026-04-01", "2027-03-31", "2026/27 (1 April 2026 to 31 March 2027)"},
        PeriodCase{"1999/00", "1999-04-01", "2000-03-31", "1999/00 (1 April 1999 to 31 March 2000)"},
        PeriodCase{"2026/27-Q3", "2026-10-01", "2026-12-31",
                   "2026/27-Q3 (1 October 2026 to 31 December 2026)"},
        PeriodCase{"2026/27-Q4", "2027-01-01", "2027-03-31", "2026/27-Q4 (1 January 2027 to 31 March 2027)"},
        PeriodCase{"2026-W21", "2026-05-18", "2026-05-24", "week 21 of 2026 (18 May 2026 to 24 May 2026)"},
        PeriodCase{"2026-W01", "2025-12-29", "2026-01-04",
                   "week 1 of 2026 (29 December 2025 to 4 January 2026)"},
        PeriodCase{"2026-W53", "2026-12-28", "2027-01-03",
                   "week 53 of 2026 (28 December 2026 to 3 January 2027)"},
        PeriodCase{"2026-05-20", "2026-05-20", "2026-05-20", "20 May 2026 (one day)"}));

TEST(Periods, FinancialYearsBeginWhereThePartnershipSays) {
  EXPECT_EQ(Parsed("2026/27", 9, 1).from, Day("2026-09-01"));
  EXPECT_EQ(Parsed("2026/27", 9, 1).to, Day("2027-08-31"));
  EXPECT_EQ(Parsed("2026/27-Q1", 4, 6).to, Day("2026-07-05"));
  EXPECT_EQ(Parsed("2026/27-Q4", 1, 31).from, Day("2026-10-31"));
  EXPECT_EQ(Parsed("2026/27-Q2", 1, 31).from, Day("2026-04-30"));
}

TEST(Periods, QuartersOfAYearMeetWithoutGaps) {
  for (const auto& [month, day] :
       std::vector<std::pair<int, int>>{{1, 1}, {4, 1}, {4, 6}, {1, 31}, {11, 30}}) {
    const Period year = Parsed("2026/27", month, day);
    int64_t next = year.from;
    for (const std::string_view quarter : {"2026/27-Q1", "2026/27-Q2", "2026/27-Q3", "2026/27-Q4"}) {
      EXPECT_EQ(Parsed(quarter, month, day).from, next);
      next = Parsed(quarter, month, day).to + 1;
    }
    EXPECT_EQ(next, year.to + 1);
  }
}

TEST(Periods, WhatIsNoneIsRefusedWithAllForms) {
  for (const std::string_view text :
       {"", "2026-13", "2026-00", "2026-5", "26-05", "2026-Q0", "2026-Q5", "2026/28", "2026/2027",
        "2026/27-Q5", "2026-W00", "2026-W54", "2025-W53", "2026-02-30", "2026-02-29", "0000", "May 2026",
        "2026-05 ", "2026-q3"}) {
    const auto period = ParsePeriod(text, 4, 1);
    ASSERT_FALSE(period.ok()) << text;
    EXPECT_THAT(std::string(MessageOf(period.status())), HasSubstr("2026/27-Q3 (its quarter)")) << text;
  }
}

TEST(Durations, AreIso8601) {
  struct Case {
    std::string_view text;
    int months;
    int64_t days;
    int64_t seconds;
  };
  for (const Case& test :
       {Case{"P1M", 1, 0, 0}, Case{"P20D", 0, 20, 0}, Case{"P1Y6M", 18, 0, 0}, Case{"P1W", 0, 7, 0},
        Case{"PT36H", 0, 0, 129600}, Case{"P1DT1M", 0, 1, 60}, Case{"PT1H1M1S", 0, 0, 3661},
        Case{"P0D", 0, 0, 0}, Case{"P1Y1M1W1DT1S", 13, 8, 1}}) {
    const auto duration = ParseDuration(test.text);
    ASSERT_TRUE(duration.ok()) << test.text;
    EXPECT_EQ(duration->months, test.months) << test.text;
    EXPECT_EQ(duration->days, test.days) << test.text;
    EXPECT_EQ(duration->seconds, test.seconds) << test.text;
    EXPECT_EQ(duration->text, test.text);
  }
}

TEST(Durations, WhatIsNoneIsRefused) {
  for (const std::string_view text :
       {"",      "P",   "PT",   "P1DT",    "1M",  "P1",   "PM",        "P1D1M",   "P1M1M", "P-1D",
        "P1.5D", "P1H", "PT1D", "PT1HT1M", "p1m", "P1M ", "P9999999D", "20 days", "P1h",   "PT1h"}) {
    EXPECT_FALSE(ParseDuration(text).ok()) << text;
  }
}

TEST(Durations, MoveADayByMonthsFirst) {
  EXPECT_EQ(ParseDuration("P1M")->AddTo(Day("2026-01-31")), Day("2026-02-28"));
  EXPECT_EQ(ParseDuration("P1M")->AddTo(Day("2024-01-31")), Day("2024-02-29"));
  EXPECT_EQ(ParseDuration("P1M20D")->AddTo(Day("2026-04-30")), Day("2026-06-19"));
  EXPECT_EQ(ParseDuration("P1Y")->AddTo(Day("2024-02-29")), Day("2025-02-28"));
  EXPECT_EQ(ParseDuration("PT36H")->AddTo(Day("2026-04-30")), Day("2026-04-30"));
  EXPECT_DOUBLE_EQ(ParseDuration("P12M")->Seconds(), 365.2425 * 86400);
}

TEST(Schedules, FindThePeriodThatHoldsADay) {
  const auto id = [](std::string_view day, std::string_view every, int month = 4) {
    const auto period = PeriodContaining(Day(day), *ParseDuration(every), month, 1);
    return period.ok() ? period->id : std::string(MessageOf(period.status()));
  };
  EXPECT_EQ(id("2026-05-20", "P1D"), "2026-05-20");
  EXPECT_EQ(id("2026-05-20", "P1W"), "2026-W21");
  EXPECT_EQ(id("2027-01-03", "P7D"), "2026-W53");
  EXPECT_EQ(id("2025-12-29", "P1W"), "2026-W01");
  EXPECT_EQ(id("2026-05-31", "P1M"), "2026-05");
  EXPECT_EQ(id("2026-03-31", "P3M"), "2025/26-Q4");
  EXPECT_EQ(id("2026-04-01", "P3M"), "2026/27-Q1");
  EXPECT_EQ(id("2026-12-31", "P1Y"), "2026/27");
  EXPECT_EQ(id("2026-03-31", "P12M"), "2025/26");
  EXPECT_EQ(id("2026-08-20", "P3M", 1), "2026-Q3");
  EXPECT_EQ(id("2026-08-20", "P1Y", 1), "2026");
  EXPECT_THAT(id("2026-05-20", "P2M"), HasSubstr("P1D, P1W, P1M, P3M or P1Y"));
  EXPECT_THAT(id("2026-05-20", "PT24H"), HasSubstr("P1D, P1W, P1M, P3M or P1Y"));
}

TEST(Schedules, ThePeriodFoundIsTheOneItsIdMeans) {
  for (int64_t day = Day("2023-12-20"); day < Day("2027-01-10"); ++day) {
    for (const std::string_view every : {"P1D", "P1W", "P1M", "P3M", "P1Y"}) {
      const auto found = PeriodContaining(day, *ParseDuration(every), 4, 6);
      ASSERT_TRUE(found.ok());
      EXPECT_LE(found->from, day);
      EXPECT_GE(found->to, day);
      EXPECT_EQ(Parsed(found->id, 4, 6), *found);
    }
  }
}

}  // namespace
}  // namespace concordat::policy
