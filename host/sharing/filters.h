// The request's own condition on rows, which may look only at what it is shown anyway.
#pragma once

#include <string>

#include "host/policy/sharing_protocol.h"
#include "host/sharing/gatekeeper.h"

namespace concordat::sharing {

/// What is wrong with a request's `where`; an empty cause when nothing is.
struct WhereProblem {
  std::string cause;  // where_not_released or condition_failed
  std::string message;
};
/// `where` may name what the share releases, in the form in which it leaves: it is evaluated after the
/// duties, so that it tells nothing that the rows themselves would not.
WhereProblem JudgeWhere(const std::string& where, const policy::Share& share, const data::Schema& dataset);

}  // namespace concordat::sharing
