// What only several policies together can have wrong: names that nobody bears, ids given twice, a child that
// widens its parent.
#pragma once

#include "host/policy/policy_folder.h"
#include "host/policy/policy_set.h"
#include "host/policy/policy_test.h"

namespace concordat::policy {

/// `folder` is what `set` was read from. Names whose files could not be read are given the benefit of the
/// doubt.
void CrossCheck(const PolicySet& set, const PolicyFolder& folder, Issues& issues);

}  // namespace concordat::policy
