// What left before, and what is leaving now, in control.db.
#pragma once

#include <string>
#include <vector>

#include "host/store/sqlite/control.h"
#include "host/store/store.h"

namespace concordat::store {

class SqliteReleases : public ReleaseStore {
 public:
  explicit SqliteReleases(Control& control) : control_(control) {}

  absl::Status RememberRelease(const RememberedRelease& release) override;
  absl::StatusOr<std::vector<RememberedRelease>> Releases(const PartnerId& recipient,
                                                          const DatasetId& dataset, const std::string& table,
                                                          absl::Time since) const override;
  absl::Status BeginTransfer(const OpenTransfer& transfer) override;
  absl::Status EndTransfer(const std::string& receipt) override;
  absl::StatusOr<std::vector<OpenTransfer>> OpenTransfers() const override;

 private:
  Control& control_;
};

}  // namespace concordat::store
