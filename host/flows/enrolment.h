// Which certificates may speak for which partner.
#pragma once

#include <string>

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// Registers the certificate's fingerprint for the partner and role in its SPIFFE ID. Administrators only.
absl::StatusOr<json::Value> EnrolCertificate(const HostParts& host, const Caller& caller,
                                             const std::string& trust_domain,
                                             const std::string& certificate_pem);
/// From the next call on the certificate is refused. Administrators only.
absl::StatusOr<json::Value> RevokeCertificate(const HostParts& host, const Caller& caller,
                                              const std::string& fingerprint);
absl::StatusOr<json::Value> EnrolmentsJson(const HostParts& host, const Caller& caller);

}  // namespace concordat::flows
