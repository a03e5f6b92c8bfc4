// Quality over time as one self-contained page: lines with their marks, each with a table that says the same.
#pragma once

#include <string>

#include "host/base/json.h"

namespace concordat::cli {

/// From the document of QualityService.History.
std::string QualityHistoryHtml(const json::Value& history);

}  // namespace concordat::cli
