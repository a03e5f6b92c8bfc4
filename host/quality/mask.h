// Hides the values of confidential columns in what is shown to people.
#pragma once

#include <string>

#include "host/data/schema.h"
#include "host/record/finding.h"

namespace concordat::quality {

/// What stands in place of a hidden value.
inline constexpr std::string_view kHidden = "(hidden)";

using data::IsConfidential;

/// The finding with the values of confidential columns replaced, in `values` and in the
/// texts. An adapter's texts may hold anything, so that with any confidential column in
/// the schema they are replaced whole, as is the raw text of an unreadable record.
record::Finding Masked(const record::Finding& finding, const data::Schema& schema);

}  // namespace concordat::quality
