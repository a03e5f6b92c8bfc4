#include "host/store/sqlite/agreements.h"

#include "fmt/format.h"
#include "host/base/random.h"

namespace concordat::store {
namespace {

constexpr size_t kKeyBytes = 32;

absl::StatusOr<ProtocolSignature> ReadSignature(const Query& row) {
  ProtocolSignature signature;
  signature.protocol = ProtocolId(row.Text(0));
  signature.version = row.String(1);
  signature.digest = row.String(2);
  signature.partner = PartnerId(row.Text(3));
  signature.signer = row.String(4);
  signature.name = row.String(5);
  signature.post = row.String(6);
  signature.authority = row.String(7);
  ASSIGN_OR_RETURN(signature.time, row.Time(8));
  signature.signature = row.String(9);
  signature.certificate = row.String(10);
  ASSIGN_OR_RETURN(signature.revoked_at, row.OptionalTime(11));
  signature.revoked = signature.revoked_at.has_value();
  signature.revoked_reason = row.String(12);
  signature.contracts = row.String(13);
  signature.revocation_signature = row.String(14);
  return signature;
}

// Whether pseudonyms have left under this protocol: its receipts name their key.
absl::StatusOr<bool> HasPseudonymsOf(Connection& control, const ProtocolId& protocol) {
  Query query = control.Prepare(
      "SELECT 1 FROM receipts WHERE protocol = ? AND kind = 'disclosure'"
      " AND json_extract(receipt, '$.subject.pseudonymKey') IS NOT NULL LIMIT 1");
  query.Bind(protocol.str());
  return query.Next();
}

}  // namespace

absl::Status SqliteAgreements::AddSignature(const ProtocolSignature& signature) {
  const absl::Status status = control_.Write([&](Connection& control) {
    return control
        .Prepare(
            "INSERT INTO signatures (protocol, version, digest, partner, signer, name, post, authority, time,"
            " signature, certificate, revoked_at, revoked_reason, contracts)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(signature.protocol.str())
        .Bind(signature.version)
        .Bind(signature.digest)
        .Bind(signature.partner.str())
        .Bind(signature.signer)
        .Bind(signature.name)
        .Bind(signature.post)
        .Bind(signature.authority)
        .Bind(signature.time)
        .BindBytes(signature.signature)
        .Bind(signature.certificate)
        .Bind(signature.revoked_at)
        .Bind(signature.revoked_reason)
        .Bind(signature.contracts)
        .Run();
  });
  if (!absl::IsAlreadyExists(status)) return status;
  return absl::AlreadyExistsError(fmt::format("{} has signed protocol {} version {} for {} already",
                                              signature.signer, signature.protocol.str(), signature.version,
                                              signature.partner.str()));
}

absl::Status SqliteAgreements::RevokeSignature(const ProtocolId& protocol, const std::string& version,
                                               const PartnerId& partner, absl::Time time,
                                               const std::string& reason, const std::string& signature) {
  return control_.Write([&](Connection& control) -> absl::Status {
    RETURN_IF_ERROR(control
                        .Prepare("UPDATE signatures SET revoked_at = ?, revoked_reason = ?,"
                                 " revocation_signature = ?"
                                 " WHERE protocol = ? AND version = ? AND partner = ? AND revoked_at IS NULL")
                        .Bind(time)
                        .Bind(reason)
                        .BindBytes(signature)
                        .Bind(protocol.str())
                        .Bind(version)
                        .Bind(partner.str())
                        .Run());
    if (control.changes() > 0) return absl::OkStatus();
    return absl::NotFoundError(fmt::format("{} has no signature in force on protocol {} version {}",
                                           partner.str(), protocol.str(), version));
  });
}

absl::StatusOr<std::vector<ProtocolSignature>> SqliteAgreements::Signatures(
    const ProtocolId& protocol) const {
  return control_.Read([&](Connection& control) -> absl::StatusOr<std::vector<ProtocolSignature>> {
    Query query = control.Prepare(
        "SELECT protocol, version, digest, partner, signer, name, post, authority, time, signature,"
        " certificate, revoked_at, revoked_reason, contracts, revocation_signature FROM signatures WHERE "
        "protocol = ? ORDER BY sequence");
    query.Bind(protocol.str());
    return ReadAll(query, ReadSignature);
  });
}

absl::Status SqliteAgreements::AddRejection(const ProtocolRejection& rejection) {
  return control_.Write([&](Connection& control) {
    return control
        .Prepare(
            "INSERT INTO rejections (protocol, version, digest, partner, signer, reason, time, signature,"
            " certificate) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(rejection.protocol.str())
        .Bind(rejection.version)
        .Bind(rejection.digest)
        .Bind(rejection.partner.str())
        .Bind(rejection.signer)
        .Bind(rejection.reason)
        .Bind(rejection.time)
        .BindBytes(rejection.signature)
        .Bind(rejection.certificate)
        .Run();
  });
}

absl::StatusOr<std::vector<ProtocolRejection>> SqliteAgreements::Rejections(
    const ProtocolId& protocol) const {
  return control_.Read([&](Connection& control) -> absl::StatusOr<std::vector<ProtocolRejection>> {
    std::vector<ProtocolRejection> rejections;
    Query query = control.Prepare(
        "SELECT version, digest, partner, signer, reason, time, signature, certificate FROM rejections"
        " WHERE protocol = ? ORDER BY sequence");
    query.Bind(protocol.str());
    while (true) {
      ASSIGN_OR_RETURN(const bool more, query.Next());
      if (!more) return rejections;
      ASSIGN_OR_RETURN(const absl::Time time, query.Time(5));
      rejections.push_back({protocol, query.String(0), query.String(1), PartnerId(query.Text(2)),
                            query.String(3), query.String(4), time, query.String(6), query.String(7)});
    }
  });
}

absl::Status SqliteAgreements::KeepSignedDocument(const std::string& digest, const std::string& canonical) {
  return control_.Write([&](Connection& control) {
    return control.Prepare("INSERT INTO signed_documents VALUES (?, ?) ON CONFLICT (digest) DO NOTHING")
        .Bind(digest)
        .Bind(canonical)
        .Run();
  });
}

absl::StatusOr<std::string> SqliteAgreements::SignedDocument(const std::string& digest) const {
  return control_.Read([&](Connection& control) -> absl::StatusOr<std::string> {
    Query query = control.Prepare("SELECT canonical FROM signed_documents WHERE digest = ?");
    query.Bind(digest);
    ASSIGN_OR_RETURN(const bool found, query.Next());
    if (!found) return absl::NotFoundError(fmt::format("nothing with the digest {} was signed here", digest));
    return query.String(0);
  });
}

absl::StatusOr<std::pair<std::string, std::string>> SqliteAgreements::PseudonymKey(
    const ProtocolId& protocol) {
  const auto read = [&](Connection& control) -> absl::StatusOr<std::pair<std::string, std::string>> {
    Query query = control.Prepare("SELECT id, key FROM pseudonym_keys WHERE protocol = ?");
    query.Bind(protocol.str());
    ASSIGN_OR_RETURN(const bool found, query.Next());
    if (!found) return absl::NotFoundError("no key yet");
    // A key of 32 bytes is from before they were sealed.
    if (query.String(1).size() == kKeyBytes) return std::pair(query.String(0), query.String(1));
    ASSIGN_OR_RETURN(std::string key, keys_.OpenSecret(query.String(1), protocol.str()));
    return std::pair(query.String(0), std::move(key));
  };
  auto known = control_.Read(read);
  if (!absl::IsNotFound(known.status())) return known;
  ASSIGN_OR_RETURN(const bool used,
                   control_.Read([&](Connection& control) { return HasPseudonymsOf(control, protocol); }));
  if (used) {
    return absl::DataLossError(
        "it is gone from control.db, and another would change every pseudonym that was given out; restore a "
        "backup");
  }
  RETURN_IF_ERROR(control_.Write([&](Connection& control) {
    return control.Prepare("INSERT INTO pseudonym_keys VALUES (?, ?, ?) ON CONFLICT (protocol) DO NOTHING")
        .Bind(protocol.str())
        .Bind(NewRandomId("K-"))
        .BindBytes(keys_.SealSecret(RandomBytes(kKeyBytes), protocol.str()))
        .Run();
  }));
  return control_.Read(read);
}

}  // namespace concordat::store
