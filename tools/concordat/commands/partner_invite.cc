// concordat partner invite, requests, approve, refuse: certificates for keys that their holders make
// themselves.
#include "tools/concordat/commands/partner_invite.h"

#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/base/files.h"
#include "host/base/ids.h"
#include "host/base/paper_code.h"
#include "host/identity/authority.h"
#include "host/identity/invitation.h"
#include "host/identity/pki_folder.h"
#include "host/identity/signing_request.h"
#include "host/policy/period.h"
#include "tools/concordat/commands/administration.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/table.h"

namespace concordat::cli {
namespace {

using Stub = v1::EnrolmentService::Stub;

struct Options {
  std::string partner;
  std::string role = "steward";
  std::string name;
  std::string valid = "P7D";
  std::string folder = "pki";
  std::string address;
  std::string out;
  std::string id;
  std::string key_code;
  std::string reason;
};

struct Signing {
  identity::Authority authority;
  std::string certificate;  // the authority's, PEM
};

absl::StatusOr<Signing> OpenAuthority(const std::string& folder) {
  const identity::PkiFiles files = identity::PkiFilesIn(folder);
  ASSIGN_OR_RETURN(const std::string certificate, ReadFile(files.authority_certificate));
  ASSIGN_OR_RETURN(const std::string key, ReadFile(files.authority_key));
  absl::StatusOr<identity::Authority> authority = identity::Authority::FromPem(certificate, key);
  RETURN_IF_ERROR(Annotate(authority.status(), folder));
  return Signing{*std::move(authority), certificate};
}

absl::StatusOr<std::string> AddressOf(const Connection& connection, const Options& options) {
  if (!options.address.empty()) return options.address;
  if (connection.host.rfind("unix:", 0) != 0) return connection.host;
  const auto stub = v1::AdminService::NewStub(connection.channel);
  ASSIGN_OR_RETURN(const json::Value status,
                   (CallJson<v1::AdminService::Stub, v1::AdminRequest, v1::AdminJson>(
                       connection, *stub, &v1::AdminService::Stub::GetHostStatus, v1::AdminRequest())));
  return json::TextOr(status, "address", "");
}

struct Invited {
  json::Value told;
  std::string code;
  std::string file;
  std::string address;  // of the host, as the file has it
};

absl::StatusOr<Invited> MakeInvitation(const Context& context, const Options& options) {
  ASSIGN_OR_RETURN(const policy::Duration valid, policy::ParseDuration(options.valid));
  ASSIGN_OR_RETURN(const Signing signing, OpenAuthority(options.folder));
  const identity::SpiffeId holder{
      signing.authority.trust_domain(),
      PartnerId(options.role == "administrator" ? std::string(identity::kHostPartner) : options.partner),
      options.role, options.name};
  RETURN_IF_ERROR(identity::CheckSpiffeId(holder));
  identity::Validity validity;
  validity.now = absl::Now();
  validity.leaf = absl::Seconds(valid.Seconds());
  ASSIGN_OR_RETURN(const identity::Credentials bootstrap,
                   signing.authority.IssueInvitation(NewRandomId("I-"), validity));
  ASSIGN_OR_RETURN(const identity::Certificate certificate, identity::ReadCertificate(bootstrap.certificate));
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  identity::InvitationFile file;
  ASSIGN_OR_RETURN(file.host, AddressOf(connection, options));
  file.spiffe_id = holder.str();
  file.expires = validity.now + validity.leaf;
  file.ca = signing.certificate;
  file.certificate = bootstrap.certificate;
  file.private_key = bootstrap.private_key;
  Invited invited;
  invited.address = file.host;
  invited.code = NewPaperCode();
  invited.file = options.out.empty()
                     ? fmt::format("{}-{}-{}.invitation", holder.partner.str(), holder.role, holder.name)
                     : options.out;
  // First: an invitation without its file is of no use, a file without its invitation neither.
  RETURN_IF_ERROR(CreateFile(invited.file, identity::WriteInvitation(file), 0600));
  v1::InviteRequest request;
  request.set_spiffe_id(holder.str());
  request.set_code(invited.code);
  request.set_bootstrap_fingerprint(certificate.fingerprint);
  request.set_valid_seconds(static_cast<int64_t>(valid.Seconds()));
  absl::StatusOr<json::Value> told = AskEnrolment(connection, &Stub::Invite, request);
  if (!told.ok()) {
    std::remove(invited.file.c_str());
    return told.status();
  }
  invited.told = *std::move(told);
  return invited;
}

int Invite(const Context& context, const Options& options) {
  const absl::StatusOr<Invited> invited = MakeInvitation(context, options);
  if (!invited.ok()) return Fail(invited.status());
  // What a host listens on is seldom what others call it, and nobody sees that in the file.
  if (options.address.empty())
    fmt::print(
        stderr,
        "note: the invitation says that the host is at {}; where partners reach it under another name, "
        "make it anew with --address NAME:PORT\n",
        invited->address);
  if (context.json) {
    json::Object told = invited->told.as_object();
    told["file"] = invited->file;
    told["code"] = invited->code;
    PrintJson(told);
    return kFine;
  }
  fmt::print(
      "invited {} until {}\n  file {}\n  code {}\nSend the file (by e-mail, say), and tell the code another "
      "way (by "
      "telephone): who has both gets the certificate. They run:\n  concordat pki enrol --invitation {} "
      "--code CODE\nThen "
      "they read a key code out to you, and you run: concordat partner requests, concordat partner approve "
      "REQUEST "
      "--key-code CODE\n",
      json::TextOr(invited->told, "spiffeId", ""), json::TextOr(invited->told, "expires", ""), invited->file,
      invited->code, invited->file);
  return kFine;
}

int ListRequests(const Context& context) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto list = AskEnrolment(*connection, &Stub::ListRequests, v1::ListRequestsRequest());
  if (!list.ok()) return Fail(list.status());
  if (context.json) {
    PrintJson(*list);
    return kFine;
  }
  Table requests({"request", "holder", "how", "asked", "state"});
  for (const json::Value& one : ItemsOf(*list, "requests")) {
    requests.Add({json::TextOr(one, "request", ""), json::TextOr(one, "spiffeId", ""),
                  json::TextOr(one, "how", ""), json::TextOr(one, "asked", ""),
                  json::TextOr(one, "state", "")});
  }
  Table invitations({"invitation", "holder", "expires", "wrong codes", "state"});
  for (const json::Value& one : ItemsOf(*list, "invitations")) {
    invitations.Add({json::TextOr(one, "invitation", ""), json::TextOr(one, "spiffeId", ""),
                     json::TextOr(one, "expires", ""), std::to_string(CountOf(one, "wrongCodes")),
                     json::TextOr(one, "state", "")});
  }
  fmt::print("{}{}", requests.empty() ? "nobody asks for a certificate\n" : requests.str(),
             invitations.empty() ? "" : "\n" + invitations.str());
  return kFine;
}

// The key code comes from the asker's own mouth: it is compared here, never shown before.
absl::Status CompareKeyCode(const json::Value& request, const Options& options) {
  const bool renewal = json::TextOr(request, "how", "") == "renewal";
  if (options.key_code.empty() && renewal) return absl::OkStatus();  // their certificate vouches for them
  if (options.key_code.empty()) {
    return absl::InvalidArgumentError(fmt::format(
        "ask {} for the key code that their machine shows, and give it: --key-code XXXX-XXXX-XXXX",
        json::TextOr(request, "spiffeId", "")));
  }
  if (identity::SameKeyCode(options.key_code, json::TextOr(request, "keyCode", ""))) return absl::OkStatus();
  return absl::PermissionDeniedError(fmt::format(
      "the key that asks is not the one whose code you were told. Ask again; if they still differ, somebody "
      "else used the invitation: concordat partner refuse {} --reason \"...\"",
      options.id));
}

absl::StatusOr<json::Value> ApproveOne(const Context& context, const Options& options) {
  ASSIGN_OR_RETURN(const Signing signing, OpenAuthority(options.folder));
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  ASSIGN_OR_RETURN(const json::Value list,
                   AskEnrolment(connection, &Stub::ListRequests, v1::ListRequestsRequest()));
  for (const json::Value& one : ItemsOf(list, "requests")) {
    if (json::TextOr(one, "request", "") != options.id) continue;
    RETURN_IF_ERROR(CompareKeyCode(one, options));
    // The key code is worked out anew of what is signed: the host's word is not needed for it.
    const std::string csr = json::TextOr(one, "csr", "");
    ASSIGN_OR_RETURN(const identity::SigningRequest read, identity::ReadSigningRequest(csr));
    if (!options.key_code.empty() &&
        !identity::SameKeyCode(options.key_code, identity::KeyCode(read.key_fingerprint)))
      return absl::DataLossError("the host shows another key code than the request has");
    ASSIGN_OR_RETURN(const identity::SpiffeId holder,
                     identity::ParseSpiffeId(json::TextOr(one, "spiffeId", "")));
    identity::Validity validity;
    validity.now = absl::Now();
    v1::ApproveRequest request;
    request.set_request(options.id);
    ASSIGN_OR_RETURN(*request.mutable_certificate_pem(),
                     signing.authority.IssueForRequest(csr, holder, validity));
    return AskEnrolment(connection, &Stub::Approve, request);
  }
  return absl::NotFoundError(
      fmt::format("there is no request {}; see: concordat partner requests", options.id));
}

int Approve(const Context& context, const Options& options) {
  const absl::StatusOr<json::Value> approved = ApproveOne(context, options);
  if (!approved.ok()) return Fail(approved.status());
  if (context.json) {
    PrintJson(*approved);
    return kFine;
  }
  fmt::print("approved: {} is enrolled ({}); they fetch it with --resume\n",
             json::TextOr(*approved, "spiffeId", ""), json::TextOr(*approved, "fingerprint", ""));
  return kFine;
}

int Refuse(const Context& context, const Options& options) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  v1::RefuseRequest request;
  request.set_id(options.id);
  request.set_reason(options.reason);
  const auto refused = AskEnrolment(*connection, &Stub::Refuse, request);
  if (!refused.ok()) return Fail(refused.status());
  if (context.json) {
    PrintJson(*refused);
    return kFine;
  }
  fmt::print("{} is {}\n", options.id, json::TextOr(*refused, "state", ""));
  return kFine;
}

}  // namespace

