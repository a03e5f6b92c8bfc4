// Cycles, self-assessments and everything that was done to them, in control.db.
#pragma once

#include <string>
#include <vector>

#include "host/store/sqlite/control.h"
#include "host/store/store.h"

namespace concordat::store {

class SqliteAssessments : public AssessmentStore {
 public:
  explicit SqliteAssessments(Control& control) : control_(control) {}

  absl::Status OpenCycle(const AssessmentCycle& cycle) override;
  absl::StatusOr<std::vector<AssessmentCycle>> ListCycles(const std::string& template_id) const override;
  absl::Status StartAssessment(const Assessment& assessment,
                               const std::vector<AssessmentEvent>& events) override;
  absl::StatusOr<Assessment> GetAssessment(const std::string& id) const override;
  absl::StatusOr<std::vector<Assessment>> ListAssessments(
      const std::optional<PartnerId>& partner) const override;
  absl::Status AddAssessmentEvents(const std::string& id, const std::vector<AssessmentEvent>& events,
                                   const AssessmentStep& step) override;
  absl::StatusOr<std::vector<AssessmentEvent>> AssessmentEvents(const std::string& id) const override;

 private:
  Control& control_;
};

}  // namespace concordat::store
