// From our statuses to gRPC's, with google.rpc details that name the reason.
#pragma once

#include <grpcpp/support/status.h>

#include <string_view>

#include "host/base/status.h"

namespace concordat::server {

/// The same code and message; details hold a google.rpc.ErrorInfo (reason: the code's name, domain
/// "concordat"). An adapter's failure is Internal with the reason ADAPTER_CRASH, ADAPTER_STALL ...
/// and the adapter's name and version as metadata.
grpc::Status ToGrpc(const absl::Status& status);
/// InvalidArgument with a google.rpc.BadRequest that names `field`.
grpc::Status BadField(std::string_view field, std::string_view why);
/// ResourceExhausted with a google.rpc.RetryInfo.
grpc::Status TryLater(std::string_view why, int seconds);

}  // namespace concordat::server
