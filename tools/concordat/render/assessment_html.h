// One partner's self-assessment as a page: self-contained, without script, good on a phone and on paper.
#pragma once

#include <string>

#include "host/base/json.h"

namespace concordat::cli {

/// `trend`: a comparison of the same template over the partner's cycles, or null.
std::string AssessmentHtml(const json::Value& assessment, const json::Value& trend);

/// Actions as a table, overdue ones marked; empty when there are none.
std::string ActionsHtml(const json::Array& actions, std::string_view caption);
/// Levels of themes over the columns of a comparison, on the scale of `assessment`; empty with fewer than two.
std::string TrendHtml(const json::Value& comparison, const json::Value& assessment);

}  // namespace concordat::cli
