// The second story: a request for data becomes exactly what the protocol allows, with a receipt, or a refusal
// with its clause.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "host/flows/caller.h"
#include "host/flows/host_parts.h"
#include "host/flows/spool.h"
#include "host/sharing/gatekeeper.h"

namespace concordat::flows {

struct ExchangeRequest {
  Caller caller;
  DatasetId dataset;
  ProtocolId protocol;
  std::string purpose;
  std::vector<std::string> select;
  std::string where;
  std::string format = "csv";
  std::map<std::string, std::string> attributes;
};

/// A refusal has no output. The receipt is durable.
struct ExchangeResult {
  record::Ruling ruling;
  json::Value receipt;
  std::unique_ptr<Spool> output;  // read from its start; nothing of it may be sent before the receipt exists
  uint64_t rows = 0;
};

/// InvalidArgument for a format that is not built; errors of the parts deny: they come back as refusals where
/// there is an answer to give, and as a status where not even a receipt could be made.
absl::StatusOr<ExchangeResult> Exchange(const HostParts& host, const ExchangeRequest& request);

/// The same ruling, nothing released, no receipt.
absl::StatusOr<record::Ruling> Explain(const HostParts& host, const ExchangeRequest& request);

}  // namespace concordat::flows
