// Texts that stand for a moment beside a date, a point in time or a time of day.
#pragma once

#include <optional>
#include <string_view>

#include "host/data/schema.h"
#include "host/expr/checked.h"

namespace concordat::expr {

/// ISO 8601 (yyyy-MM-dd, with a time or without; HH:mm or HH:mm:ss for a time of day), else the field's own
/// format when `field` is given. Nothing when it is none of these.
std::optional<Value> ReadMoment(std::string_view text, Type type, const data::Field* field = nullptr);

}  // namespace concordat::expr
