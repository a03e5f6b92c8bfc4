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
  std::string cause;  // empty: it holds; else condition_failed, condition_false or role
  std::string message;
  std::vector<std::string> roles;  // for cause role: the roles with which it would hold
};

/// quality.* is the lowest score among `submissions`; unknown when one of them was not measured.
WhenVerdict JudgeWhen(const std::string& when, const AccessRequest& request,
                      const std::vector<const SubmissionQuality*>& submissions);

}  // namespace concordat::sharing
