// Periods as people write them: 2026-05, 2026-Q3, 2026, 2026/27, 2026/27-Q3, 2026-W21, 2026-05-20.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "host/base/status.h"

namespace concordat::policy {

/// A span of whole days. Plain value.
struct Period {
  std::string id;    // as written, canonical: "2026-05"
  int64_t from = 0;  // days since 1970-01-01, first day
  int64_t to = 0;    // last day, inclusive

  /// "May 2026 (1 May 2026 to 31 May 2026)".
  std::string InWords() const;
  friend bool operator==(const Period&, const Period&) = default;
};

/// `year_start_*` is where financial years begin (4, 1 for 1 April). InvalidArgument shows the forms.
absl::StatusOr<Period> ParsePeriod(std::string_view text, int year_start_month, int year_start_day);

/// Days since 1970-01-01 of a date written yyyy-MM-dd; nothing when it is none.
std::optional<int64_t> ParseDay(std::string_view text);

/// An ISO 8601 duration of whole years, months, weeks and days, hours, minutes, seconds: P1M, P20D, P1Y6M,
/// PT36H.
struct Duration {
  int months = 0;
  int64_t days = 0;
  int64_t seconds = 0;
  std::string text;

  /// `day` (since 1970-01-01) moved by the months, then the days; the day of month is cut to the month's end.
  /// Hours and smaller parts are left out.
  int64_t AddTo(int64_t day) const;
  /// Approximate length in seconds, months as 30.436875 days; for comparisons such as max_age.
  double Seconds() const;
};
absl::StatusOr<Duration> ParseDuration(std::string_view text);

/// The period of the schedule that contains `day` (since 1970-01-01): a day, ISO week, month, quarter or year
/// for every = P1D, P1W (P7D), P1M, P3M, P1Y; quarters and years are financial ones. InvalidArgument for
/// other durations.
absl::StatusOr<Period> PeriodContaining(int64_t day, const Duration& every, int year_start_month,
                                        int year_start_day);

}  // namespace concordat::policy
