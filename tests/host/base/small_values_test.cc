// Ids, times and statuses.
#include <set>
#include <unordered_set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/clock.h"
#include "host/base/ids.h"
#include "host/base/random.h"

namespace concordat {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

static_assert(!std::is_convertible_v<PartnerId, DatasetId>, "ids of different kinds must not be swapped");
static_assert(!std::is_convertible_v<std::string, PartnerId>, "text becomes an id only where it says so");

TEST(Id, ComparesAndHashesAsItsText) {
  EXPECT_EQ(PartnerId("a"), PartnerId("a"));
  EXPECT_LT(PartnerId("a"), PartnerId("b"));
  EXPECT_TRUE(PartnerId().empty());
  const std::unordered_set<PartnerId> set = {PartnerId("a"), PartnerId("b"), PartnerId("a")};
  EXPECT_EQ(set.size(), 2u);
}

TEST(Id, RandomOnesDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = NewRandomId("S-");
    EXPECT_THAT(id, MatchesRegex("S-[0-9a-f]{16}"));
    EXPECT_TRUE(seen.insert(id).second);
  }
}

TEST(RandomBytes, HaveTheirLength) {
  for (const size_t count : {0, 1, 32, 1000}) EXPECT_EQ(RandomBytes(count).size(), count);
  EXPECT_NE(RandomBytes(16), RandomBytes(16));
}

TEST(Time, IsWrittenInUtcToTheSecond) {
  EXPECT_EQ(TimeText(absl::FromUnixSeconds(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(TimeText(absl::FromUnixMillis(1795176000999)), "2026-11-20T12:00:00Z");
}

TEST(Time, IsReadWithItsOffset) {
  const std::pair<const char*, const char*> cases[] = {
      {"2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z"},
      {"2026-11-20T12:00:00+01:00", "2026-11-20T11:00:00Z"},
      {"2026-11-20T12:00:00.75-02:30", "2026-11-20T14:30:00Z"},
      {"2026-11-20", "2026-11-20T00:00:00Z"},
      {"2024-02-29", "2024-02-29T00:00:00Z"},
  };
  for (const auto& [text, utc] : cases) {
    const auto time = ParseTime(text);
    ASSERT_TRUE(time.ok()) << text;
    EXPECT_EQ(TimeText(*time), utc);
  }
}

TEST(Time, WhatIsNoTimeIsRefused) {
  for (const char* text : {"",
                           "now",
                           "infinite-future",
                           "infinite-past",
                           "2026",
                           "2026-11",
                           "2026-02-30",
                           "2026-13-01",
                           "26-11-20",
                           "2026-11-20 12:00:00Z",
                           "2026-11-20T12:00:00",
                           "2026-11-20T25:00:00Z",
                           "2026-11-20T12:00Z",
                           " 2026-11-20",
                           "2026-11-20 ",
                           "2026-11-20T12:00:00Z ",
                           "12026-11-20T12:00:00Z",
                           "-026-11-20",
                           "20/11/2026",
                           "2026-11-20T12:00:00+0100",
                           "2026-11-20T12:00:00 Z",
                           "2026-11-20T12:00:00+99:99"}) {
    const auto time = ParseTime(text);
    EXPECT_EQ(time.status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_THAT(std::string(MessageOf(ParseTime("soon").status())), HasSubstr("\"soon\" is not a time: write"));
}

TEST(FixedClock, StandsWhereItWasPut) {
  FixedClock clock(absl::FromUnixSeconds(7));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(7));
  clock.Set(absl::FromUnixSeconds(8));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(8));
}

absl::StatusOr<int> Half(int number) {
  if (number % 2 != 0) return absl::InvalidArgumentError("odd");
  return number / 2;
}

absl::StatusOr<int> Quarter(int number) {
  ASSIGN_OR_RETURN(const int half, Half(number));
  ASSIGN_OR_RETURN(const int quarter, Half(half));
  RETURN_IF_ERROR(absl::OkStatus());
  return quarter;
}

TEST(StatusMacros, ReturnTheFirstError) {
  EXPECT_EQ(*Quarter(8), 2);
  EXPECT_EQ(MessageOf(Quarter(6).status()), "odd");
}

TEST(Annotate, PutsTheContextInFront) {
  EXPECT_TRUE(Annotate(absl::OkStatus(), "x").ok());
  const absl::Status status = Annotate(absl::NotFoundError("no file"), "feeds/a.yaml");
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(MessageOf(status), "feeds/a.yaml: no file");
}

TEST(ErrnoStatus, HasCodeAndReason) {
  const absl::Status status = ErrnoStatus(ENOENT, "open x");
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(MessageOf(status), "open x: No such file or directory");
  EXPECT_EQ(ErrnoStatus(ENOSPC, "write x").code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace concordat
