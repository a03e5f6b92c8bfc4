// One assessment with its questions, what stands of it, and who may do what with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/assess/position.h"
#include "host/flows/assessment_events.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// Everything that is known of one. Plain value; a Position made of it points into `form`.
struct OpenedAssessment {
  store::Assessment assessment;
  policy::AssessmentTemplate form;  // as it was when the assessment was started
  AssessmentRecord record;
  std::vector<store::ImprovementAction> actions;
  std::optional<store::AssessmentCycle> cycle;  // nothing when nobody opened one
  std::string category;                         // of the partner; as it was at submission
};

/// NotFound; FailedPrecondition when it was started before templates were kept and its own has changed since.
absl::StatusOr<OpenedAssessment> OpenAssessment(const HostParts& host, const std::string& id);

/// Where it stands: with what was measured until now while it is open, else with what was kept at submission.
absl::StatusOr<assess::Position> PositionOfAssessment(const HostParts& host, const OpenedAssessment& opened);

/// Its own partner, the administrator, and from submission on moderators of other partners. PermissionDenied
/// says nothing of what is inside.
absl::Status RequireReader(const Caller& caller, const store::Assessment& assessment);
/// A steward of its partner, while it is open. FailedPrecondition says how it becomes so again.
absl::Status RequireAnswerer(const Caller& caller, const store::Assessment& assessment,
                             std::string_view what);
/// Somebody of its partner with one of the roles.
absl::Status RequireStaff(const Caller& caller, const store::Assessment& assessment,
                          std::initializer_list<std::string_view> roles, std::string_view what);

/// The item. InvalidArgument names the nearest one, and items that the partner's category is not asked.
absl::StatusOr<const policy::AssessmentItem*> FindItem(const OpenedAssessment& opened,
                                                       const std::string& item);
/// InvalidArgument lists the levels when it is none.
absl::Status RequireLevel(const policy::AssessmentTemplate& form, int level);

/// "sam" of spiffe://derwent.example/partner/county-council/steward/sam: one person may hold several roles.
std::string PersonOf(std::string_view spiffe_id);

/// While it lives nobody else changes the assessment: what was looked at is what is changed.
class AssessmentTurn {
 public:
  AssessmentTurn(const HostParts& host, const std::string& id)
      : turns_(*host.turns), key_("assessment " + id) {
    turns_.Take(key_);
  }
  ~AssessmentTurn() { turns_.Return(key_); }
  AssessmentTurn(const AssessmentTurn&) = delete;
  AssessmentTurn& operator=(const AssessmentTurn&) = delete;

 private:
  Turns& turns_;
  const std::string key_;
};

}  // namespace concordat::flows
