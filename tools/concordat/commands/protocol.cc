// concordat protocol: the life of an agreement.
#include "concordat/v1/protocol.grpc.pb.h"
#include "fmt/format.h"
#include "host/flows/policies.h"
#include "host/identity/certificate.h"
#include "host/policy/issue_json.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/offline.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/table.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

using Stub = v1::ProtocolService::Stub;

struct Options {
  std::string id;
  std::string version;
  std::string name;
  std::string post;
  std::string authority;
  std::string reason;
  bool yes = false;
};

template <typename Request>
absl::StatusOr<json::Value> Ask(const Context& context,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             v1::ProtocolJson*),
                                const Request& request) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  const auto stub = v1::ProtocolService::NewStub(connection.channel);
  return CallJson<Stub, Request, v1::ProtocolJson>(connection, *stub, method, request);
}

v1::ProtocolRequest RequestOf(const Options& options) {
  v1::ProtocolRequest request;
  request.set_protocol(options.id);
  request.set_version(options.version);
  return request;
}

std::string Joined(const json::Array& items, std::string_view member) {
  std::string text;
  for (const json::Value& item : items)
    text += (text.empty() ? "" : ", ") + (member.empty() ? TextOf(item) : json::TextOr(item, member, ""));
  return text;
}

int List(const Context& context) {
  const absl::StatusOr<json::Value> list = Ask(context, &Stub::ListProtocols, v1::ListProtocolsRequest());
  if (!list.ok()) return Fail(list.status());
  if (context.json) {
    PrintJson(*list);
    return kFine;
  }
  Table table({"protocol", "version", "state", "purpose", "datasets", "parties"});
  for (const json::Value& row : list->as_array()) {
    table.Add({json::TextOr(row, "id", ""), json::TextOr(row, "version", ""), json::TextOr(row, "state", ""),
               json::TextOr(row, "purpose", ""), Joined(ItemsOf(row, "datasets"), ""),
               Joined(ItemsOf(row, "parties"), "partner")});
  }
  fmt::print("{}", table.str());
  return kFine;
}

std::string ProtocolText(const json::Value& protocol) {
  const json::Value& purpose = Member(protocol, "purpose");
  std::string text = fmt::format("{} {}: {}\n  digest {}\n  purpose {}: {}\n",
                                 json::TextOr(protocol, "id", ""), json::TextOr(protocol, "version", ""),
                                 Paint(Colour::kBold, json::TextOr(protocol, "title", "")),
                                 json::TextOr(protocol, "digest", ""), json::TextOr(purpose, "code", ""),
                                 json::TextOr(purpose, "statement", ""));
  const json::Value& validity = Member(protocol, "validity");
  text += fmt::format("  in force {} to {}, review by {}\n", json::TextOr(validity, "from", ""),
                      json::TextOr(validity, "until", ""), json::TextOr(validity, "review", ""));
  for (const json::Value& share : ItemsOf(protocol, "shares")) {
    text += fmt::format("  share {}: {} from {} to {}\n", json::TextOr(share, "id", ""),
                        json::TextOr(share, "dataset", ""), Joined(ItemsOf(share, "from"), ""),
                        Joined(ItemsOf(share, "to"), ""));
    for (const json::Value& field : ItemsOf(share, "fields"))
      text +=
          fmt::format("    {:<28} {}\n", json::TextOr(field, "field", ""), json::TextOr(field, "form", ""));
    if (const std::string rows = json::TextOr(share, "rows", ""); !rows.empty())
      text += fmt::format("    only rows where {}\n", rows);
    if (const std::string when = json::TextOr(share, "when", ""); !when.empty())
      text += fmt::format("    only when {}\n", when);
  }
  return text;
}

std::string StatusText(const json::Value& status) {
  std::string text = fmt::format(
      "{} {}: {}\n  {}\n", json::TextOr(status, "id", ""), json::TextOr(status, "version", ""),
      Paint(Colour::kBold, json::TextOr(status, "state", "")), json::TextOr(status, "explanation", ""));
  for (const json::Value& signature : ItemsOf(status, "signatures")) {
    text += fmt::format("  signed for {} by {}, {} on {}{}\n", json::TextOr(signature, "partner", ""),
                        json::TextOr(signature, "name", ""), json::TextOr(signature, "post", ""),
                        json::TextOr(signature, "time", ""),
                        Member(signature, "revoked").is_bool() && Member(signature, "revoked").get_bool()
                            ? " (revoked)"
                            : "");
  }
  if (!ItemsOf(status, "missing").empty())
    text += fmt::format("  signatures missing: {}\n", Joined(ItemsOf(status, "missing"), ""));
  return text;
}

int PrintStatus(const Context& context, const absl::StatusOr<json::Value>& status) {
  if (!status.ok()) return Fail(status.status());
  if (context.json) {
    PrintJson(*status);
  } else if (!context.quiet) {
    fmt::print("{}", StatusText(*status));
  }
  return kFine;
}

int Show(const Context& context, const Options& options) {
  const absl::StatusOr<json::Value> protocol = Ask(context, &Stub::GetProtocol, RequestOf(options));
  if (!protocol.ok()) return Fail(protocol.status());
  if (context.json) {
    PrintJson(*protocol);
  } else {
    fmt::print("{}", ProtocolText(*protocol));
  }
  return kFine;
}

