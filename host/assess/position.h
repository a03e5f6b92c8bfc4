// Where an assessment stands: each claim beside its evidence, levels of themes and the whole, what is open.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/assess/evidence.h"

namespace concordat::assess {

/// The claim for one item, as it stands.
struct Claim {
  std::optional<int> level;      // as answered
  std::optional<int> moderated;  // as a moderator changed it
  bool review_needed = false;    // carried over from the last cycle and not confirmed yet
  std::vector<AttachedEvidence> attached;
  bool planned = false;  // an action for it is open or done

  std::optional<int> standing() const { return moderated ? moderated : level; }
};

struct Inputs {
  const policy::AssessmentTemplate* form = nullptr;
  std::string category;                 // of the partner
  std::map<std::string, Claim> claims;  // by item
  History history;
  absl::Time now;
};

struct ItemPosition {
  const policy::AssessmentItem* item = nullptr;
  Claim claim;
  bool applies = true;  // to this category
  bool asked = true;    // it applies, and `asked_when` holds
  std::string not_asked_because;
  bool mandatory = false;  // for this category, and asked
  std::optional<int> target;
  std::vector<Evidence> measured;    // one a binding, in order
  std::optional<Evidence> decisive;  // the one with the lowest level
  bool evidence_missing = false;     // must have something attached and in date, and has not
  Gap gap;
};

struct ThemePosition {
  const policy::AssessmentTheme* theme = nullptr;
  std::vector<ItemPosition> items;
  size_t answered = 0;
  size_t asked = 0;
  std::optional<double> mean;
  std::optional<int> lowest;
  std::optional<int> level;  // nothing while an asked item is unanswered
  std::optional<int> target;
  std::string why;  // "floor of the mean 2.8, held at 2 by one item at level 1"
};

struct Position {
  std::vector<ThemePosition> themes;
  size_t answered = 0;
  size_t asked = 0;
  std::optional<int> level;
  std::optional<int> target;
  const policy::AssessmentStatus* status = nullptr;
  std::string why;
  // Item ids: unanswered, or not confirmed since they were carried over.
  std::vector<std::string> open_mandatory;
  std::vector<std::string> missing_evidence;  // item ids
};

/// Pure; `inputs.form` outlives the result.
Position PositionOf(const Inputs& inputs);

/// The standing claim is judged; `measured` holds one entry for each measure of the item, in their order.
Gap CompareClaim(const policy::AssessmentItem& item, const Claim& claim,
                 const std::vector<Evidence>& measured, const Inputs& inputs);

/// Level drawn from `levels` by `how`: capped_mean (floor of the mean, at most the lowest plus one), mean
/// (its floor), lowest; nothing for other words or without levels.
std::optional<int> DrawnLevel(const std::string& how, const std::vector<int>& levels);

}  // namespace concordat::assess
