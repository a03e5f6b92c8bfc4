// Assessments of one template side by side: between cycles, partners or groups.
#pragma once

#include <string>
#include <vector>

#include "host/flows/opened_assessment.h"

namespace concordat::flows {

struct CompareRequest {
  std::vector<std::string> assessments;  // these, in this order
  std::string template_id;               // or all of it that the caller may see, oldest first
  std::vector<std::string> cycles;       // of these cycles,
  std::vector<std::string> partners;     // of these partners
};

/// {template, columns, themes, items, level, agreement}. InvalidArgument when there are fewer than two, or of
/// different templates; PermissionDenied for one the caller may not read. Who rates in a round of groups may
/// compare what the other groups have handed in.
absl::StatusOr<json::Value> CompareAssessments(const HostParts& host, const Caller& caller,
                                               const CompareRequest& request);

}  // namespace concordat::flows
