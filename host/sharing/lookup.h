// Which table and which of its columns a generalisation looks its values up in.
#pragma once

#include <string>

#include "host/base/status.h"
#include "host/policy/policy_set.h"

namespace concordat::sharing {

/// A lookup with everything found that the protocol left to be guessed.
struct ResolvedLookup {
  std::string source;  // the field of the shared dataset whose values are looked up
  DatasetId dataset;   // of the table; empty for a list file
  std::string list;    // path of the list file; empty for a dataset
  std::string key;     // the table's column of the same values as `source`
  std::string value;   // the table's column that leaves
};

/// InvalidArgument says what cannot be found and which names there are. `duty.field` may be empty (a key of
/// an aggregate): then the source is the dataset's field that is named as the key column.
absl::StatusOr<ResolvedLookup> ResolveLookup(const policy::PolicySet& policies, const policy::FieldDuty& duty,
                                             const data::Schema& dataset);

}  // namespace concordat::sharing
