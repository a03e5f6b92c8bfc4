// What obligations keep of personal data: a record's key as a keyed token, texts sealed.
#pragma once

#include <string>
#include <string_view>

#include "host/flows/host_parts.h"

namespace concordat::flows {

/// Opened once for a call; plain value. The one place that asks for the secret, so that its keeping can
/// change.
class ObligationSecret {
 public:
  /// The host's secret for obligations, made at the first call. Unavailable, DataLoss as the store.
  static absl::StatusOr<ObligationSecret> Of(const HostParts& host);

  /// HMAC-SHA-256, 64 hexadecimal digits: the same for the same record of a dataset, useless without the
  /// secret.
  std::string RecordToken(const DatasetId& dataset, std::string_view key) const;
  /// Sealed and bound to its obligation and column; empty stays empty.
  std::string Seal(std::string_view text, std::string_view obligation, std::string_view column) const;
  /// DataLoss when it was changed or stood elsewhere.
  absl::StatusOr<std::string> Open(std::string_view sealed, std::string_view obligation,
                                   std::string_view column) const;

 private:
  std::string token_key_, seal_key_;
};

}  // namespace concordat::flows
