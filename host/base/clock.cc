#include "host/base/clock.h"

#include "fmt/format.h"

namespace concordat {
namespace {

// Abseil also takes blanks around a time, years of any length and "infinite-future".
bool HasShape(std::string_view text, std::string_view shape) {
  if (text.size() < shape.size()) return false;
  for (size_t i = 0; i < shape.size(); ++i) {
    const bool fits = shape[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == shape[i];
    if (!fits) return false;
  }
  return true;
}

bool EndsInZone(std::string_view text) {
  return text.back() == 'Z' || text[text.size() - 6] == '+' || text[text.size() - 6] == '-';
}

}  // namespace

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

absl::StatusOr<absl::Time> ParseTime(std::string_view text) {
  absl::Time time;
  std::string error;
  const absl::string_view view(text.data(), text.size());
  if (HasShape(text, "0000-00-00T00:00:00") && EndsInZone(text) &&
      absl::ParseTime(absl::RFC3339_full, view, &time, &error)) {
    return time;
  }
  if (text.size() == 10 && HasShape(text, "0000-00-00") &&
      absl::ParseTime("%Y-%m-%d", view, absl::UTCTimeZone(), &time, &error)) {
    return time;
  }
  return absl::InvalidArgumentError(
      fmt::format("\"{}\" is not a time: write 2026-11-20 or 2026-11-20T12:00:00Z", text));
}

}  // namespace concordat
