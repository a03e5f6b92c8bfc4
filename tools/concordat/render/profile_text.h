// A profile for the terminal and as a page.
#pragma once

#include <string>

#include "host/base/json.h"

namespace concordat::cli {

/// From the JSON of `profile`: a line or a few a column.
std::string ProfileText(const json::Value& profile);
/// One self-contained page: no script, escaped, light and dark.
std::string ProfileHtml(const json::Value& profile);

}  // namespace concordat::cli
