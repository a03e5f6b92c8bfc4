// From a partner's name to its first accepted submission: what is done, what comes next, and the command for
// it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/adapters/manifest.h"
#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"
#include "host/policy/policy_set.h"
#include "host/store/administration.h"

namespace concordat::flows {

/// What only a running host knows of a partner.
struct PartnerFacts {
  std::vector<store::Enrolment> certificates;  // of its stewards that are valid now
  bool invited = false;                        // a steward's invitation is open
  std::vector<store::EnrolmentRequest> waiting;
  size_t attempts = 0;
  size_t accepted = 0;
  std::string first_accepted;  // id of the first accepted submission; empty: none
};

/// {partner, known, steps: [{id, title, state, detail, command}], done, total}. `state`: done; next (the
/// first that is not done); later; unknown (without `facts`). `catalog` may be null: adapters are then not
/// looked for.
json::Object PartnerSteps(const policy::PolicySet& policies, const adapters::Catalog* catalog,
                          const std::optional<PartnerFacts>& facts, const PartnerId& partner);

/// The same of a running host, for administrators and the partner itself.
absl::StatusOr<json::Value> PartnerProgress(const HostParts& host, const Caller& caller,
                                            const PartnerId& partner);

}  // namespace concordat::flows
