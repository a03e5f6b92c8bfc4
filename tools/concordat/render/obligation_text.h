// What is owed, for people: data, and after a release, to a self-assessment, by an action.
#pragma once

#include <string>
#include <vector>

#include "host/base/json.h"

namespace concordat::cli {

/// "2 days late" or "due 2026-12-20".
std::string DueText(const json::Value& item);
/// One obligation of `feed due` or `due list`, one self-assessment or action: what, for whom, why, how to
/// close it.
std::string ObligationText(const json::Value& obligation);
/// One line of the due list: data of one period, or what ObligationText tells.
std::string OwedText(const json::Value& item);
/// The due list, one text an entry in the host's order. The late periods of one feed are one entry, where the
/// oldest of them stands: a feed that stopped must not push everything else off the list.
std::vector<std::string> OwedEntries(const json::Array& owed);

}  // namespace concordat::cli
