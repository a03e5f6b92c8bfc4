// Executes the duties of a share on batches: only listed fields leave, each in the form agreed, each
// verified.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/data/batch.h"
#include "host/policy/policy_set.h"
#include "host/sharing/gatekeeper.h"
#include "host/sharing/materials.h"
#include "host/sharing/released_rows.h"

namespace concordat::sharing {

/// Rows as they leave, and beside them, not to leave, the values by which their records are known.
struct AskedRows {
  ReleasedRows rows;
  ReleasedRows subjects;  // one column a subject field, as many rows
};

/// The rows and fields of one release, before what judges the whole of it. One thread at a time.
class Release {
 public:
  /// Compiles the share's rows, the request's where and select against the contract; `materials` and
  /// `policies` outlive it. `subject_fields` are carried along untreated, to say whose records left. Any
  /// failure denies.
  static absl::StatusOr<Release> Create(const policy::PolicySet& policies, const policy::Share& share,
                                        std::shared_ptr<const data::Schema> schema,
                                        const AccessRequest& request, const Materials& materials,
                                        const std::vector<std::string>& subject_fields = {});

  /// What Apply gives, under its names: fields after their duties (for an aggregate: its keys, then the
  /// fields that it measures, as they are).
  const std::vector<std::string>& treated() const;
  /// What leaves, in order.
  const std::vector<std::string>& columns() const;

  /// Rows of `batch` that pass the share's `rows`, every duty executed and then verified on its outcome; a
  /// row whose condition cannot be evaluated does not leave. Internal when a verification fails: nothing of
  /// this release may leave.
  absl::StatusOr<ReleasedRows> Apply(const data::Batch& batch) const;

  /// The last step, on treated rows that may leave: the request's where, evaluated on what is shown, and its
  /// select.
  absl::StatusOr<AskedRows> Ask(const ReleasedRows& treated) const;

 private:
  struct Plan;
  std::shared_ptr<Plan> plan_;
};

}  // namespace concordat::sharing