void AddPartnerInvite(CLI::App& partner, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* invite =
      AddVerb(partner, context, "invite",
              "let somebody of a partner make a key of their own and ask for its certificate, once",
              "  concordat partner invite constabulary --role steward --name pat --address "
              "concordat.derwent.example:8443 --host "
              "unix:data/run/concordat.sock",
              [&context, options] { return Invite(context, *options); });
  invite->add_option("PARTNER", options->partner, "partner id; host for an administrator")->required();
  invite
      ->add_option("--role", options->role, "steward, analyst, delegate, moderator, auditor or administrator")
      ->capture_default_str();
  invite->add_option("--name", options->name, "who or what it is")->required();
  invite->add_option("--valid", options->valid, "how long, at most P30D")->capture_default_str();
  invite->add_option("--address", options->address, "NAME:PORT under which they reach the host");
  invite->add_option("--dir", options->folder, "folder of the authority")->capture_default_str();
  invite->add_option("-o,--out", options->out,
                     "the invitation file; PARTNER-ROLE-NAME.invitation when left out");
  AddVerb(partner, context, "requests", "who asks for a certificate, and which invitations are open",
          "  concordat partner requests --host unix:data/run/concordat.sock",
          [&context] { return ListRequests(context); });
  CLI::App* approve = AddVerb(partner, context, "approve",
                              "sign a request with the authority's key, and enrol its certificate",
                              "  concordat partner approve R-0123456789abcdef --key-code K7QM-3XRD-9FGH "
                              "--host unix:data/run/concordat.sock",
                              [&context, options] { return Approve(context, *options); });
  approve->add_option("REQUEST", options->id, "as `concordat partner requests` shows it")->required();
  approve->add_option("--key-code", options->key_code, "what the asker's machine shows, read out by them");
  approve->add_option("--dir", options->folder, "folder of the authority")->capture_default_str();
  CLI::App* refuse =
      AddVerb(partner, context, "refuse", "close a request or an open invitation",
              "  concordat partner refuse I-0123456789abcdef --host unix:data/run/concordat.sock",
              [&context, options] { return Refuse(context, *options); });
  refuse->add_option("ID", options->id, "of a request or an invitation")->required();
  refuse->add_option("--reason", options->reason, "why; the asker sees it");
}

}  // namespace concordat::cli
