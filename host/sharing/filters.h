// Conditions on rows: the share's own and the request's, which may look only at what it is shown anyway.
#pragma once

#include <string>

#include "host/policy/sharing_protocol.h"
#include "host/sharing/gatekeeper.h"

namespace concordat::sharing {

/// The share's entry for `field`, or null: then it is never released.
const policy::FieldDuty* FindField(const policy::Share& share, std::string_view field);

/// What is wrong with a request's `where`; an empty cause when nothing is.
struct WhereProblem {
  std::string cause;  // a word of Causes()
  std::string message;
};
WhereProblem JudgeWhere(const std::string& where, const policy::Share& share, const data::Schema& schema);

/// The fields that leave, in the order asked for, each once. InvalidArgument names the one that is not
/// shared.
absl::StatusOr<std::vector<const policy::FieldDuty*>> SelectFields(const policy::Share& share,
                                                                   const std::vector<std::string>& select);

}  // namespace concordat::sharing
