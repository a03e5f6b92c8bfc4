// `check` with a connection: the host's judgement of an upload, nothing stored.
#pragma once

#include <functional>
#include <string>

#include "host/flows/caller.h"
#include "host/flows/host_parts.h"
#include "host/flows/spool.h"

namespace concordat::flows {

struct HostCheck {
  FeedId feed;
  std::string period;  // may be empty
  std::string as_of;   // RFC 3339; empty: now
  size_t samples = 20;
  std::string source_name;
  std::function<void(uint64_t records)> progress;
  Caller caller = {};
};

/// Who may: the feed's steward.
absl::Status AdmitCheck(const HostParts& host, const Caller& caller, const FeedId& feed);
absl::StatusOr<json::Object> CheckOnHost(const HostParts& host, const HostCheck& check, Spool& spool);

}  // namespace concordat::flows
