#include "host/flows/audit_query.h"

#include "fmt/format.h"
#include "host/policy/period.h"

namespace concordat::flows {
namespace {

absl::Time StartOf(int64_t day) { return absl::UnixEpoch() + day * absl::Hours(24); }

absl::StatusOr<int64_t> DayOf(const std::string& text, const char* option) {
  const std::optional<int64_t> day = policy::ParseDay(text);
  if (day) return *day;
  return absl::InvalidArgumentError(
      fmt::format("{} {}: not a date; dates are written as 2026-07-01", option, text));
}

}  // namespace

absl::StatusOr<TimeSpan> SpanOf(const HostParts& host, const std::string& period, const std::string& from,
                                const std::string& to) {
  if (!period.empty() && !(from.empty() && to.empty())) {
    return absl::InvalidArgumentError("a period and dates are given; leave out --period, or --from and --to");
  }
  TimeSpan span;
  if (!period.empty()) {
    const policy::Partnership& partnership = host.policies->Get()->set->partnership;
    ASSIGN_OR_RETURN(const policy::Period days,
                     policy::ParsePeriod(period, partnership.year_start_month, partnership.year_start_day));
    span.from = StartOf(days.from);
    span.until = StartOf(days.to + 1);
    span.words = days.InWords();
    return span;
  }
  if (!from.empty()) {
    ASSIGN_OR_RETURN(const int64_t day, DayOf(from, "--from"));
    span.from = StartOf(day);
  }
  if (!to.empty()) {
    ASSIGN_OR_RETURN(const int64_t day, DayOf(to, "--to"));
    span.until = StartOf(day + 1);
  }
  if (span.from && span.until && *span.from >= *span.until) {
    return absl::InvalidArgumentError(fmt::format("--from {} lies after --to {}; swap them", from, to));
  }
  span.words = from.empty() && to.empty() ? "all time"
               : to.empty()               ? fmt::format("from {}", from)
               : from.empty()             ? fmt::format("until {}", to)
                                          : fmt::format("{} to {}", from, to);
  return span;
}

}  // namespace concordat::flows
