// Numbers and lists as sentences have them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace concordat::assess {

/// "three"; digits from 13 on.
std::string NumberWord(uint64_t number);
/// "one question", "three questions".
std::string CountOf(uint64_t number, std::string_view one, std::string_view many);
/// "three of nine questions", "none of nine questions".
std::string ShareOf(uint64_t some, uint64_t all, std::string_view one, std::string_view many);
/// "a, b and c".
std::string Listed(const std::vector<std::string>& texts);

}  // namespace concordat::assess
