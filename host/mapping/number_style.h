// Numbers as partners write them ("£1,234.50", "(12)", "12.50 CR", "45%") turned into the canonical text that
// rules judge ("-12").
#pragma once

#include <string>
#include <string_view>

#include "host/policy/mapping.h"

namespace concordat::mapping {

/// Appends the canonical form of `text` to `out`. False, with `out` as it was, when `text` is not written in
/// that style: groups must have three digits, one currency sign in front or behind, one sign at most.
bool AppendCanonicalNumber(std::string_view text, const policy::NumberStyle& style, std::string& out);

/// How such numbers look, for messages: "a number such as £1,234.50 or (12)".
std::string StyleInWords(const policy::NumberStyle& style);

}  // namespace concordat::mapping
