// Certificates that may speak for a partner, in control.db and, because every call asks, in memory.
#pragma once

#include <shared_mutex>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "host/store/sqlite/control.h"
#include "host/store/store.h"

namespace concordat::store {

class SqliteEnrolments : public EnrolmentStore {
 public:
  explicit SqliteEnrolments(Control& control) : control_(control) {}

  /// Reads all of them. To be called before anything else.
  absl::Status Load();

  absl::Status Enrol(const Enrolment& enrolment) override;
  absl::Status Revoke(const std::string& fingerprint) override;
  absl::StatusOr<Enrolment> FindEnrolment(const std::string& fingerprint) const override;
  absl::StatusOr<std::vector<Enrolment>> ListEnrolments() const override;

 private:
  Control& control_;

  mutable std::shared_mutex mutex_;                             // never held while the database works
  absl::flat_hash_map<std::string, Enrolment> by_fingerprint_;  // guarded by mutex_
};

}  // namespace concordat::store
