// Self-assessments and the revisions of their answers, in control.db.
#pragma once

#include <string>
#include <vector>

#include "host/store/sqlite/control.h"
#include "host/store/store.h"

namespace concordat::store {

class SqliteAssessments : public AssessmentStore {
 public:
  explicit SqliteAssessments(Control& control) : control_(control) {}

  absl::Status StartAssessment(const Assessment& assessment) override;
  absl::StatusOr<Assessment> GetAssessment(const std::string& id) const override;
  absl::StatusOr<std::vector<Assessment>> ListAssessments(
      const std::optional<PartnerId>& partner) const override;
  absl::Status AddAnswer(const std::string& id, const Answer& answer) override;
  absl::StatusOr<std::vector<Answer>> Answers(const std::string& id) const override;
  absl::StatusOr<std::vector<Answer>> AllAnswers(const std::string& id) const override;
  absl::Status SubmitAssessment(const std::string& id, absl::Time time, const json::Value& frozen) override;

 private:
  Control& control_;
};

}  // namespace concordat::store
