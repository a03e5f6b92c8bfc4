// Where the rows of a release come from: read and treated while they are sent, or staged and verified before
// the first one leaves.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/flows/host_parts.h"
#include "host/sharing/aggregation.h"
#include "host/sharing/gatekeeper.h"
#include "host/sharing/materials.h"
#include "host/sharing/release.h"

namespace concordat::flows {

/// Rows ready to leave, some thousand at a time. One thread at a time; destroying it early ends whatever
/// reads for it.
class RowSource {
 public:
  virtual ~RowSource() = default;
  /// Nothing after the last rows. Internal: a duty's outcome did not hold, nothing more may leave.
  virtual absl::StatusOr<std::optional<sharing::AskedRows>> Next() = 0;
};

/// What is known of a release before its first row leaves.
struct ReleaseFigures {
  uint64_t withheld_records = 0;  // by k-anonymity
  uint64_t suppressed_cells = 0;  // of an aggregate
  uint64_t cells = 0;
  uint64_t counted_records = 0;               // by an aggregate
  std::optional<uint64_t> smallest_class;     // of what leaves, recomputed on the output
  std::string figures;                        // which table an aggregate is, for comparing releases
  std::optional<sharing::CountTable> counts;  // to be remembered once it has left
};

/// What a release is made of. All pointees outlive its rows.
struct ReleaseJob {
  const HostParts* host = nullptr;
  const policy::PolicySet* policies = nullptr;
  const policy::SharingProtocol* protocol = nullptr;
  const policy::Share* share = nullptr;
  const sharing::Materials* materials = nullptr;
  sharing::AccessRequest request;
  std::vector<SubmissionId> submissions;  // whose rows leave, oldest first
};

/// Rows, their columns in output order, and what was found out on the way.
struct PreparedRows {
  std::unique_ptr<RowSource> rows;
  std::vector<std::string> columns;
  ReleaseFigures figures;
};

/// Duties that judge the whole output are carried out and verified here, before it returns.
/// FailedPrecondition: the share rules the release out (too many records below k, what left before);
/// Internal: a verification failed.
absl::StatusOr<PreparedRows> PrepareRows(const ReleaseJob& job);

/// The fields that tell the records apart (KeyFieldsOf); empty for an aggregate and where there are none.
std::vector<std::string> SubjectFields(const policy::PolicySet& policies, const policy::Share& share);

}  // namespace concordat::flows
