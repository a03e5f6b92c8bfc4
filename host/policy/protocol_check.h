// A sharing protocol against the other policies: its parent, the law its fields call for, the feeds that fill
// it.
#pragma once

#include "host/policy/policy_folder.h"
#include "host/policy/policy_set.h"

namespace concordat::policy {

/// Names of partners and datasets are checked by cross_check.h.
void CheckProtocol(const SharingProtocol& protocol, const PolicySet& set, const PolicyFolder& folder,
                   Issues& issues);

}  // namespace concordat::policy
