#include "tools/concordat/commands/signing.h"

#include <unistd.h>

#include <iostream>

#include "fmt/format.h"
#include "host/identity/certificate.h"

namespace concordat::cli {

void AddSigner(CLI::App& verb, Signer& signer) {
  verb.add_option("--name", signer.name, "who signs; the certificate's holder when left out");
  verb.add_option("--post", signer.post, "their post; the certificate's role when left out");
  verb.add_option("--authority", signer.authority, "what lets them sign; the certificate when left out");
  verb.add_flag("--yes", signer.yes, "do not ask at a terminal");
}

absl::StatusOr<identity::SpiffeId> HolderOf(const Connection& connection) {
  ASSIGN_OR_RETURN(const identity::Certificate certificate, identity::ReadCertificate(connection.cert_pem));
  return identity::HolderOf(certificate);
}

absl::Status FillSigner(const Connection& connection, Signer& signer) {
  ASSIGN_OR_RETURN(const identity::SpiffeId holder, HolderOf(connection));
  if (signer.name.empty()) signer.name = holder.name;
  if (signer.post.empty()) signer.post = holder.role;
  if (signer.authority.empty()) signer.authority = "the certificate of " + holder.str();
  return absl::OkStatus();
}

bool Confirmed(const Signer& signer) {
  if (signer.yes || isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0) return true;
  fmt::print(stderr, "Sign as {}, {} ({})? [y/N] ", signer.name, signer.post, signer.authority);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace concordat::cli
