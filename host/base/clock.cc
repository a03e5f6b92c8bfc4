#include "host/base/clock.h"

#include "fmt/format.h"

namespace concordat {

std::string TimeText(absl::Time time) { return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone()); }

absl::StatusOr<absl::Time> ParseTime(std::string_view text) {
  absl::Time time;
  std::string error;
  const absl::string_view view(text.data(), text.size());
  if (absl::ParseTime(absl::RFC3339_full, view, &time, &error)) return time;
  if (text.size() == 10 && absl::ParseTime("%Y-%m-%d", view, absl::UTCTimeZone(), &time, &error)) return time;
  return absl::InvalidArgumentError(
      fmt::format("\"{}\" is not a time: write 2026-11-20 or 2026-11-20T12:00:00Z", text));
}

}  // namespace concordat
