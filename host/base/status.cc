#include "host/base/status.h"

#include <cstring>

#include "fmt/format.h"

namespace concordat {

absl::Status Annotate(const absl::Status& status, std::string_view context) {
  if (status.ok()) return status;
  return absl::Status(status.code(), fmt::format("{}: {}", context, MessageOf(status)));
}

absl::Status ErrnoStatus(int error_number, std::string_view what) {
  return absl::ErrnoToStatus(error_number, {what.data(), what.size()});
}

}  // namespace concordat
