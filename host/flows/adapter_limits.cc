#include "host/flows/adapter_limits.h"

#include <algorithm>

namespace concordat::flows {

adapters::Limits LimitsFor(const policy::Feed& feed, const adapters::Limits& host) {
  adapters::Limits limits = host;
  if (feed.adapter_limits.time)
    limits.total = std::min(limits.total, absl::Seconds(feed.adapter_limits.time->Seconds()));
  if (feed.adapter_limits.memory_bytes)
    limits.memory_bytes = std::min(limits.memory_bytes, *feed.adapter_limits.memory_bytes);
  return limits;
}

}  // namespace concordat::flows
