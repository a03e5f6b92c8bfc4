// A partnership's keys and certificates as files of one folder: what `concordat pki` makes.
#pragma once

#include <string>
#include <vector>

#include "host/base/status.h"
#include "host/identity/authority.h"
#include "host/identity/spiffe_id.h"

namespace concordat::identity {

/// Where InitPki put what. Private keys have mode 0600.
struct PkiFiles {
  std::string authority_certificate;  // ca.crt: what clients and the host trust
  std::string authority_key;          // ca.key: keep it off the host once all are enrolled
  std::string host_certificate;       // host.crt
  std::string host_key;               // host.key
  std::string signing_key;            // host-signing.key: Ed25519, signs receipts and checkpoints
  std::string signing_public_key;     // host-signing.pub: PEM, for `receipt verify --host-key`
  std::string verifier_key;  // host-signing.vkey: the same as C2SP verifier key of <trust domain>/concordat
};

/// Where Enrol put what.
struct EnrolledFiles {
  std::string certificate;
  std::string private_key;
  std::string fingerprint;  // of the certificate: what the host enrols
};

/// The paths that InitPki uses in `folder`.
PkiFiles PkiFilesIn(const std::string& folder);
/// The name under which a partnership's log signs its checkpoints: "<trust domain>/concordat".
std::string LogOrigin(const std::string& trust_domain);

/// Makes the folder (mode 0700) and everything in it.
/// AlreadyExists, and nothing is changed, when one of the files is there.
absl::StatusOr<PkiFiles> InitPki(const std::string& folder, const std::string& trust_domain,
                                 const std::vector<std::string>& hosts, const Validity& validity);
/// A certificate and key for `holder` with the authority of `folder`, as <name>.crt and <name>.key there;
/// `name` is <partner>-<role>-<name> when empty. AlreadyExists when one of the two is there.
absl::StatusOr<EnrolledFiles> Enrol(const std::string& folder, const SpiffeId& holder,
                                    const Validity& validity, const std::string& name = "");

}  // namespace concordat::identity
