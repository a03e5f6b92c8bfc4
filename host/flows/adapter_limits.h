// What one feed's adapter may use.
#pragma once

#include "host/adapters/session.h"
#include "host/policy/feed.h"

namespace concordat::flows {

/// The host's limits, narrowed to what the feed grants where it says so; a feed never grants more than the
/// host.
adapters::Limits LimitsFor(const policy::Feed& feed, const adapters::Limits& host);

}  // namespace concordat::flows
