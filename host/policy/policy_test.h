// Kind PolicyTest: what rules and rulings are expected to say. Part of the policy digest; run by
// flows/policy_tests.h.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "host/policy/fields.h"

namespace concordat::policy {

/// Records that are given to a contract's rules, and the findings that are expected, no others.
struct RuleTest {
  struct Finding {
    uint64_t record = 0;  // from 1, in the order of `given`; 0: of the dataset as a whole
    std::string rule;
    Place place;
  };
  std::string contract;                                                 // "name" or "name/object"
  Place place;                                                          // of the contract's name
  std::vector<std::vector<std::pair<std::string, std::string>>> given;  // field -> text; null counts as empty
  std::vector<Place> given_places;
  std::vector<Finding> expect;
};

/// A request and the ruling that is expected for it. All parties count as having signed; `quality` stands for
/// the scores of one submission of today (default 100 each), `assessments` for the givers' self-assessments
/// that were signed off.
struct RulingTest {
  struct Assessed {
    std::string template_id;
    std::string partner;  // empty: each that gives
    int level = 0;
    std::optional<absl::Time> submitted;  // nothing: at the time of the request
  };
  std::string partner;
  std::string dataset;
  std::string protocol;  // empty: whichever protocol shares the dataset
  std::string purpose;
  std::string role;
  std::string user;
  std::string where;
  std::string form;  // records, aggregate, or empty: either
  std::vector<std::string> select;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::map<std::string, double> quality;
  std::optional<std::vector<Assessed>> assessments;  // nothing: whatever a share asks for; empty: none
  std::optional<absl::Time> time;
  std::string decision;  // permit | deny; deny when nothing is expected
  std::string clause;    // empty: any; "protocol" stands for all of its clauses
  std::string cause;     // empty: any
  Place place;           // of `expect`
};

struct PolicyTest {
  std::string path;               // relative to the folder
  std::optional<absl::Time> now;  // nothing: the time of the run
  std::vector<RuleTest> rules;
  std::vector<RulingTest> rulings;
};

PolicyTest ReadPolicyTest(const Node& document, Issues& issues);

}  // namespace concordat::policy
