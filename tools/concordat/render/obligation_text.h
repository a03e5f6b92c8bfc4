// What is owed beside data, for people: after a release, to a self-assessment, by an action.
#pragma once

#include <string>

#include "host/base/json.h"

namespace concordat::cli {

/// "2 days late" or "due 2026-12-20".
std::string DueText(const json::Value& item);
/// One obligation of `feed due` or `due list`, one self-assessment or action: what, for whom, why, how to
/// close it.
std::string ObligationText(const json::Value& obligation);

}  // namespace concordat::cli
