// ODCS patterns are ECMA-262; ours are RE2's, which run in linear time and lack a few constructs.
#pragma once

#include <string>
#include <string_view>

namespace concordat::policy {

/// Why RE2 cannot run the pattern, in words ("look-ahead and look-behind are not supported"); empty when it
/// can.
std::string PatternProblem(std::string_view pattern);

}  // namespace concordat::policy
