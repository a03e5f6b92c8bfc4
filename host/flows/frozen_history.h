// What measures were drawn from when an assessment was handed in, as JSON and back: later submissions change
// no earlier result.
#pragma once

#include "host/assess/history.h"
#include "host/base/json.h"
#include "host/policy/assessment_template.h"

namespace concordat::flows {

/// What the measures of the form can look at; a form without measures keeps nothing.
assess::History HistoryFor(const policy::AssessmentTemplate& form, assess::History history, absl::Time now);

json::Value HistoryToJson(const assess::History& history);
/// The inverse; members that are missing are empty. DataLoss when it is no object.
absl::StatusOr<assess::History> HistoryFromJson(const json::Value& value);

}  // namespace concordat::flows
