// One template over the whole partnership as a page: heat map, spread, gaps, trend, actions, groups side by
// side.
#pragma once

#include <string>

#include "host/base/json.h"

namespace concordat::cli {

/// `actions`: a list of actions to show in full (may be null).
std::string PartnershipHtml(const json::Value& view, const json::Value& actions);

}  // namespace concordat::cli
