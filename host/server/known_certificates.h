// Client certificates that were read before: the same few people call again and again.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "host/base/status.h"
#include "host/identity/certificate.h"

namespace concordat::server {

/// Remembers what certificates say, never whether they are welcome: that is asked on every call. Thread-safe.
class KnownCertificates {
 public:
  /// As identity::ReadCertificate.
  absl::StatusOr<std::shared_ptr<const identity::Certificate>> Read(const std::string& pem);

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const identity::Certificate>> by_pem_;
};

}  // namespace concordat::server
