// Runs the tests that policy authors wrote: given these records, expect these findings; given this request,
// that ruling.
#pragma once

#include <map>
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

/// Of each protocol that names tests, this very version is put to them: its digest -> what failed, with its
/// place. A test without a clock of its own runs on the first day of the protocol's validity, so that the
/// answer is the same at every load.
std::map<std::string, std::vector<std::string>> FailingProtocolTests(const LoadedPolicies& policies);

}  // namespace concordat::flows
