// Patterns as people write them for file names.
#pragma once

#include <string_view>

namespace concordat::worker {

/// `*` stands for any characters, `?` for one; letters of ASCII match in both cases.
bool Matches(std::string_view pattern, std::string_view name);

}  // namespace concordat::worker
