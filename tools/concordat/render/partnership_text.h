// The board's report for a terminal.
#pragma once

#include <string>

#include "host/base/json.h"

namespace concordat::cli {

/// From the document of QualityService.PartnershipReport.
std::string PartnershipText(const json::Value& report);

}  // namespace concordat::cli
