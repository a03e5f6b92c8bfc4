#include "host/flows/enrolment.h"

#include "fmt/format.h"
#include "host/identity/certificate.h"
#include "host/identity/spiffe_id.h"
#include "host/store/administration.h"

namespace concordat::flows {
namespace {

json::Object EnrolmentJson(const store::Enrolment& enrolment) {
  return {{"fingerprint", enrolment.fingerprint},
          {"spiffeId", enrolment.spiffe_id},
          {"partner", enrolment.partner.str()},
          {"role", enrolment.role},
          {"name", enrolment.name},
          {"enrolled", TimeText(enrolment.enrolled)},
          {"revoked", enrolment.revoked}};
}

}  // namespace

absl::StatusOr<json::Value> EnrolCertificate(const HostParts& host, const Caller& caller,
                                             const std::string& trust_domain,
                                             const std::string& certificate_pem) {
  RETURN_IF_ERROR(RequireAdministrator(caller, "enrol a certificate"));
  ASSIGN_OR_RETURN(const identity::Certificate certificate, identity::ReadCertificate(certificate_pem));
  ASSIGN_OR_RETURN(const identity::SpiffeId holder, identity::HolderOf(certificate));
  if (holder.trust_domain != trust_domain) {
    return absl::InvalidArgumentError(
        fmt::format("{} is not of this partnership's trust domain {}", holder.str(), trust_domain));
  }
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  if (!holder.administrator() && policies->set->FindPartner(holder.partner) == nullptr) {
    return absl::FailedPreconditionError(fmt::format(
        "there is no partner \"{}\" in the policies; add partners/{}.yaml first, then: concordat host reload",
        holder.partner.str(), holder.partner.str()));
  }
  store::Enrolment enrolment;
  enrolment.fingerprint = certificate.fingerprint;
  enrolment.spiffe_id = holder.str();
  if (!holder.administrator()) enrolment.partner = holder.partner;
  enrolment.role = holder.role;
  enrolment.name = holder.name;
  enrolment.certificate = certificate.pem;
  enrolment.enrolled = host.clock->Now();
  RETURN_IF_ERROR(host.store->Enrol(enrolment));
  return EnrolmentJson(enrolment);
}

namespace {

// Refused first: should the reason not be written down, the certificate is out all the same.
absl::StatusOr<json::Object> Revoke(const HostParts& host, const Caller& caller,
                                    const std::string& fingerprint, const std::string& reason) {
  RETURN_IF_ERROR(host.store->Revoke(fingerprint));
  RETURN_IF_ERROR(store::AdministrationOf(*host.store)
                      .AddRevocation({fingerprint, host.clock->Now(), caller.spiffe_id, reason}));
  ASSIGN_OR_RETURN(const store::Enrolment enrolment, host.store->FindEnrolment(fingerprint));
  json::Object told = EnrolmentJson(enrolment);
  told["reason"] = reason;
  return told;
}

}  // namespace

absl::StatusOr<json::Value> RevokeCertificates(const HostParts& host, const Caller& caller,
                                               const RevocationOrder& order) {
  RETURN_IF_ERROR(RequireAdministrator(caller, "revoke a certificate"));
  if (order.spiffe_id.empty()) {
    ASSIGN_OR_RETURN(json::Object told, Revoke(host, caller, order.fingerprint, order.reason));
    return told;
  }
  ASSIGN_OR_RETURN(const std::vector<store::Enrolment> enrolments, host.store->ListEnrolments());
  json::Array all;
  for (const store::Enrolment& enrolment : enrolments) {
    if (enrolment.spiffe_id != order.spiffe_id || enrolment.revoked) continue;
    ASSIGN_OR_RETURN(json::Object told, Revoke(host, caller, enrolment.fingerprint, order.reason));
    all.push_back(std::move(told));
  }
  if (!all.empty()) return all;
  return absl::NotFoundError(fmt::format("{} has no enrolled certificate that is valid", order.spiffe_id));
}

absl::StatusOr<json::Value> EnrolmentsJson(const HostParts& host, const Caller& caller) {
  RETURN_IF_ERROR(RequireAdministrator(caller, "list enrolled certificates"));
  ASSIGN_OR_RETURN(const std::vector<store::Enrolment> enrolments, host.store->ListEnrolments());
  json::Array list;
  ASSIGN_OR_RETURN(const std::vector<store::Revocation> revocations,
                   store::AdministrationOf(*host.store).Revocations());
  for (const store::Enrolment& enrolment : enrolments) {
    json::Object one = EnrolmentJson(enrolment);
    const absl::StatusOr<identity::Certificate> certificate =
        identity::ReadCertificate(enrolment.certificate);
    if (certificate.ok()) one["ends"] = TimeText(certificate->not_after);
    for (const store::Revocation& revocation : revocations) {
      if (revocation.fingerprint != enrolment.fingerprint) continue;
      one["revokedAt"] = TimeText(revocation.at);
      one["revokedBy"] = revocation.by;
      one["reason"] = revocation.reason;
    }
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace concordat::flows
