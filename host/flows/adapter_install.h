// A version of an adapter comes to the host: copied, judged as it was copied, and only then renamed into
// place.
#pragma once

#include <functional>
#include <string>

#include "host/adapters/manifest.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// Installs what lies in `folder` (adapter.yaml and its library) as INSTALLED/NAME-VERSION; the answer is the
/// copy's manifest. The same bytes again are fine; AlreadyExists when other bytes bear this name and version.
/// FailedPrecondition when nobody vouches for it or its library cannot run here. What `fits` refuses is not
/// installed, either: the next reading of the folders would put it in use.
absl::StatusOr<adapters::Manifest> InstallAdapter(
    const AdapterRules& rules, const adapters::Catalog& catalog, const std::string& folder,
    const std::function<absl::Status(const adapters::Manifest&)>& fits);

}  // namespace concordat::flows
