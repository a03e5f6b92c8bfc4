// Signatures on protocols and their pseudonym keys, in control.db.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "host/store/sqlite/control.h"
#include "host/store/sqlite/key_ring.h"
#include "host/store/store.h"

namespace concordat::store {

class SqliteAgreements : public AgreementStore {
 public:
  SqliteAgreements(Control& control, const KeyRing& keys) : control_(control), keys_(keys) {}

  absl::Status AddSignature(const ProtocolSignature& signature) override;
  absl::Status RevokeSignature(const ProtocolId& protocol, const std::string& version,
                               const PartnerId& partner, absl::Time time, const std::string& reason,
                               const std::string& signature) override;
  absl::Status AddRejection(const ProtocolRejection& rejection) override;
  absl::StatusOr<std::vector<ProtocolRejection>> Rejections(const ProtocolId& protocol) const override;
  absl::Status KeepSignedDocument(const std::string& digest, const std::string& canonical) override;
  absl::StatusOr<std::string> SignedDocument(const std::string& digest) const override;
  absl::StatusOr<std::vector<ProtocolSignature>> Signatures(const ProtocolId& protocol) const override;
  absl::StatusOr<std::pair<std::string, std::string>> PseudonymKey(const ProtocolId& protocol) override;

 private:
  Control& control_;
  const KeyRing& keys_;
};

}  // namespace concordat::store
