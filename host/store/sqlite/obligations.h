// What is owed after a release, in control.db.
#pragma once

#include <string>
#include <vector>

#include "host/store/sqlite/control.h"
#include "host/store/store.h"

namespace concordat::store {

class SqliteObligations : public ObligationStore {
 public:
  explicit SqliteObligations(Control& control) : control_(control) {}

  absl::Status AddObligations(const std::vector<Obligation>& obligations) override;
  absl::StatusOr<Obligation> GetObligation(const std::string& id) const override;
  absl::StatusOr<std::vector<Obligation>> ListObligations(const ObligationFilter& filter) const override;
  absl::Status CloseObligation(const std::string& id, const ObligationClosing& closing) override;

 private:
  Control& control_;
};

}  // namespace concordat::store
