// What there is, as JSON: partners, datasets, feeds, adapters.
#pragma once

#include "host/base/json.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

json::Value PartnersJson(const HostParts& host);
json::Value DatasetsJson(const policy::PolicySet& set);
json::Value FeedsJson(const HostParts& host);
json::Value AdaptersJson(const adapters::Catalog& catalog);

}  // namespace concordat::flows
