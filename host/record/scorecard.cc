#include "host/record/scorecard.h"

#include <algorithm>
#include <cmath>

namespace concordat::record {

Counts& Counts::operator+=(const Counts& other) {
  pass += other.pass;
  fail += other.fail;
  skip += other.skip;
  unresolved += other.unresolved;
  error += other.error;
  return *this;
}

std::string_view RuleStatusName(RuleStatus status) {
  switch (status) {
    case RuleStatus::kMet: return "met";
    case RuleStatus::kWarned: return "warned";
    case RuleStatus::kBreached: return "breached";
    case RuleStatus::kNotEvaluated: return "not_evaluated";
  }
  return "not_evaluated";
}

std::string_view OriginName(Origin origin) { return origin == Origin::kHost ? "host" : "adapter"; }

char GradeLetter(Grade grade) { return "ABCD"[static_cast<size_t>(grade)]; }

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAccept: return "accept";
    case Verdict::kAcceptWithQuarantine: return "accept_with_quarantine";
    case Verdict::kReject: return "reject";
  }
  return "reject";
}

// 1e-9: a mean that is 93.8 on paper may be 93.79999999999999 in binary.
double ShownScore(double exact) { return std::floor(exact * 10 + 1e-9) / 10; }

std::optional<Interval> PassInterval(const Counts& counts) {
  if (counts.measured() == 0) return std::nullopt;
  constexpr double kZ = 1.959963984540054;  // 97.5% of the normal distribution
  const auto n = static_cast<double>(counts.measured());
  const double share = static_cast<double>(counts.pass) / n;
  const double centre = share + kZ * kZ / (2 * n);
  const double reach = kZ * std::sqrt(share * (1 - share) / n + kZ * kZ / (4 * n * n));
  const double scale = 1 + kZ * kZ / n;
  return Interval{std::max(0.0, (centre - reach) / scale), std::min(1.0, (centre + reach) / scale)};
}

}  // namespace concordat::record
