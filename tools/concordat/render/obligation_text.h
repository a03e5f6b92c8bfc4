// What is owed after a release, for people.
#pragma once

#include <string>

#include "host/base/json.h"

namespace concordat::cli {

/// "2 days late" or "due 2026-12-20".
std::string DueText(const json::Value& item);
/// One obligation of `feed due` or `due list`: what, for whom, why, how to close it.
std::string ObligationText(const json::Value& obligation);

}  // namespace concordat::cli
