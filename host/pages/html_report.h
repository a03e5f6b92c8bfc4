// A judgement as one self-contained page: no script, escaped, light and dark, prints well.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/base/json.h"
#include "host/record/pattern_count.h"

namespace concordat::pages {

/// From the JSON document of a check or submission; `patterns` may be empty. `notice`: HTML that stands below
/// the decision, or nothing.
std::string HtmlReport(const json::Value& result, const std::vector<record::PatternCount>& patterns,
                       std::string_view notice = "");

}  // namespace concordat::pages
