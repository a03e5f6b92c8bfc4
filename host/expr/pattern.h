// Regular expressions; the only door to RE2, whose matching time is linear.
#pragma once

#include <memory>
#include <string_view>

#include "host/base/status.h"
#include "re2/re2.h"

namespace concordat::expr {

/// InvalidArgument says what is wrong with the pattern. At most a megabyte of memory a pattern.
absl::StatusOr<std::shared_ptr<const RE2>> CompilePattern(std::string_view pattern);

/// Does any part of `text` match?
inline bool Matches(const RE2& pattern, std::string_view text) {
  return RE2::PartialMatch({text.data(), text.size()}, pattern);
}

}  // namespace concordat::expr
