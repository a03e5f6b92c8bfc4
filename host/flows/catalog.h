// What there is, as JSON: partners, datasets, feeds, adapters.
#pragma once

#include "host/base/json.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

json::Value PartnersJson(const HostParts& host);
json::Value DatasetsJson(const policy::PolicySet& set);
json::Value FeedsJson(const HostParts& host);
/// What can be said of one version without a host: {name, version, description, digest, formats, options,
/// rules, abi, trust, inUse} and, where its library cannot run here, unfit.
json::Object AdapterJson(const adapters::Catalog& catalog, const adapters::Manifest& manifest);
/// [{name, version, folder, state: "refused", why}].
json::Array RefusedJson(const adapters::Catalog& catalog);
/// Both of all of the catalog.
json::Value AdaptersJson(const adapters::Catalog& catalog);

}  // namespace concordat::flows
