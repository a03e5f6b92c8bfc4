#include "host/server/known_certificates.h"

namespace concordat::server {

constexpr size_t kMostKnown = 1024;  // a partnership has fewer; strangers must not fill the memory

absl::StatusOr<std::shared_ptr<const identity::Certificate>> KnownCertificates::Read(const std::string& pem) {
  {
    const std::lock_guard lock(mutex_);
    const auto known = by_pem_.find(pem);
    if (known != by_pem_.end()) return known->second;
  }
  ASSIGN_OR_RETURN(identity::Certificate read, identity::ReadCertificate(pem));
  auto certificate = std::make_shared<const identity::Certificate>(std::move(read));
  const std::lock_guard lock(mutex_);
  if (by_pem_.size() >= kMostKnown) by_pem_.clear();
  by_pem_[pem] = certificate;
  return certificate;
}

}  // namespace concordat::server
