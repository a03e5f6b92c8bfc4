// A judgement as one self-contained page: no script, escaped, light and dark, prints well.
#pragma once

#include <string>
#include <vector>

#include "host/base/json.h"
#include "host/flows/finding_patterns.h"

namespace concordat::cli {

/// From the JSON document of a check or submission; `patterns` may be empty.
std::string HtmlReport(const json::Value& result, const std::vector<flows::PatternCount>& patterns);

}  // namespace concordat::cli
