// The names of CEL and of our scopes: what is known, what works already, what only looks like a name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/expr/checked.h"
#include "host/expr/program.h"

namespace concordat::expr {

/// Functions and macros of CEL's standard library and of its common extensions; none but has() and
/// timestamp() are built yet.
bool IsCelFunction(std::string_view name);
const std::vector<std::string>& CelFunctions();

/// What an expression can do now, for hints.
std::string_view WhatWorks();

/// The words behind "quality.": the dimensions of a score and "score" itself.
const std::vector<std::string>& QualityNames();

/// The type of a request attribute; kAny when only the request itself can tell.
Type RequestType(std::string_view attribute);

}  // namespace concordat::expr
