// Executes the duties of a share on batches: only listed fields leave, each in the form agreed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/data/batch.h"
#include "host/policy/policy_set.h"
#include "host/sharing/gatekeeper.h"

namespace concordat::sharing {

/// A secret that the host keeps for one protocol; 32 bytes.
struct PseudonymKey {
  std::string id;     // shown in the receipt
  std::string bytes;
};

/// The rows and fields that leave. One thread at a time.
class Release {
 public:
  /// Compiles the share's rows, the request's where and select against the contract. Any failure denies.
  static absl::StatusOr<Release> Create(const policy::Share& share, std::shared_ptr<const data::Schema> schema,
                                        const AccessRequest& request, const PseudonymKey* key);

  /// Output columns in order, under contract names.
  const std::vector<std::string>& columns() const { return columns_; }

  /// Rows of `batch` that pass the filters, with every duty executed and then verified on the output; a row whose filter
  /// cannot be evaluated does not leave. Internal when a verification fails: nothing of this release may leave.
  absl::StatusOr<std::vector<std::vector<std::string>>> Apply(const data::Batch& batch);

 private:
  struct Plan;
  std::vector<std::string> columns_;
  std::shared_ptr<Plan> plan_;
};

}  // namespace concordat::sharing
