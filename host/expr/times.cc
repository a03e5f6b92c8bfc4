#include "host/expr/times.h"

#include <algorithm>
#include <cstdlib>

#include "fmt/format.h"

namespace concordat::expr {
namespace {

constexpr int64_t kNanosPerSecond = 1'000'000'000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Zone names are kept by the library for ever, so only what can be one is looked up.
bool CanBeZoneName(std::string_view text) {
  if (text.empty() || text.size() > 40 || text[0] == '/' || text.find("..") != std::string_view::npos)
    return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '_' ||
           c == '-' || c == '+';
  });
}

// Minutes of [+-]hh:mm.
std::optional<int> OffsetMinutes(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const size_t i : {0, 1, 3, 4}) {
    if (!IsDigit(text[i])) return std::nullopt;
  }
  const int hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  return (hours * 60 + minutes) * (negative ? -1 : 1);
}

}  // namespace

Result TimeDatum(absl::Time time) {
  static const absl::Time kFirst = absl::FromUnixSeconds(-62'135'596'800);  // 0001-01-01
  static const absl::Time kEnd = absl::FromUnixSeconds(253'402'300'800);    // 10000-01-01
  if (time < kFirst || time >= kEnd)
    return absl::OutOfRangeError("a point in time is beyond the years 1 to 9999");
  return Datum{time};
}

Result SpanDatum(std::optional<int64_t> nanos) {
  if (!nanos) return absl::OutOfRangeError("a duration is longer than 292 years");
  return Datum{Span{*nanos}};
}

Result SpanDatum(absl::Duration duration) {
  const absl::Duration whole = absl::Trunc(duration, absl::Nanoseconds(1));
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  if (whole > absl::Nanoseconds(kMost) || whole < absl::Nanoseconds(-kMost)) return SpanDatum(std::nullopt);
  return SpanDatum(absl::ToInt64Nanoseconds(whole));
}

std::optional<absl::Time> ParseTime(std::string_view text) {
  const bool shape = text.size() >= 20 && text.size() <= 40 && text[4] == '-' && text[7] == '-' &&
                     (text[10] == 'T' || text[10] == 't') && text[13] == ':' && text[16] == ':';
  if (!shape) return std::nullopt;
  std::string normal(text);
  normal[10] = 'T';
  if (normal.back() == 'z') normal.back() = 'Z';
  absl::Time time;
  std::string error;
  if (!absl::ParseTime("%Y-%m-%dT%H:%M:%E*S%Ez", normal, &time, &error)) return std::nullopt;
  return time;
}

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%E4Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

std::optional<absl::Duration> ParseSpan(std::string_view text) {
  absl::Duration duration;
  if (text.size() > 100 || !absl::ParseDuration({text.data(), text.size()}, &duration)) return std::nullopt;
  if (duration == absl::InfiniteDuration() || duration == -absl::InfiniteDuration()) return std::nullopt;
  return duration;
}

std::string SpanText(Span span) {
  const int64_t seconds = span.nanos / kNanosPerSecond;
  const int64_t rest = std::abs(span.nanos % kNanosPerSecond);
  if (rest == 0) return fmt::format("{}s", seconds);
  std::string fraction = fmt::format("{:09}", rest);
  fraction.resize(fraction.find_last_not_of('0') + 1);
  return fmt::format("{}{}.{}s", span.nanos < 0 && seconds == 0 ? "-" : "", seconds, fraction);
}

std::optional<absl::TimeZone> ParseZone(std::string_view text) {
  if (const auto minutes = OffsetMinutes(text)) return absl::FixedTimeZone(*minutes * 60);
  absl::TimeZone zone;
  if (!CanBeZoneName(text) || !absl::LoadTimeZone({text.data(), text.size()}, &zone)) return std::nullopt;
  return zone;
}

}  // namespace concordat::expr
