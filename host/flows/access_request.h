// What the gatekeeper is asked, out of what a caller asks.
#pragma once

#include "host/flows/exchange.h"

namespace concordat::flows {

/// The caller's partner, role and name stand for whoever asks; `now` is the time of the ruling.
sharing::AccessRequest AccessOf(const ExchangeRequest& request, absl::Time now);

}  // namespace concordat::flows
