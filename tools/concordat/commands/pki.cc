// concordat pki: the partnership's certificates.
#include "concordat/v1/admin.grpc.pb.h"
#include "fmt/format.h"
#include "host/base/files.h"
#include "host/identity/certificate.h"
#include "host/identity/pki_folder.h"
#include "host/identity/spiffe_id.h"
#include "tools/concordat/commands/administration.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/connection.h"

namespace concordat::cli {
namespace {

struct Options {
  std::string folder = "pki";
  std::string trust_domain;
  std::vector<std::string> hosts = {"localhost", "127.0.0.1"};
  std::string partner;
  std::string role;
  std::string name;
  std::string reason;
  InvitedOptions invited;
};

identity::Validity FromNow() {
  identity::Validity validity;
  validity.now = absl::Now();
  return validity;
}

int Init(const Context& context, const Options& options) {
  const absl::StatusOr<identity::PkiFiles> files =
      identity::InitPki(options.folder, options.trust_domain, options.hosts, FromNow());
  if (!files.ok()) return Fail(files.status());
  if (context.json) {
    PrintJson(json::Object{{"ca", files->authority_certificate},
                           {"caKey", files->authority_key},
                           {"hostCert", files->host_certificate},
                           {"hostKey", files->host_key},
                           {"signingKey", files->signing_key},
                           {"hostPublicKey", files->signing_public_key}});
    return kFine;
  }
  fmt::print(
      "authority    {}\n  its key    {}  (keep it off the host once all are enrolled)\nhost         {}\n  "
      "its key    {}\n"
      "signing key  {}\n  public     {}  (give it to everyone who verifies receipts)\n",
      files->authority_certificate, files->authority_key, files->host_certificate, files->host_key,
      files->signing_key, files->signing_public_key);
  return kFine;
}

// The trust domain is the authority's own unless it is said.
absl::StatusOr<identity::SpiffeId> HolderOf(const Options& options) {
  identity::SpiffeId holder;
  ASSIGN_OR_RETURN(const std::string certificate,
                   ReadFile(identity::PkiFilesIn(options.folder).authority_certificate));
  ASSIGN_OR_RETURN(const std::string key, ReadFile(identity::PkiFilesIn(options.folder).authority_key));
  ASSIGN_OR_RETURN(const identity::Authority authority, identity::Authority::FromPem(certificate, key));
  holder.trust_domain = options.trust_domain.empty() ? authority.trust_domain() : options.trust_domain;
  holder.role = options.role;
  holder.partner =
      PartnerId(options.role == "administrator" ? std::string(identity::kHostPartner) : options.partner);
  holder.name = options.name;
  RETURN_IF_ERROR(identity::CheckSpiffeId(holder));
  return holder;
}

int Enrol(const Context& context, const Options& options) {
  if (!options.invited.invitation.empty()) return EnrolInvited(context, options.invited);
  if (options.name.empty()) {
    return Fail(
        absl::InvalidArgumentError("say for whom: concordat pki enrol PARTNER ROLE NAME (with the "
                                   "authority), or how you were invited: concordat "
                                   "pki enrol --invitation FILE --code CODE"));
  }
  const absl::StatusOr<identity::SpiffeId> holder = HolderOf(options);
  if (!holder.ok()) return Fail(holder.status());
  const absl::StatusOr<identity::EnrolledFiles> files = identity::Enrol(options.folder, *holder, FromNow());
  if (!files.ok()) return Fail(files.status());
  if (context.json) {
    PrintJson(json::Object{{"spiffeId", holder->str()},
                           {"cert", files->certificate},
                           {"key", files->private_key},
                           {"fingerprint", files->fingerprint}});
    return kFine;
  }
  fmt::print(
      "{}\n  certificate {}\n  key         {}\n  fingerprint {}\nnext, on the host: concordat partner add {} "
      "--cert {} --host unix:data/run/concordat.sock\n",
      holder->str(), files->certificate, files->private_key, files->fingerprint, holder->partner.str(),
      files->certificate);
  return kFine;
}

// All certificates of a holder, one by its fingerprint, or the one in a file.
absl::StatusOr<v1::RevokeCertificateRequest> WhatToRevoke(const Options& options) {
  v1::RevokeCertificateRequest request;
  request.set_reason(options.reason);
  if (options.name.rfind("spiffe://", 0) == 0) {
    request.set_spiffe_id(options.name);
  } else if (options.name.rfind("sha256:", 0) == 0) {
    request.set_fingerprint(options.name);
  } else {
    ASSIGN_OR_RETURN(const std::string pem, ReadFile(options.name));
    const absl::StatusOr<identity::Certificate> certificate = identity::ReadCertificate(pem);
    RETURN_IF_ERROR(Annotate(certificate.status(), options.name));
    request.set_fingerprint(certificate->fingerprint);
  }
  return request;
}

int RevokeCertificate(const Context& context, const Options& options) {
  const absl::StatusOr<v1::RevokeCertificateRequest> request = WhatToRevoke(options);
  if (!request.ok()) return Fail(request.status());
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = v1::AdminService::NewStub(connection->channel);
  const auto revoked = CallJson<v1::AdminService::Stub, v1::RevokeCertificateRequest, v1::AdminJson>(
      *connection, *stub, &v1::AdminService::Stub::RevokeCertificate, *request);
  if (!revoked.ok()) return Fail(revoked.status());
  if (context.json) {
    PrintJson(*revoked);
    return kFine;
  }
  const json::Array all = revoked->is_array() ? revoked->as_array() : json::Array{*revoked};
  for (const json::Value& one : all) {
    fmt::print("revoked {} ({}): its next call is refused, and what it has under way ends\n",
               json::TextOr(one, "spiffeId", ""), json::TextOr(one, "fingerprint", ""));
  }
  return kFine;
}

}  // namespace

void AddPki(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* noun = app.add_subcommand("pki", "the partnership's certificates");
  noun->require_subcommand(1);
  CLI::App* init =
      AddVerb(*noun, context, "init", "make an authority, the host's certificate and its signing key",
              "  concordat pki init --trust-domain derwent.example --name concordat.derwent.example",
              [&context, options] { return Init(context, *options); });
  init->add_option("--dir", options->folder, "folder for the files")->capture_default_str();
  init->add_option("--trust-domain", options->trust_domain, "as in partnership.yaml")->required();
  init->add_option("--name", options->hosts, "names and addresses under which the host is reached")
      ->capture_default_str();
  CLI::App* enrol =
      AddVerb(*noun, context, "enrol", "make a certificate and key for one person or machine of a partner",
              "  concordat pki enrol constabulary steward pat\n  concordat pki enrol host administrator ops\n"
              "  concordat pki enrol --invitation pat.invitation --code K7QM-...     (a key of your own; see "
              "\"partner "
              "invite\")\n"
              "  concordat pki enrol --invitation pat.invitation --resume            (once it is approved)",
              [&context, options] { return Enrol(context, *options); });
  enrol->add_option("PARTNER", options->partner, "partner id; host for an administrator");
  enrol->add_option("ROLE", options->role, "steward, analyst, delegate, moderator, auditor or administrator");
  enrol->add_option("NAME", options->name, "who or what it is");
  enrol->add_option("--dir", options->folder, "folder of the authority")->capture_default_str();
  enrol->add_option("--trust-domain", options->trust_domain, "the authority's own when left out");
  enrol->add_option("--invitation", options->invited.invitation, "the file that you were sent");
  enrol->add_option("--code", options->invited.code, "the code that you were told; asked for when left out");
  enrol->add_option("-o,--out", options->invited.folder, "folder for what an invitation brings")
      ->capture_default_str();
  enrol->add_flag("--resume", options->invited.resume, "fetch what was asked for before");
  enrol->add_option("--wait", options->invited.wait, "seconds to wait for the administrator")
      ->capture_default_str();
  AddPkiRenew(*noun, context);
  CLI::App* revoke =
      AddVerb(*noun, context, "revoke", "refuse a certificate from its next call on",
              "  concordat pki revoke pki/constabulary-steward-pat.crt --reason \"laptop lost\" --host "
              "unix:data/run/concordat.sock\n"
              "  concordat pki revoke sha256:0123... --host unix:data/run/concordat.sock\n"
              "  concordat pki revoke spiffe://derwent.example/partner/constabulary/steward/pat --host "
              "unix:data/run/concordat.sock",
              [&context, options] { return RevokeCertificate(context, *options); });
  revoke
      ->add_option("CERT", options->name,
                   "a certificate's file, its fingerprint as `concordat partner list` shows it, or the name "
                   "of a holder "
                   "all of whose certificates go")
      ->required();
  revoke->add_option("--reason", options->reason, "why; kept beside it");
}

}  // namespace concordat::cli
