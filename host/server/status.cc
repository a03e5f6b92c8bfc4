#include "host/server/status.h"

#include "absl/strings/ascii.h"
#include "google/rpc/error_details.pb.h"
#include "host/adapters/failure.h"

namespace concordat::server {
namespace {

grpc::Status WithDetail(grpc::StatusCode code, std::string_view message,
                        const google::protobuf::Message& detail) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message(std::string(message));
  status.add_details()->PackFrom(detail);
  return grpc::Status(code, std::string(message), status.SerializeAsString());
}

}  // namespace

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::ErrorInfo info;
  info.set_reason(absl::StatusCodeToString(status.code()));
  info.set_domain("concordat");
  auto code = static_cast<grpc::StatusCode>(status.code());
  if (const auto failure = adapters::FailureIn(status)) {
    // Aborted would ask the client to try again: the same adapter fails on the same bytes.
    code = grpc::StatusCode::INTERNAL;
    info.set_reason("ADAPTER_" + absl::AsciiStrToUpper(std::string(WordOf(failure->kind))));
    (*info.mutable_metadata())["adapter"] = failure->adapter;
    (*info.mutable_metadata())["version"] = failure->version;
  }
  return WithDetail(code, MessageOf(status), info);
}

grpc::Status BadField(std::string_view field, std::string_view why) {
  google::rpc::BadRequest bad;
  auto* violation = bad.add_field_violations();
  violation->set_field(std::string(field));
  violation->set_description(std::string(why));
  return WithDetail(grpc::StatusCode::INVALID_ARGUMENT, why, bad);
}

grpc::Status TryLater(std::string_view why, int seconds) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(seconds);
  return WithDetail(grpc::StatusCode::RESOURCE_EXHAUSTED, why, retry);
}

}  // namespace concordat::server
