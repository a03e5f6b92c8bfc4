// The second story: a request for data becomes exactly what the protocol allows, with a receipt, or a refusal
// with its clause.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/flows/caller.h"
#include "host/flows/host_parts.h"
#include "host/sharing/gatekeeper.h"

namespace concordat::flows {

/// What somebody asks for.
struct ExchangeRequest {
  Caller caller;
  DatasetId dataset;
  ProtocolId protocol;  // empty: whichever serves the dataset, the partner and the purpose
  std::string purpose;
  std::string form;  // records, aggregate or empty
  std::vector<std::string> select;
  std::string where;
  std::string format = "csv";  // csv, jsonl, arrow
  std::map<std::string, std::string> attributes;
  std::string on_behalf_of;  // for whom the caller asks, in their words; stands in the receipt
  std::optional<sharing::Emergency> emergency;
};

/// An answered request on its way out. One thread at a time. Destroyed before Finish, a permitted transfer is
/// put on record as broken off, which counts as disclosed.
class Transfer {
 public:
  virtual ~Transfer() = default;
  virtual const record::Ruling& ruling() const = 0;
  /// The next bytes; nothing after the last, and nothing at all for a refusal. An error ends the transfer:
  /// what has left is on record as broken off, and nothing more leaves.
  virtual absl::StatusOr<std::optional<std::string>> Next() = 0;
  /// After the last bytes: the signed receipt, durable.
  virtual absl::StatusOr<json::Value> Finish() = 0;
  /// Rows handed out by Next so far.
  virtual uint64_t rows() const = 0;
};

/// Rules, carries the duties out, and puts on record that the data is about to leave before it returns.
/// InvalidArgument for a format that there is not; errors of the parts deny: they come back as refusals where
/// there is an answer to give, and as a status where not even a receipt could be made.
absl::StatusOr<std::unique_ptr<Transfer>> Exchange(const HostParts& host, const ExchangeRequest& request);

/// The same ruling, nothing released, no receipt.
absl::StatusOr<record::Ruling> Explain(const HostParts& host, const ExchangeRequest& request);

/// Puts transfers that a crash cut off on record as broken off. At the start, before anything is served.
absl::Status CloseBrokenTransfers(const HostParts& host);

}  // namespace concordat::flows
