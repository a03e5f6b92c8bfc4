#include "host/flows/enrolment.h"

#include "fmt/format.h"
#include "host/identity/certificate.h"
#include "host/identity/spiffe_id.h"

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

absl::StatusOr<json::Value> RevokeCertificate(const HostParts& host, const Caller& caller,
                                              const std::string& fingerprint) {
  RETURN_IF_ERROR(RequireAdministrator(caller, "revoke a certificate"));
  RETURN_IF_ERROR(host.store->Revoke(fingerprint));
  ASSIGN_OR_RETURN(const store::Enrolment enrolment, host.store->FindEnrolment(fingerprint));
  return EnrolmentJson(enrolment);
}

absl::StatusOr<json::Value> EnrolmentsJson(const HostParts& host, const Caller& caller) {
  RETURN_IF_ERROR(RequireAdministrator(caller, "list enrolled certificates"));
  ASSIGN_OR_RETURN(const std::vector<store::Enrolment> enrolments, host.store->ListEnrolments());
  json::Array list;
  for (const store::Enrolment& enrolment : enrolments) list.push_back(EnrolmentJson(enrolment));
  return list;
}

}  // namespace concordat::flows
