// Matches the source's columns with the contract's fields.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/mapping/mapper.h"

namespace concordat::mapping {

/// InvalidArgument naming feed and field.
absl::Status WrongMapping(const policy::Feed& feed, std::string_view field, std::string_view why);

/// By the mapping's `from` (the first of its names that the source has), else by the field's own name.
/// InvalidArgument when two columns fit one field or the feed maps a field that the contract has not.
absl::StatusOr<Matching> Match(const policy::Feed& feed, const data::Schema& schema,
                               const std::vector<std::string>& source_columns);

}  // namespace concordat::mapping
