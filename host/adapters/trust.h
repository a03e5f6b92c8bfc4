// Who vouches for an adapter: the administrator's keys, the program's own folder, or a name in the settings.
//
// A signature is Ed25519 (RFC 8032) over the manifest's values without `signature`, in the canonical form of
// RFC 8785; the values hold the SHA-256 of the library (`digest`), so that both are signed. What was verified
// is what is run: a library is sealed only when its bytes have that digest.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/adapters/manifest.h"
#include "host/base/ed25519.h"
#include "host/base/status.h"

namespace concordat::adapters {

struct TrustedKey {
  std::string file;        // for people
  std::string id;          // KeyId of the next
  std::string public_key;  // 32 raw bytes
};

/// Immutable once it is in use.
struct TrustRules {
  std::string own_folder;  // adapters there are trusted as the program is, if nobody else can write there
  std::vector<TrustedKey> keys;
  std::vector<std::string> unsigned_names;
  bool anyone = false;  // takes what nobody vouches for: only for programs that store nothing
};

/// The first 16 hexadecimal digits of the SHA-256 of the 32 raw bytes of a public key.
std::string KeyId(std::string_view public_key);
/// A public key in PEM (or the private one that it belongs to, which has no business on the host: refused).
absl::StatusOr<TrustedKey> ReadTrustedKey(const std::string& path);

/// Fills trust and trusted_by of a manifest whose library has `digest` by its bytes. Every refusal is an
/// issue with a code of its own: no-digest, wrong-digest, changed-manifest, unknown-key, bad-signature,
/// unsigned, writable.
void JudgeTrust(Manifest& manifest, const std::string& library_digest, const TrustRules& rules,
                const policy::Node& document, Issues& issues);

/// Why others than its owner could change what lies there ("... chmod go-w PATH"); "" when they cannot.
std::string WhyWritable(const std::string& path);

/// The text of adapter.yaml with `digest` and `signature` of these put in or replaced; all other lines,
/// comments and order stay. InvalidArgument when the text is written so that this cannot be done.
absl::StatusOr<std::string> SignManifest(const std::string& text, const std::string& library_digest,
                                         const Signer& signer);

}  // namespace concordat::adapters
