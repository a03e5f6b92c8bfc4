// An error on the way to a release that is an answer: with the cause it is denied for, and how to mend it.
#pragma once

#include <string>
#include <string_view>

#include "host/base/status.h"

namespace concordat::flows {

/// `status` with the cause (a word of sharing::Causes()) and what to do; an OK status stays OK.
absl::Status DeniedFor(std::string_view cause, std::string_view mend, absl::Status status);

/// What DeniedFor noted, or the cause that the status's code stands for: Internal is a duty whose outcome did
/// not hold, DataLoss data that cannot be read, all else a duty that cannot be carried out.
struct Denial {
  std::string cause;
  std::string mend;
};
Denial DenialOf(const absl::Status& status);

}  // namespace concordat::flows
