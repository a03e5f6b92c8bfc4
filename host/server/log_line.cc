#include "host/server/log_line.h"

#include <cstdio>

#include "fmt/format.h"
#include "host/base/clock.h"

namespace concordat::server {

void LogLine(std::string_view text) {
  const std::string line = fmt::format("{} {}\n", TimeText(absl::Now()), text);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace concordat::server
