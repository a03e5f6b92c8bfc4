// Signing in the name of an organisation, with the key of a delegate's certificate.
#pragma once

#include <string>

#include "host/identity/spiffe_id.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/context.h"

namespace concordat::cli {

/// Who signs; what is left empty is taken from the certificate.
struct Signer {
  std::string name;
  std::string post;
  std::string authority;
  bool yes = false;  // do not ask at a terminal
};

/// Adds --name, --post, --authority and --yes.
void AddSigner(CLI::App& verb, Signer& signer);
/// Who holds the certificate of the connection.
absl::StatusOr<identity::SpiffeId> HolderOf(const Connection& connection);
/// What the certificate says of its holder stands for what the signer left out.
absl::Status FillSigner(const Connection& connection, Signer& signer);
/// People at a terminal are asked; scripts have read it before.
bool Confirmed(const Signer& signer);

}  // namespace concordat::cli
