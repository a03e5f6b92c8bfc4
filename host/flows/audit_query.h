// What people ask the receipts: which ones, of which time.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// [from, until); either may be open.
struct TimeSpan {
  std::optional<absl::Time> from;
  std::optional<absl::Time> until;
  std::string words;  // for people, with its dates
};

/// Of a period as in policy/period.h, or of two dates (yyyy-MM-dd, both inclusive, UTC), or open where
/// nothing is given. InvalidArgument says what is wrong with them and shows the forms.
absl::StatusOr<TimeSpan> SpanOf(const HostParts& host, const std::string& period, const std::string& from,
                                const std::string& to);

}  // namespace concordat::flows
