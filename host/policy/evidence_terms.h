// What an item takes for evidence: measures of the host, and what may be attached.
#pragma once

#include "host/policy/assessment_template.h"

namespace concordat::policy {

bool HasLevel(const std::vector<ScaleLevel>& scale, int64_t level);

/// Reports a level under `key` that the scale does not have; nothing when absent or reported.
std::optional<int> ReadLevel(Fields& fields, const std::string& key, const std::vector<ScaleLevel>& scale);

/// true (all), false (nobody) or a list of partner categories.
std::vector<std::string> ReadCategories(Fields& fields, const std::string& key, bool fallback);

/// The map under an item's `evidence`: one measure as it stands, a list of `measures`, what may be attached,
/// or all of it.
EvidenceTerms ReadEvidenceTerms(const Node& node, const std::vector<ScaleLevel>& scale, Issues& issues);

}  // namespace concordat::policy
