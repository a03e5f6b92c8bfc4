#include "host/server/admin_service.h"

#include "host/flows/catalog.h"
#include "host/flows/enrolment.h"
#include "host/policy/issue_json.h"

namespace concordat::server {

grpc::ServerUnaryReactor* AdminServiceImpl::GetHostStatus(grpc::CallbackServerContext* context,
                                                          const v1::AdminRequest*, v1::AdminJson* reply) {
  return AnswerJson<v1::AdminJson>(parts_, context, reply,
                                   [this](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
                                     RETURN_IF_ERROR(flows::RequireAdministrator(caller, "host status"));
                                     return parts_.host_status();
                                   });
}

grpc::ServerUnaryReactor* AdminServiceImpl::ListAdapters(grpc::CallbackServerContext* context,
                                                         const v1::AdminRequest*, v1::AdminJson* reply) {
  return AnswerJson<v1::AdminJson>(parts_, context, reply,
                                   [this](const flows::Caller&) -> absl::StatusOr<json::Value> {
                                     return flows::AdaptersJson(*parts_.host->catalog);
                                   });
}

grpc::ServerUnaryReactor* AdminServiceImpl::EnrolCertificate(grpc::CallbackServerContext* context,
                                                             const v1::EnrolCertificateRequest* request,
                                                             v1::AdminJson* reply) {
  return AnswerJson<v1::AdminJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::EnrolCertificate(*parts_.host, caller, parts_.trust_domain, request->certificate_pem());
      });
}

grpc::ServerUnaryReactor* AdminServiceImpl::RevokeCertificate(grpc::CallbackServerContext* context,
                                                              const v1::RevokeCertificateRequest* request,
                                                              v1::AdminJson* reply) {
  return AnswerJson<v1::AdminJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::RevokeCertificate(*parts_.host, caller, request->fingerprint());
      });
}

grpc::ServerUnaryReactor* AdminServiceImpl::ListEnrolments(grpc::CallbackServerContext* context,
                                                           const v1::AdminRequest*, v1::AdminJson* reply) {
  return AnswerJson<v1::AdminJson>(parts_, context, reply,
                                   [this](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
                                     return flows::EnrolmentsJson(*parts_.host, caller);
                                   });
}

grpc::ServerUnaryReactor* AdminServiceImpl::ReloadPolicies(grpc::CallbackServerContext* context,
                                                           const v1::AdminRequest*, v1::AdminJson* reply) {
  return AnswerJson<v1::AdminJson>(
      parts_, context, reply, [this](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        RETURN_IF_ERROR(flows::RequireAdministrator(caller, "reload the policies"));
        Issues issues;
        const std::string before = parts_.host->policies->Get()->set->digest;
        const absl::Status reloaded = parts_.reload_policies(issues);
        json::Object reply_json{{"reloaded", reloaded.ok()},
                                {"before", before},
                                {"now", parts_.host->policies->Get()->set->digest}};
        reply_json["issues"] = policy::IssuesToJson(issues);
        return json::Value(std::move(reply_json));
      });
}

}  // namespace concordat::server
