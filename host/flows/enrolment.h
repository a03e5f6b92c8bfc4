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
/// Which certificates are refused from now on, and why.
struct RevocationOrder {
  std::string fingerprint;  // one certificate; or
  std::string spiffe_id;    // all that a holder has
  std::string reason;
};
/// From the next call on they are refused, and streams under way end with their next message. Administrators
/// only. The one that was revoked, or with `spiffe_id` a list of them; NotFound when none is enrolled.
absl::StatusOr<json::Value> RevokeCertificates(const HostParts& host, const Caller& caller,
                                               const RevocationOrder& order);
absl::StatusOr<json::Value> EnrolmentsJson(const HostParts& host, const Caller& caller);

}  // namespace concordat::flows
