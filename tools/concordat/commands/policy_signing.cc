#include "tools/concordat/commands/policy_signing.h"

#include "concordat/v1/quality_policy.grpc.pb.h"
#include "fmt/format.h"
#include "host/identity/certificate.h"
#include "tools/concordat/commands/signing.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/table.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

using Stub = v1::QualityPolicyService::Stub;

struct Options : Signer {
  std::string id;
  std::string reason;
};

template <typename Request>
absl::StatusOr<json::Value> Ask(const Connection& connection,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             v1::QualityPolicyJson*),
                                const Request& request) {
  const auto stub = v1::QualityPolicyService::NewStub(connection.channel);
  return CallJson<Stub, Request, v1::QualityPolicyJson>(connection, *stub, method, request);
}

v1::QualityPolicyRequest RequestOf(const Options& options) {
  v1::QualityPolicyRequest request;
  request.set_id(options.id);
  return request;
}

bool IsTrue(const json::Value& value) { return value.is_bool() && value.get_bool(); }

// "signed 1.0.0", "signed 0.9.0, not this version", "took its signature back", "has not signed".
std::string StandingOf(const json::Value& party) {
  if (IsTrue(Member(party, "signed"))) return Paint(Colour::kGood, "signed");
  const std::string version = json::TextOr(party, "version", "");
  if (version.empty()) return Paint(Colour::kWarn, "has not signed");
  const json::Value& revoked = Member(party, "revoked");
  if (revoked.is_object())
    return Paint(Colour::kBad,
                 fmt::format("took its signature back: {}", json::TextOr(revoked, "reason", "")));
  return Paint(Colour::kWarn, fmt::format("signed {}, not this text", version));
}

std::string StatusText(const json::Value& status) {
  std::string text =
      fmt::format("{} {}  {}\n{}\n", json::TextOr(status, "id", ""), json::TextOr(status, "version", ""),
                  json::TextOr(status, "title", ""), json::TextOr(status, "digest", ""));
  const std::string review = json::TextOr(status, "review", "");
  text += IsTrue(Member(status, "reviewOverdue"))
              ? Paint(Colour::kBad, fmt::format("review overdue since {}\n", review))
              : fmt::format("review by {}\n", review);
  Table table({"partner", "standing", "name", "post", "at"});
  for (const json::Value& party : ItemsOf(status, "parties")) {
    table.Add({json::TextOr(party, "partner", ""), StandingOf(party), json::TextOr(party, "name", ""),
               json::TextOr(party, "post", ""), json::TextOr(party, "at", "")});
  }
  return text + table.str() + json::TextOr(status, "explanation", "") + "\n";
}

int PrintStatus(const Context& context, const absl::StatusOr<json::Value>& status) {
  if (!status.ok()) return Fail(status.status());
  if (context.json) {
    PrintJson(*status);
  } else {
    fmt::print("{}", StatusText(*status));
  }
  return kFine;
}

absl::StatusOr<json::Value> StatusOf(const Context& context, const Options& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  return Ask(connection, &Stub::GetQualityPolicyStatus, RequestOf(options));
}

int Show(const Context& context, const Options& options) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto policy = Ask(*connection, &Stub::GetQualityPolicy, RequestOf(options));
  if (!policy.ok()) return Fail(policy.status());
  if (context.json) {
    PrintJson(*policy);
  } else {
    fmt::print("{}digest {}\n", json::TextOr(*policy, "page", ""), json::TextOr(*policy, "digest", ""));
  }
  return kFine;
}

// What is signed is what was read: the page is shown, then its digest goes into the signature.
absl::StatusOr<json::Value> SignIt(const Context& context, Options options) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  RETURN_IF_ERROR(FillSigner(connection, options));
  ASSIGN_OR_RETURN(const json::Value policy, Ask(connection, &Stub::GetQualityPolicy, RequestOf(options)));
  const std::string digest = json::TextOr(policy, "digest", "");
  if (!context.quiet) fmt::print(stderr, "{}digest {}\n", json::TextOr(policy, "page", ""), digest);
  if (!Confirmed(options)) return absl::CancelledError("not signed");
  ASSIGN_OR_RETURN(const std::string signature, identity::SignWithKey(connection.key_pem, digest));
  v1::SignQualityPolicyRequest request;
  request.set_id(options.id);
  request.set_digest(digest);
  request.set_signature(signature);
  request.set_name(options.name);
  request.set_post(options.post);
  request.set_authority(options.authority);
  return Ask(connection, &Stub::SignQualityPolicy, request);
}

// The digest that one's own organisation signed, which may be of an earlier version.
absl::StatusOr<std::string> OwnDigest(const json::Value& status, const std::string& partner) {
  for (const json::Value& signature : ItemsOf(status, "signatures")) {
    if (json::TextOr(signature, "partner", "") == partner && Member(signature, "revoked").is_null())
      return json::TextOr(signature, "digest", "");
  }
  return absl::NotFoundError(
      fmt::format("{} has no signature in force on {}", partner, json::TextOr(status, "id", "")));
}

absl::StatusOr<json::Value> RevokeIt(const Context& context, const Options& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  ASSIGN_OR_RETURN(const identity::SpiffeId holder, HolderOf(connection));
  ASSIGN_OR_RETURN(const json::Value status,
                   Ask(connection, &Stub::GetQualityPolicyStatus, RequestOf(options)));
  ASSIGN_OR_RETURN(const std::string digest, OwnDigest(status, holder.partner.str()));
  ASSIGN_OR_RETURN(const std::string signature,
                   identity::SignWithKey(connection.key_pem, "revoke " + digest));
  v1::RevokeQualityPolicyRequest request;
  request.set_id(options.id);
  request.set_reason(options.reason);
  request.set_signature(signature);
  return Ask(connection, &Stub::RevokeQualityPolicy, request);
}

constexpr char kWhich[] = "its id; the partnership's own when left out";

}  // namespace

void AddPolicySigning(CLI::App& noun, Context& context) {
  const auto options = std::make_shared<Options>();
  AddVerb(noun, context, "show", "the quality policy in plain words, clause by clause",
          "  concordat policy show\n  concordat policy show derwent-data-quality --json",
          [&context, options] { return Show(context, *options); })
      ->add_option("ID", options->id, kWhich);
  AddVerb(noun, context, "status",
          "who has signed which version of the quality policy, and when it is reviewed",
          "  concordat policy status\n  concordat policy status derwent-data-quality --json",
          [&context, options] { return PrintStatus(context, StatusOf(context, *options)); })
      ->add_option("ID", options->id, kWhich);
  CLI::App* sign =
      AddVerb(noun, context, "sign",
              "sign the quality policy for your organisation, with the key of your certificate",
              "  concordat policy sign derwent-data-quality --name \"A. Okoro\" --post \"Head of Data\" "
              "--authority \"Scheme of delegation 4.2\"",
              [&context, options] { return PrintStatus(context, SignIt(context, *options)); });
  sign->add_option("ID", options->id, "its id")->required();
  AddSigner(*sign, *options);
  CLI::App* revoke =
      AddVerb(noun, context, "revoke", "take your organisation's signature on the quality policy back",
              "  concordat policy revoke derwent-data-quality --reason \"clause 5.2 cannot be met\"",
              [&context, options] { return PrintStatus(context, RevokeIt(context, *options)); });
  revoke->add_option("ID", options->id, "its id")->required();
  revoke->add_option("--reason", options->reason, "why")->required();
}

}  // namespace concordat::cli
