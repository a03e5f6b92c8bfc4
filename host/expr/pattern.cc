#include "host/expr/pattern.h"

#include "fmt/format.h"

namespace concordat::expr {

absl::StatusOr<std::shared_ptr<const RE2>> CompilePattern(std::string_view pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  auto compiled = std::make_shared<const RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (compiled->ok()) return compiled;
  return absl::InvalidArgumentError(
      fmt::format("\"{}\" is no pattern: {}", pattern.substr(0, 100), compiled->error()));
}

}  // namespace concordat::expr
