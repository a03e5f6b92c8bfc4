#include "host/record/scorecard.h"

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

}  // namespace concordat::record
