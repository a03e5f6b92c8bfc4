// The invitation file: how somebody without a certificate reaches a host that talks to nobody without one. It
// holds a certificate that may ask for another one, with the code, and nothing else (README.md says why that
// is enough).
#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "host/base/status.h"
#include "host/identity/authority.h"
#include "host/identity/certificate.h"

namespace concordat::identity {

struct InvitationFile {
  std::string host;       // "concordat.derwent.example:8443"
  std::string spiffe_id;  // whose certificate it will be
  absl::Time expires;
  std::string ca;           // the authority, PEM
  std::string certificate;  // of the invitation, and its key, PEM
  std::string private_key;
};

/// JSON.
std::string WriteInvitation(const InvitationFile& invitation);
/// InvalidArgument when it is none.
absl::StatusOr<InvitationFile> ReadInvitation(std::string_view text);

/// The invitation that a certificate belongs to ("I-..."), by its URI spiffe://<trust domain>/enrolling/<id>;
/// empty for every other certificate. Such a URI is no holder's: HolderOf refuses it, and so does every call
/// but those of enrolment.
std::string InvitationOf(const Certificate& certificate, std::string_view trust_domain);

}  // namespace concordat::identity
