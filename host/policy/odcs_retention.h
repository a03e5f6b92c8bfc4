// How long the store keeps what it was given, as the contract says it.
#pragma once

#include <optional>

#include "host/policy/node.h"
#include "host/policy/period.h"

namespace concordat::policy {

/// Of the customProperty `retention: {store: P24M}`, else of the first ODCS service level `{property:
/// retention, value: 24, unit: m}` (days, weeks, months, years; `m` is a month, as in the standard's own
/// examples); nothing when neither is there.
std::optional<Duration> ReadRetention(const Node& document, Issues& issues);

}  // namespace concordat::policy
