// What changed between two texts of a protocol, in words: what a delegate reads before signing.
#pragma once

#include <string>
#include <vector>

#include "host/base/json.h"

namespace concordat::flows {

/// "adds field shares.records.fields.lsoa_code (release)", "validity.until moves from 2027-03-31 to
/// 2028-03-31". Both are documents as written (JSON of the YAML); order of keys, entries and words of a list
/// does not count.
std::vector<std::string> ChangesInWords(const json::Value& before, const json::Value& after);

/// How a field leaves: "release", or "pseudonymise (scope: protocol)".
std::string FormInWords(const json::Value& form);

}  // namespace concordat::flows
