#include "host/server/authenticate.h"

#include <grpcpp/security/auth_context.h>

#include "fmt/format.h"
#include "host/identity/certificate.h"
#include "host/identity/spiffe_id.h"

namespace concordat::server {
namespace {

bool IsLocalSocket(const grpc::CallbackServerContext& context) {
  return context.peer().rfind("unix:", 0) == 0;
}

flows::Caller LocalAdministrator() {
  flows::Caller caller;
  caller.role = "administrator";
  caller.name = "local";
  caller.spiffe_id = "unix socket";
  caller.administrator = true;
  return caller;
}

std::string PeerCertificate(const grpc::CallbackServerContext& context) {
  const auto values = context.auth_context()->FindPropertyValues("x509_pem_cert");
  return values.empty() ? "" : std::string(values.front().data(), values.front().size());
}

absl::Status CheckEnrolment(const store::EnrolmentStore& enrolments, const identity::Certificate& certificate,
                            const identity::SpiffeId& holder) {
  const absl::StatusOr<store::Enrolment> enrolment = enrolments.FindEnrolment(certificate.fingerprint);
  if (absl::IsNotFound(enrolment.status())) {
    return absl::PermissionDeniedError(
        fmt::format("the certificate of {} is not enrolled with this host; its administrator runs: concordat "
                    "partner add {} --cert FILE",
                    holder.str(), holder.partner.str()));
  }
  RETURN_IF_ERROR(enrolment.status());
  if (enrolment->revoked)
    return absl::PermissionDeniedError(fmt::format("the certificate of {} is revoked", holder.str()));
  if (enrolment->spiffe_id != holder.str())
    return absl::PermissionDeniedError("the certificate is enrolled under another name");
  if (absl::Now() > certificate.not_after)
    return absl::PermissionDeniedError(fmt::format("the certificate of {} has expired", holder.str()));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<flows::Caller> Authenticate(const grpc::CallbackServerContext& context,
                                           KnownCertificates& certificates,
                                           const store::EnrolmentStore& enrolments,
                                           const std::string& trust_domain) {
  if (IsLocalSocket(context)) return LocalAdministrator();
  const std::string pem = PeerCertificate(context);
  if (pem.empty()) return absl::UnauthenticatedError("no client certificate");
  ASSIGN_OR_RETURN(const auto certificate, certificates.Read(pem));
  const absl::StatusOr<identity::SpiffeId> holder = identity::HolderOf(*certificate);
  if (!holder.ok()) return absl::UnauthenticatedError(std::string(MessageOf(holder.status())));
  if (holder->trust_domain != trust_domain) {
    return absl::UnauthenticatedError(
        fmt::format("{} is not of the trust domain {}", holder->str(), trust_domain));
  }
  RETURN_IF_ERROR(CheckEnrolment(enrolments, *certificate, *holder));
  flows::Caller caller;
  caller.administrator = holder->administrator();
  if (!caller.administrator) caller.partner = holder->partner;
  caller.role = holder->role;
  caller.name = holder->name;
  caller.spiffe_id = holder->str();
  caller.certificate_pem = certificate->pem;
  return caller;
}

}  // namespace concordat::server
