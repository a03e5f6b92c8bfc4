// A judgement for people in a terminal: what was decided, why, and what to mend first.
#pragma once

#include <string>

#include "host/base/json.h"

namespace concordat::cli {

/// From the JSON document of a check or submission. Readable without colour.
std::string ScorecardText(const json::Value& result);

}  // namespace concordat::cli
