// The board's report as a page of exactly two printed A4 sides, readable in black and white.
#pragma once

#include <string>

#include "host/base/json.h"

namespace concordat::cli {

/// From the document of QualityService.PartnershipReport.
std::string PartnershipHtml(const json::Value& report);

}  // namespace concordat::cli
