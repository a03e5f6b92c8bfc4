// What is to be done about gaps, and every change of it, in control.db.
#pragma once

#include <string>
#include <vector>

#include "host/store/sqlite/control.h"
#include "host/store/store.h"

namespace concordat::store {

class SqliteActions : public ActionStore {
 public:
  explicit SqliteActions(Control& control) : control_(control) {}

  absl::Status AddAction(const ImprovementAction& action) override;
  absl::StatusOr<ImprovementAction> GetAction(const std::string& id) const override;
  absl::StatusOr<std::vector<ImprovementAction>> ListActions(const ActionFilter& filter) const override;
  absl::Status ChangeAction(const ImprovementAction& action, const ActionRevision& revision) override;
  absl::StatusOr<std::vector<ActionRevision>> ActionRevisions(const std::string& id) const override;

 private:
  Control& control_;
};

}  // namespace concordat::store
