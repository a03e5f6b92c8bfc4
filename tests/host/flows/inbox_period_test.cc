#include "host/flows/inbox_period.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace concordat::flows {
namespace {

std::vector<std::string> Ids(const std::vector<policy::Period>& periods) {
  std::vector<std::string> ids;
  for (const policy::Period& period : periods) ids.push_back(period.id);
  return ids;
}

NamedPeriods In(std::string_view name, const char* every) {
  std::optional<policy::Duration> duration;
  if (*every != '\0') duration = *policy::ParseDuration(every);
  return PeriodsInName(name, duration, policy::Partnership());
}

using Texts = std::vector<std::string>;

TEST(InboxPeriod, MonthsAsPeopleWriteThem) {
  for (const char* name :
       {"2019-01", "street 2019-01.csv", "2019_01", "street_201901_final.csv", "Jan 2019.csv",
        "January-2019.csv", "crimes-jan19.csv", "2019 January", "01-2019.csv", "JAN_2019", "2019.01.csv",
        "extract (Jan 2019) v2.csv", "street20190 2019-01.csv"}) {
    EXPECT_EQ(Ids(In(name, "P1M").fitting), Texts{"2019-01"}) << name;
  }
}

TEST(InboxPeriod, FinancialQuartersAndYears) {
  for (const char* name : {"2018-19 Q3.csv", "Q3 2018-19", "q3_2018_2019.csv", "spend 2018-19-Q3", "18-19 Q3",
                           "FY2018-19 Q3", "2018/19 quarter 3", "2018-Q4 spend"}) {
    EXPECT_EQ(Ids(In(name, "P3M").fitting), Texts{"2018/19-Q3"}) << name;
  }
  for (const char* name : {"2018-19", "FY18-19", "201819.csv", "return 2018-2019"}) {
    EXPECT_EQ(Ids(In(name, "P1Y").fitting), Texts{"2018/19"}) << name;
  }
}

TEST(InboxPeriod, DaysAndWeeks) {
  EXPECT_EQ(Ids(In("20190131.csv", "P1D").fitting), Texts{"2019-01-31"});
  EXPECT_EQ(Ids(In("31-01-2019.csv", "P1D").fitting), Texts{"2019-01-31"});
  EXPECT_EQ(Ids(In("2019-W05.csv", "P1W").fitting), Texts{"2019-W05"});
  EXPECT_EQ(Ids(In("2019 week 5", "P1W").fitting), Texts{"2019-W05"});
}

TEST(InboxPeriod, TheScheduleDecidesWhatMayBeReadInTwoWays) {
  EXPECT_EQ(Ids(In("2010-11.csv", "P1M").fitting), Texts{"2010-11"});
  EXPECT_EQ(Ids(In("2010-11.csv", "P1Y").fitting), Texts{"2010/11"});
  EXPECT_EQ(Ids(In("2010-11.csv", "").fitting), (Texts{"2010-11", "2010/11"}));
}

TEST(InboxPeriod, WhatIsOfAnotherLengthDoesNotFit) {
  const NamedPeriods day = In("exported 2019-02-03.csv", "P1M");
  EXPECT_TRUE(day.fitting.empty());
  EXPECT_EQ(Ids(day.others), Texts{"2019-02-03"});
  EXPECT_EQ(Ids(In("2019.csv", "P1M").others), Texts{"2019"});
  const NamedPeriods both = In("2019-01 exported 2019-02-03.csv", "P1M");
  EXPECT_EQ(Ids(both.fitting), Texts{"2019-01"});
}

TEST(InboxPeriod, TwoPeriodsAreBothSeenAndNumbersAreNone) {
  EXPECT_EQ(Ids(In("2019-01 to 2019-03.csv", "P1M").fitting), (Texts{"2019-01", "2019-03"}));
  for (const char* name :
       {"extract.csv", "v2.csv", "2019-13.csv", "123456789.csv", "marching 12.csv", "E01019400.csv"}) {
    EXPECT_TRUE(In(name, "P1M").fitting.empty()) << name;
  }
}

}  // namespace
}  // namespace concordat::flows
