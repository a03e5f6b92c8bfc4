// A judgement as JUnit XML, a test case a rule, for CI systems that show it.
#pragma once

#include <string>

#include "host/base/json.h"

namespace concordat::cli {

std::string JunitReport(const json::Value& result);

}  // namespace concordat::cli
