// concordat pki: the partnership's certificates. concordat partner: who may speak for whom.
#include "concordat/v1/admin.grpc.pb.h"
#include "fmt/format.h"
#include "host/base/files.h"
#include "host/identity/pki_folder.h"
#include "host/identity/spiffe_id.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/table.h"

namespace concordat::cli {
namespace {

struct Options {
  std::string folder = "pki";
  std::string trust_domain;
  std::vector<std::string> hosts = {"localhost", "127.0.0.1"};
  std::string partner;
  std::string role;
  std::string name;
  std::vector<std::string> certificates;
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

absl::StatusOr<json::Value> EnrolOne(const Connection& connection, const Options& options,
                                     const std::string& path) {
  ASSIGN_OR_RETURN(const std::string pem, ReadFile(path));
  const auto stub = v1::AdminService::NewStub(connection.channel);
  v1::EnrolCertificateRequest request;
  request.set_certificate_pem(pem);
  ASSIGN_OR_RETURN(json::Value enrolled,
                   (CallJson<v1::AdminService::Stub, v1::EnrolCertificateRequest, v1::AdminJson>(
                       connection, *stub, &v1::AdminService::Stub::EnrolCertificate, request)));
  const std::string partner = json::TextOr(enrolled, "partner", "");
  if (!partner.empty() && partner != options.partner) {
    return absl::InvalidArgumentError(fmt::format("{} belongs to {}, not to {}; it is enrolled for {}", path,
                                                  partner, options.partner, partner));
  }
  return enrolled;
}

int AddPartnerCertificates(const Context& context, const Options& options) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  json::Array all;
  for (const std::string& path : options.certificates) {
    const absl::StatusOr<json::Value> enrolled = EnrolOne(*connection, options, path);
    if (!enrolled.ok()) return Fail(enrolled.status());
    if (!context.json && !context.quiet)
      fmt::print("enrolled {} ({})\n", json::TextOr(*enrolled, "spiffeId", ""),
                 json::TextOr(*enrolled, "fingerprint", ""));
    all.push_back(*enrolled);
  }
  if (context.json) PrintJson(all);
  return kFine;
}

int ListPartnerCertificates(const Context& context) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = v1::AdminService::NewStub(connection->channel);
  const auto list = CallJson<v1::AdminService::Stub, v1::AdminRequest, v1::AdminJson>(
      *connection, *stub, &v1::AdminService::Stub::ListEnrolments, v1::AdminRequest());
  if (!list.ok()) return Fail(list.status());
  if (context.json) {
    PrintJson(*list);
    return kFine;
  }
  Table table({"holder", "fingerprint", "enrolled", "state"});
  for (const json::Value& row : list->as_array()) {
    const json::Value& revoked = Member(row, "revoked");
    table.Add({json::TextOr(row, "spiffeId", ""), json::TextOr(row, "fingerprint", ""),
               json::TextOr(row, "enrolled", ""),
               revoked.is_bool() && revoked.get_bool() ? "revoked" : "valid"});
  }
  fmt::print("{}", table.empty() ? "no certificates are enrolled yet\n" : table.str());
  return kFine;
}

int RevokeCertificate(const Context& context, const std::string& fingerprint) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = v1::AdminService::NewStub(connection->channel);
  v1::RevokeCertificateRequest request;
  request.set_fingerprint(fingerprint);
  const auto revoked = CallJson<v1::AdminService::Stub, v1::RevokeCertificateRequest, v1::AdminJson>(
      *connection, *stub, &v1::AdminService::Stub::RevokeCertificate, request);
  if (!revoked.ok()) return Fail(revoked.status());
  if (context.json) {
    PrintJson(*revoked);
  } else {
    fmt::print("revoked {}: its next call is refused\n", json::TextOr(*revoked, "spiffeId", ""));
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
              "  concordat pki enrol constabulary steward pat\n  concordat pki enrol host administrator ops",
              [&context, options] { return Enrol(context, *options); });
  enrol->add_option("PARTNER", options->partner, "partner id; host for an administrator")->required();
  enrol->add_option("ROLE", options->role, "steward, analyst, delegate, moderator, auditor or administrator")
      ->required();
  enrol->add_option("NAME", options->name, "who or what it is")->required();
  enrol->add_option("--dir", options->folder, "folder of the authority")->capture_default_str();
  enrol->add_option("--trust-domain", options->trust_domain, "the authority's own when left out");
  CLI::App* revoke = AddVerb(*noun, context, "revoke", "refuse a certificate from its next call on",
                             "  concordat pki revoke sha256:0123... --host unix:data/run/concordat.sock",
                             [&context, options] { return RevokeCertificate(context, options->name); });
  revoke->add_option("FINGERPRINT", options->name, "as `concordat partner list` shows it")->required();
}

void AddPartner(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* noun = app.add_subcommand("partner", "who may speak for a partner");
  noun->require_subcommand(1);
  CLI::App* add = AddVerb(*noun, context, "add", "enrol a partner's certificates with the host",
                          "  concordat partner add constabulary --cert pki/constabulary-steward-pat.crt "
                          "--host unix:data/run/concordat.sock",
                          [&context, options] { return AddPartnerCertificates(context, *options); });
  add->add_option("PARTNER", options->partner,
                  "partner id, as in policies/partners/; host for an administrator")
      ->required();
  add->add_option("--cert", options->certificates, "certificates of that partner, PEM")->required();
  AddVerb(*noun, context, "list", "enrolled certificates",
          "  concordat partner list --host unix:data/run/concordat.sock",
          [&context] { return ListPartnerCertificates(context); });
}

}  // namespace concordat::cli
