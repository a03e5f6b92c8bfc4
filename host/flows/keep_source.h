// The bytes of attempts are kept as long as their feed says (keep_source, default P90D), then removed.
#pragma once

#include "host/flows/host_parts.h"
#include "host/flows/pipeline.h"

namespace concordat::flows {

/// The bytes that an attempt was judged from.
struct KeptSource {
  FileDescriptor file;
  Source source;  // of `file`; without digest
};
/// NotFound when they are no longer kept, or were erased.
absl::StatusOr<KeptSource> OpenKeptSource(const HostParts& host, const store::Attempt& attempt);

/// Removes sources past their time and those of no attempt (left by a crash before anything was
/// acknowledged).
absl::Status RemoveExpiredSources(const HostParts& host);

}  // namespace concordat::flows
