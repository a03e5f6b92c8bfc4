// Mistakes in feeds' mappings that only the contracts of the same set can show.
#pragma once

#include "host/policy/policy_set.h"

namespace concordat::mapping {

/// Every date pattern that does not compile or fit its field, every number style on a field that is no
/// number.
void LintFeeds(const policy::PolicySet& policies, Issues& issues);

}  // namespace concordat::mapping
