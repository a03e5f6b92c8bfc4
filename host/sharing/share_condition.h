// A share's `when`: a condition over the request and over the quality of what would leave.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/sharing/gatekeeper.h"

namespace concordat::sharing {

/// What `when` may name: request.partner, role, user, purpose, time, attributes.<name>; quality.<dimension>.
expr::Scope WhenScope();

/// The answer to `when`, and why not.
struct WhenVerdict {
  std::string_view cause;  // empty: it holds; else condition_failed, condition_false or role
  std::string message;
  std::vector<std::string> roles;  // for cause role: the roles with which it would hold
};

/// A share's `when`, compiled once. Immutable; thread-safe.
class Condition {
 public:
  Condition() = default;
  explicit Condition(const std::string& when);

  /// True or false, or the status of what cannot be evaluated: the caller denies. quality.* is the lowest
  /// score among `submissions`; unknown when one of them was not measured.
  absl::StatusOr<bool> Holds(const AccessRequest& request,
                             const std::vector<const SubmissionQuality*>& submissions) const;
  /// Why not, as Judge says it, without its words; empty when it holds.
  std::string_view CauseOf(const AccessRequest& request,
                           const std::vector<const SubmissionQuality*>& submissions) const;
  /// The same, with what to tell whoever asked.
  WhenVerdict Judge(const AccessRequest& request,
                    const std::vector<const SubmissionQuality*>& submissions) const;
  bool always() const { return when_.empty(); }

 private:
  bool Names(std::string_view attribute) const { return when_.find(attribute) != std::string::npos; }
  std::map<std::string, expr::Value> Attributes(
      const AccessRequest& request, const std::vector<const SubmissionQuality*>& submissions) const;

  std::string when_;
  bool names_quality_ = false;
  std::vector<std::string> request_names_;  // of request.*, attributes apart, that `when` names
  std::string mistake_;                     // empty: `program_` is good
  expr::Program program_;
};

}  // namespace concordat::sharing
