// Numbers as partners write them ("£1,234.50", "(12)") turned into the canonical text that rules judge
// ("-12").
#pragma once

#include <string>
#include <string_view>

#include "host/policy/feed.h"

namespace concordat::mapping {

/// Appends the canonical form of `text` to `out`. False, with `out` as it was, when `text` is not written in
/// that style: groups must have three digits, the currency stands in front, one sign at most.
bool AppendCanonicalNumber(std::string_view text, const policy::NumberStyle& style, std::string& out);

}  // namespace concordat::mapping
