// Decisions about adapters and their failures, in control.db.
#pragma once

#include <string>
#include <vector>

#include "host/store/adapter_store.h"
#include "host/store/sqlite/control.h"

namespace concordat::store {

class SqliteAdapterRecords : public AdapterStore {
 public:
  explicit SqliteAdapterRecords(Control& control) : control_(control) {}

  absl::Status AddAdapterDecision(const AdapterDecision& decision) override;
  absl::StatusOr<std::vector<AdapterDecision>> AdapterDecisions() const override;
  absl::StatusOr<uint64_t> AddAdapterFailure(const AdapterFailureRecord& failure, bool grave) override;
  absl::Status EndAdapterFailures(const std::string& adapter, const std::string& version,
                                  const FeedId& feed) override;
  absl::StatusOr<std::vector<AdapterTally>> AdapterTallies() const override;
  absl::StatusOr<std::vector<AdapterFailureRecord>> AdapterFailures(const std::string& adapter,
                                                                    size_t limit) const override;

 private:
  Control& control_;
};

}  // namespace concordat::store
