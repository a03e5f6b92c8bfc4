#include "host/server/protocol_service.h"

#include "host/flows/agreements.h"
#include "host/flows/protocol_export.h"
#include "host/flows/protocol_simulation.h"
#include "host/policy/issue_json.h"

namespace concordat::server {
namespace {

constexpr size_t kLastRequests = 100;

std::string NameOf(const std::string& name) { return name.empty() ? "protocol.yaml" : name; }

// A document with mistakes is an answer: every mistake, each as it is printed; all else that failed is an
// error.
absl::StatusOr<json::Value> WithIssues(std::string_view done, absl::StatusOr<json::Value> answer,
                                       const Issues& issues) {
  if (!answer.ok() && !issues.has_errors()) return answer.status();
  json::Object object;
  object[done] = answer.ok();
  if (!answer.ok()) object["why"] = std::string(MessageOf(answer.status()));
  json::Value list = policy::IssuesToJson(issues);
  for (size_t i = 0; i < issues.list().size() && i < list.as_array().size(); ++i)
    list.as_array()[i].as_object()["text"] = RenderIssue(issues.list()[i]);
  object["issues"] = std::move(list);
  if (answer.ok()) {
    for (const auto& member : answer->as_object()) object[member.key()] = member.value();
  }
  return object;
}

}  // namespace

grpc::ServerUnaryReactor* ProtocolServiceImpl::ListProtocols(grpc::CallbackServerContext* context,
                                                             const v1::ListProtocolsRequest*,
                                                             v1::ProtocolJson* reply) {
  return AnswerJson<v1::ProtocolJson>(parts_, context, reply,
                                      [this](const flows::Caller&) -> absl::StatusOr<json::Value> {
                                        return flows::ListProtocols(*parts_.host);
                                      });
}

grpc::ServerUnaryReactor* ProtocolServiceImpl::GetProtocol(grpc::CallbackServerContext* context,
                                                           const v1::ProtocolRequest* request,
                                                           v1::ProtocolJson* reply) {
  return AnswerJson<v1::ProtocolJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::ShowProtocol(*parts_.host, caller, ProtocolId(request->protocol()), request->version());
      });
}

grpc::ServerUnaryReactor* ProtocolServiceImpl::GetProtocolStatus(grpc::CallbackServerContext* context,
                                                                 const v1::ProtocolRequest* request,
                                                                 v1::ProtocolJson* reply) {
  return AnswerJson<v1::ProtocolJson>(
      parts_, context, reply, [this, request](const flows::Caller&) -> absl::StatusOr<json::Value> {
        if (request->protocol().empty()) return flows::AllProtocolStatuses(*parts_.host);
        return flows::ProtocolStatus(*parts_.host, ProtocolId(request->protocol()), request->version());
      });
}

grpc::ServerUnaryReactor* ProtocolServiceImpl::SignProtocol(grpc::CallbackServerContext* context,
                                                            const v1::SignProtocolRequest* request,
                                                            v1::ProtocolJson* reply) {
  return AnswerJson<v1::ProtocolJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::SignProtocol(
            *parts_.host, {caller, ProtocolId(request->protocol()), request->version(), request->digest(),
                           request->signature(), request->name(), request->post(), request->authority()});
      });
}

grpc::ServerUnaryReactor* ProtocolServiceImpl::RevokeSignature(grpc::CallbackServerContext* context,
                                                               const v1::RevokeSignatureRequest* request,
                                                               v1::ProtocolJson* reply) {
  return AnswerJson<v1::ProtocolJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::RevokeSignature(
            *parts_.host, {caller, ProtocolId(request->protocol()), request->version(), request->reason(),
                           request->signature()});
      });
}

grpc::ServerUnaryReactor* ProtocolServiceImpl::RejectProtocol(grpc::CallbackServerContext* context,
                                                              const v1::RejectProtocolRequest* request,
                                                              v1::ProtocolJson* reply) {
  return AnswerJson<v1::ProtocolJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::RejectProtocol(
            *parts_.host, {caller, ProtocolId(request->protocol()), request->version(), request->reason(),
                           request->signature()});
      });
}

grpc::ServerUnaryReactor* ProtocolServiceImpl::ProposeProtocol(grpc::CallbackServerContext* context,
                                                               const v1::ProposeProtocolRequest* request,
                                                               v1::ProtocolJson* reply) {
  return AnswerJson<v1::ProtocolJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        Issues issues;
        auto answer = parts_.propose({caller, NameOf(request->name()), request->document()}, issues);
        return WithIssues("proposed", std::move(answer), issues);
      });
}

grpc::ServerUnaryReactor* ProtocolServiceImpl::SimulateProtocol(grpc::CallbackServerContext* context,
                                                                const v1::SimulateProtocolRequest* request,
                                                                v1::ProtocolJson* reply) {
  return AnswerJson<v1::ProtocolJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        Issues issues;
        const size_t last = request->last() == 0 ? kLastRequests : request->last();
        auto answer = flows::SimulateProtocol(
            *parts_.host, {caller, NameOf(request->name()), request->document(), last}, issues);
        return WithIssues("simulated", std::move(answer), issues);
      });
}

grpc::ServerUnaryReactor* ProtocolServiceImpl::ExportProtocol(grpc::CallbackServerContext* context,
                                                              const v1::ExportProtocolRequest* request,
                                                              v1::ProtocolJson* reply) {
  return AnswerJson<v1::ProtocolJson>(
      parts_, context, reply, [this, request](const flows::Caller&) -> absl::StatusOr<json::Value> {
        ASSIGN_OR_RETURN(std::string text,
                         flows::ExportOnHost(*parts_.host, ProtocolId(request->protocol()),
                                             request->version(), request->as(), request->html()));
        return json::Object{{"as", request->as()}, {"text", std::move(text)}};
      });
}

}  // namespace concordat::server
