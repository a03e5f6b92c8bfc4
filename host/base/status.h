// Status macros: the two early returns that every fallible function needs.
// Codes are gRPC's (absl::StatusCode): InvalidArgument for bad input, FailedPrecondition for a state that
// forbids the work, DataLoss for bytes that do not verify, Internal only for our own mistakes.
#pragma once

#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define CONCORDAT_CONCAT_INNER(a, b) a##b
#define CONCORDAT_CONCAT(a, b) CONCORDAT_CONCAT_INNER(a, b)

#define RETURN_IF_ERROR(expression)                                     \
  do {                                                                  \
    if (absl::Status status_of_call = (expression); !status_of_call.ok()) { \
      return status_of_call;                                            \
    }                                                                   \
  } while (false)

#define ASSIGN_OR_RETURN(target, expression) \
  ASSIGN_OR_RETURN_INNER(CONCORDAT_CONCAT(status_or_, __LINE__), target, expression)
#define ASSIGN_OR_RETURN_INNER(holder, target, expression) \
  auto holder = (expression);                              \
  if (!holder.ok()) return std::move(holder).status();     \
  target = *std::move(holder)

namespace concordat {

/// The message as a std::string_view (Debian's Abseil has a string_view type of its own).
inline std::string_view MessageOf(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

/// The same code with `context` and ": " in front of the message; OK stays OK.
absl::Status Annotate(const absl::Status& status, std::string_view context);

/// What errno says of `what` ("open /x: No such file or directory"), with the matching code.
absl::Status ErrnoStatus(int error_number, std::string_view what);

}  // namespace concordat
