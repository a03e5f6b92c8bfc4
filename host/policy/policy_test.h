// Kind PolicyTest: what rules and rulings are expected to say. Read strictly and part of the policy digest;
// the expectations are not run yet.
#pragma once

#include <string>
#include <vector>

#include "host/policy/fields.h"

namespace concordat::policy {

struct PolicyTest {
  /// The contracts that its rules are about, with their places.
  struct Subject {
    std::string contract;
    Place place;
  };
  std::vector<Subject> contracts;
};

PolicyTest ReadPolicyTest(const Node& document, Issues& issues);

}  // namespace concordat::policy