// What the certificate says of its holder stands for what the signer left out.
absl::Status FillSigner(const Connection& connection, Options& options) {
  ASSIGN_OR_RETURN(const identity::Certificate certificate, identity::ReadCertificate(connection.cert_pem));
  ASSIGN_OR_RETURN(const identity::SpiffeId holder, identity::HolderOf(certificate));
  if (options.name.empty()) options.name = holder.name;
  if (options.post.empty()) options.post = holder.role;
  if (options.authority.empty()) options.authority = "the certificate of " + holder.str();
  return absl::OkStatus();
}

// What is signed is what was read: the page is shown, then its digest goes into the signature.
int Sign(const Context& context, Options options) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const absl::Status known = FillSigner(*connection, options);
  if (!known.ok()) return Fail(known);
  const absl::StatusOr<json::Value> protocol = Ask(context, &Stub::GetProtocol, RequestOf(options));
  if (!protocol.ok()) return Fail(protocol.status());
  if (!context.quiet && !context.json) fmt::print(stderr, "{}", ProtocolText(*protocol));
  const std::string digest = json::TextOr(*protocol, "digest", "");
  const absl::StatusOr<std::string> signature = identity::SignWithKey(connection->key_pem, digest);
  if (!signature.ok()) return Fail(signature.status());
  v1::SignProtocolRequest request;
  request.set_protocol(options.id);
  request.set_version(json::TextOr(*protocol, "version", ""));
  request.set_digest(digest);
  request.set_signature(*signature);
  request.set_name(options.name);
  request.set_post(options.post);
  request.set_authority(options.authority);
  return PrintStatus(context, Ask(context, &Stub::SignProtocol, request));
}

int Revoke(const Context& context, const Options& options) {
  v1::RevokeSignatureRequest request;
  request.set_protocol(options.id);
  request.set_version(options.version);
  request.set_reason(options.reason);
  return PrintStatus(context, Ask(context, &Stub::RevokeSignature, request));
}

bool IsAboutProtocols(const Issue& issue) {
  return issue.place.source != nullptr && issue.place.source->name.find("protocols/") != std::string::npos;
}

// Protocols can only be judged together with contracts and partners, so the whole folder is read.
int Lint(const Context& context) {
  const adapters::Catalog catalog = OpenCatalog(context);
  Issues all;
  flows::LoadPolicies(context.policies, catalog.all().empty() ? nullptr : &catalog, all);
  Issues issues;
  for (const Issue& issue : all.list()) {
    if (IsAboutProtocols(issue)) issues.Add(issue);
  }
  if (context.json) {
    PrintJson(policy::IssuesToJson(issues));
  } else {
    for (const Issue& issue : issues.list()) fmt::print("{}\n", RenderIssue(issue));
    fmt::print("{}\n",
               issues.has_errors() ? fmt::format("{} mistakes", issues.error_count()) : "no mistakes");
  }
  return issues.has_errors() ? kNo : kFine;
}

void AddId(CLI::App& verb, Options& options) {
  verb.add_option("ID", options.id, "protocol id")->required();
  verb.add_option("--protocol-version", options.version, "the newest when left out");
}

}  // namespace

void AddProtocol(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* noun = app.add_subcommand("protocol", "information-sharing protocols");
  noun->require_subcommand(1);
  AddVerb(*noun, context, "list", "all protocols and whether they are in force", "  concordat protocol list",
          [&context] { return List(context); });
  AddId(*AddVerb(*noun, context, "show", "what was agreed", "  concordat protocol show asb-hotspots",
                 [&context, options] { return Show(context, *options); }),
        *options);
  AddVerb(*noun, context, "lint", "mistakes in protocols of --policies",
          "  concordat protocol lint --policies policies", [&context] { return Lint(context); });
  CLI::App* sign =
      AddVerb(*noun, context, "sign", "sign for your organisation, with the key of your certificate",
              "  concordat protocol sign asb-hotspots --name \"A. Okoro\" --post \"Head of Data\" "
              "--authority \"Scheme of delegation 4.2\"",
              [&context, options] { return Sign(context, *options); });
  AddId(*sign, *options);
  sign->add_option("--name", options->name, "who signs; the certificate's holder when left out");
  sign->add_option("--post", options->post, "their post; the certificate's role when left out");
  sign->add_option("--authority", options->authority, "what lets them sign; the certificate when left out");
  CLI::App* revoke = AddVerb(*noun, context, "revoke", "take your organisation's signature back",
                             "  concordat protocol revoke asb-hotspots --reason \"purpose has ended\"",
                             [&context, options] { return Revoke(context, *options); });
  AddId(*revoke, *options);
  revoke->add_option("--reason", options->reason, "why")->required();
  AddId(*AddVerb(*noun, context, "status", "state, signatures, days to review",
                 "  concordat protocol status asb-hotspots",
                 [&context, options] {
                   return PrintStatus(context, Ask(context, &Stub::GetProtocolStatus, RequestOf(*options)));
                 }),
        *options);
}

}  // namespace concordat::cli
