// Points in time and durations within CEL's ranges, and as texts.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "host/expr/datum.h"

namespace concordat::expr {

/// From the year 1 to the year 9999, to the nanosecond; else OutOfRange.
Result TimeDatum(absl::Time time);
/// Whole nanoseconds in 64 bits; else OutOfRange.
Result SpanDatum(absl::Duration duration);
Result SpanDatum(std::optional<int64_t> nanos);

/// RFC 3339, as protobuf's JSON writes it: "2009-02-13T23:31:30.5Z".
std::optional<absl::Time> ParseTime(std::string_view text);
std::string TimeText(absl::Time time);

/// As Go writes durations: "1h30m", "-1.5s", "100ns"; printed in seconds: "5400s".
std::optional<absl::Duration> ParseSpan(std::string_view text);
std::string SpanText(Span span);

/// A name of the IANA database, "UTC", or an offset such as "+11:00" or "02:00".
std::optional<absl::TimeZone> ParseZone(std::string_view text);

}  // namespace concordat::expr
