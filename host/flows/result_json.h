// The document of interfaces.md, "JSON of a check and of a submission", from what a run came to.
#pragma once

#include "host/base/json.h"
#include "host/flows/pipeline.h"

namespace concordat::flows {

json::Object JudgementJson(const FeedPlan& plan, const Source& source, const policy::Period& period,
                           absl::Time as_of, const Judged& judged, bool show_values = false);

/// A copy for people who may see scores but not records: without samples.
json::Object WithoutSamples(const json::Object& result);

}  // namespace concordat::flows
