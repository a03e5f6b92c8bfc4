// Exit codes, a promise to scripts.
#pragma once

#include "host/base/status.h"

namespace concordat::cli {

inline constexpr int kFine = 0;
inline constexpr int kNo = 1;        // the answer is no: rejected, denied, not verified, lint or test failed
inline constexpr int kCouldNot = 2;  // could not be evaluated or carried out
inline constexpr int kUsage = 3;

/// The code that a failed call or flow comes to.
int ExitCodeOf(const absl::Status& status);

}  // namespace concordat::cli
