// The clauses of format(): %s %d %f %e %b %x %X %o and %%.
#pragma once

#include "host/expr/datum.h"

namespace concordat::expr {

/// As cel-go's "strings" extension writes values.
Result FormatText(std::string_view format, const List& arguments, Budget& budget);

}  // namespace concordat::expr
