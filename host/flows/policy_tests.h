// Runs the tests that policy authors wrote: given these records, expect these findings; given this request,
// that ruling.
#pragma once

#include <string>
#include <vector>

#include "host/flows/policies.h"

namespace concordat::flows {

struct PolicyTestOutcome {
  std::string path;  // of the test document, relative to the policies
  size_t expectations = 0;
  Issues failures;  // each at the expectation, the record or the request that it is about
};

/// Runs the documents under `only` (all when it is empty) through the rules, mapping and gatekeeper that
/// submissions and exchanges go through. Fields that a record leaves out take no part: a finding counts as
/// unexpected only when the record gives all columns of its rule. Shadow rules are tested like enforced ones,
/// drafts are not run. `now` serves tests that name no time.
std::vector<PolicyTestOutcome> RunPolicyTests(const LoadedPolicies& policies,
                                              const std::vector<std::string>& only, absl::Time now);

}  // namespace concordat::flows
