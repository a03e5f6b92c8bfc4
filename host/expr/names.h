// The names of CEL and of our scopes: what is known, and what only looks like a name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/expr/checked.h"
#include "host/expr/program.h"

namespace concordat::expr {

/// Functions and macros of CEL's standard library and its extensions, in the order of the alphabet.
const std::vector<std::string>& CelFunctions();

/// The words behind "quality.": the dimensions of a score and "score" itself.
const std::vector<std::string>& QualityNames();

/// The type of a request attribute; kAny when only the request itself can tell.
Type RequestType(std::string_view attribute);

}  // namespace concordat::expr
