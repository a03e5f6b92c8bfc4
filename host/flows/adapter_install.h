// A version of an adapter comes to the host: copied, judged as it was copied, and only then renamed into
// place.
#pragma once

#include <string>

#include "host/adapters/manifest.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// Installs what lies in `folder` (adapter.yaml and its library) as INSTALLED/NAME-VERSION; the answer is the
/// copy's manifest. The same bytes again are fine; AlreadyExists when other bytes bear this name and version.
/// FailedPrecondition when nobody vouches for it or its library cannot run here.
absl::StatusOr<adapters::Manifest> InstallAdapter(const AdapterRules& rules, const adapters::Catalog& catalog,
                                                  const std::string& folder);

}  // namespace concordat::flows
