// Rules and questions against the clauses of the quality policy: every rule has its why, every clause its
// proof.
#pragma once

#include "host/policy/policy_folder.h"
#include "host/policy/policy_set.h"

namespace concordat::policy {

/// Nothing without a quality policy. Errors: its partners and cited clauses that do not exist. Warnings: a
/// rule of ours without a clause, a clause that nothing cites, a kind or dimension that covers no rule.
void CheckQualityPolicy(const PolicySet& set, const PolicyFolder& folder, Issues& issues);

}  // namespace concordat::policy
