// What a changed set of policies changes: documents, and within contracts the rules one by one.
#pragma once

#include <string>
#include <vector>

#include "host/policy/policy_set.h"

namespace concordat::flows {

struct PolicyChange {
  std::string file;    // relative to the policies
  std::string what;    // document | rule
  std::string id;      // of the rule; empty for a document
  std::string change;  // added | removed | changed
  std::string aspect;  // of a changed rule: with, when, severity, state ...
  std::string before;
  std::string after;
};

/// In the order of file and rule; empty when both have the same digest.
std::vector<PolicyChange> DiffPolicies(const policy::PolicySet& before, const policy::PolicySet& after);

}  // namespace concordat::flows
