// concordat protocol sign, accept, reject, revoke: what a delegate answers for, with the key of their
// certificate.
#include "fmt/format.h"
#include "host/identity/certificate.h"
#include "tools/concordat/commands/protocol_client.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

std::string ChangesText(const json::Value& protocol) {
  const json::Value& changes = Member(protocol, "changes");
  if (changes.is_null()) return "Your organisation has not signed an earlier version.\n";
  const json::Array& list = ItemsOf(changes, "list");
  const std::string since = fmt::format("version {}, signed on {}", json::TextOr(changes, "since", ""),
                                        json::TextOr(changes, "signed", "").substr(0, 10));
  if (list.empty()) return fmt::format("Nothing has changed since {}.\n", since);
  std::string text = fmt::format("What has changed since {}:\n", since);
  for (const json::Value& change : list) text += fmt::format("  - {}\n", TextOf(change));
  return text;
}

// What is signed is what was read: the page is shown, then its digest goes into the signature.
absl::StatusOr<json::Value> SignWhatIsShown(const Context& context, const Connection& connection,
                                            ProtocolOptions options) {
  RETURN_IF_ERROR(FillSigner(connection, options));
  ASSIGN_OR_RETURN(const json::Value protocol,
                   AskProtocols(connection, &ProtocolStub::GetProtocol, ProtocolRequestOf(options)));
  const std::string digest = json::TextOr(protocol, "digest", "");
  if (!context.quiet) {
    fmt::print(stderr, "{}\n{}digest {}\n", json::TextOr(protocol, "page", ""), ChangesText(protocol),
               digest);
  }
  if (!Confirmed(options)) return absl::CancelledError("not signed");
  ASSIGN_OR_RETURN(const std::string signature, identity::SignWithKey(connection.key_pem, digest));
  v1::SignProtocolRequest request;
  request.set_protocol(options.id);
  request.set_version(json::TextOr(protocol, "version", ""));
  request.set_digest(digest);
  request.set_signature(signature);
  request.set_name(options.name);
  request.set_post(options.post);
  request.set_authority(options.authority);
  return AskProtocols(connection, &ProtocolStub::SignProtocol, request);
}

int Sign(const Context& context, const ProtocolOptions& options) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  return PrintProtocolStatus(context, SignWhatIsShown(context, *connection, options));
}

template <typename Request>
absl::StatusOr<Request> SignedRefusal(const Connection& connection, const ProtocolOptions& options,
                                      std::string_view word) {
  ASSIGN_OR_RETURN(const json::Value protocol,
                   AskProtocols(connection, &ProtocolStub::GetProtocol, ProtocolRequestOf(options)));
  ASSIGN_OR_RETURN(const std::string signature,
                   identity::SignWithKey(connection.key_pem,
                                         fmt::format("{} {}", word, json::TextOr(protocol, "digest", ""))));
  Request request;
  request.set_protocol(options.id);
  request.set_version(json::TextOr(protocol, "version", ""));
  request.set_reason(options.reason);
  request.set_signature(signature);
  return request;
}

absl::StatusOr<json::Value> RejectIt(const Context& context, const ProtocolOptions& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  ASSIGN_OR_RETURN(const auto request,
                   SignedRefusal<v1::RejectProtocolRequest>(connection, options, "reject"));
  return AskProtocols(connection, &ProtocolStub::RejectProtocol, request);
}

// Without a version: the newest that one's own organisation has signed.
absl::StatusOr<json::Value> RevokeIt(const Context& context, ProtocolOptions options) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  if (options.version.empty()) {
    ASSIGN_OR_RETURN(const identity::SpiffeId holder, HolderOf(connection));
    ASSIGN_OR_RETURN(const json::Value status,
                     AskProtocols(connection, &ProtocolStub::GetProtocolStatus, ProtocolRequestOf(options)));
    for (const json::Value& party : ItemsOf(status, "adopted")) {
      if (json::TextOr(party, "partner", "") == holder.partner.str())
        options.version = json::TextOr(party, "version", "");
    }
  }
  ASSIGN_OR_RETURN(const auto request,
                   SignedRefusal<v1::RevokeSignatureRequest>(connection, options, "revoke"));
  return AskProtocols(connection, &ProtocolStub::RevokeSignature, request);
}

void AddSigningOptions(CLI::App& verb, ProtocolOptions& options) {
  AddProtocolId(verb, options);
  AddSigner(verb, options);
}

}  // namespace

void AddProtocolSigning(CLI::App& noun, Context& context, std::shared_ptr<ProtocolOptions> options) {
  const auto sign = [&context, options] { return Sign(context, *options); };
  AddSigningOptions(
      *AddVerb(noun, context, "sign", "sign for your organisation, with the key of your certificate",
               "  concordat protocol sign asb-hotspots --name \"A. Okoro\" --post \"Head of Data\" "
               "--authority \"Scheme of delegation 4.2\"",
               sign),
      *options);
  AddSigningOptions(
      *AddVerb(noun, context, "accept", "the same as sign", "  concordat protocol accept asb-hotspots", sign),
      *options);
  CLI::App* reject =
      AddVerb(noun, context, "reject", "say no for your organisation, until it signs",
              "  concordat protocol reject asb-hotspots --reason \"the new field is not needed\"",
              [&context, options] { return PrintProtocolStatus(context, RejectIt(context, *options)); });
  AddProtocolId(*reject, *options);
  reject->add_option("--reason", options->reason, "what would have to change")->required();
  CLI::App* revoke =
      AddVerb(noun, context, "revoke", "take your organisation's signature back",
              "  concordat protocol revoke asb-hotspots --reason \"purpose has ended\"",
              [&context, options] { return PrintProtocolStatus(context, RevokeIt(context, *options)); });
  AddProtocolId(*revoke, *options);
  revoke->add_option("--reason", options->reason, "why")->required();
}

}  // namespace concordat::cli
