// The columns that a share gives, as whoever receives them sees them: names and types after the duties.
#pragma once

#include <string>
#include <vector>

#include "host/data/schema.h"
#include "host/policy/policy_set.h"
#include "host/record/ruling.h"

namespace concordat::sharing {

/// A field of the dataset that takes part in a share, with its duty; for an aggregate one of its keys.
struct ShapedField {
  std::string name;               // of the output column
  const policy::FieldDuty* duty;  // owned by the share
};

/// In the order written: fields of a share of records, keys of an aggregate.
std::vector<ShapedField> ShapedFields(const policy::Share& share);

/// Every output column and its form: of records its duty, of an aggregate "key" and "count", "sum", "mean",
/// "ratio".
std::vector<record::ReleasedField> ReleasedForms(const policy::Share& share);

/// What a request's `where` may name, in the types in which it leaves. Fields that `dataset` has not are left
/// out.
data::Schema ReleasedSchema(const policy::Share& share, const data::Schema& dataset);

/// `select` narrowed to output columns in the order asked for, each once; all of them when it is empty.
/// InvalidArgument names the one that is not shared.
absl::StatusOr<std::vector<record::ReleasedField>> SelectForms(const policy::Share& share,
                                                               const std::vector<std::string>& select);

}  // namespace concordat::sharing
