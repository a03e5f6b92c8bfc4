// Several groups rate the same outcome: where they agree, and where they must talk.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/policy/assessment_template.h"

namespace concordat::assess {

/// What one group claimed, by item.
struct GroupRating {
  std::string group;
  std::map<std::string, int> levels;
};

struct StageAgreement {
  std::string item;
  std::vector<std::pair<std::string, std::optional<int>>> ratings;  // by group, in the order given
  int distance = 0;                                                 // highest minus lowest
  bool exact = false;                                               // all groups rated it, all the same
  bool agreed_red = false;  // all groups rated it at a level whose colour is red
  bool contested = false;   // the distance is that of the whole scale
};

struct GroupAgreement {
  std::vector<StageAgreement> stages;
  size_t rated_by_all = 0;
  double exact_share = 0;    // of the stages that all groups rated, 0..1
  double mean_distance = 0;  // the same
  // Mean of the pairs' linearly weighted kappa (Cohen, Psychological Bulletin 70, 1968), over the stages that
  // both rated; pairs for which it is not defined (both rated all the same) are left out.
  std::optional<double> kappa;
};

/// In the order of the template. `groups` of fewer than two agree on nothing.

GroupAgreement AgreementOf(const policy::AssessmentTemplate& form, const std::vector<GroupRating>& groups);

}  // namespace concordat::assess
