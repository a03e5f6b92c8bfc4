#include <gtest/gtest.h>

#include "host/base/json.h"
#include "tools/concordat/render/obligation_text.h"

namespace concordat::cli {
namespace {

json::Value Missing(const char* feed, const char* period, int days) {
  return json::Object{
      {"kind", "submission"},    {"feed", feed},        {"period", json::Object{{"id", period}}},
      {"periodInWords", period}, {"due", "2026-07-01"}, {"lastReceived", nullptr},
      {"daysLate", days}};
}

TEST(DueText, TheLatePeriodsOfAFeedAreOneEntryWhereTheOldestStands) {
  json::Array owed;
  for (int month = 1; month <= 9; ++month)
    owed.push_back(Missing("crime", ("2025-0" + std::to_string(month)).c_str(), 400 - 30 * month));
  owed.insert(owed.begin() + 2, Missing("fire", "2025-03", 350));
  owed.push_back(
      json::Object{{"kind", "action"}, {"id", "ACT-1"}, {"title", "lookup at entry"}, {"daysLate", 3}});
  const std::vector<std::string> entries = OwedEntries(owed);
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_NE(entries[0].find("370 days late"), std::string::npos) << entries[0];
  EXPECT_NE(entries[0].find("9 periods missing: 2025-01, 2025-02"), std::string::npos) << entries[0];
  EXPECT_NE(entries[0].find("... 2025-09"), std::string::npos) << entries[0];
  EXPECT_NE(entries[1].find("fire"), std::string::npos) << entries[1];
  EXPECT_EQ(entries[1].find("periods missing"), std::string::npos) << entries[1];
  EXPECT_NE(entries[2].find("lookup at entry"), std::string::npos) << entries[2];
}

TEST(DueText, WhatIsNotLateStaysOnItsOwn) {
  const json::Array owed{Missing("crime", "2026-05", 5), Missing("crime", "2026-06", 0)};
  EXPECT_EQ(OwedEntries(owed).size(), 2U);
}

}  // namespace
}  // namespace concordat::cli
