// concordat pki enrol --invitation: a key is made here and never leaves; the host's administrator signs for
// it.
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/base/files.h"
#include "host/base/paper_code.h"
#include "host/identity/invitation.h"
#include "host/identity/signing_request.h"
#include "host/identity/spiffe_id.h"
#include "tools/concordat/commands/administration.h"
#include "tools/concordat/connection_pem.h"

namespace concordat::cli {
namespace {

// Where everything of one enrolment lies.
struct Files {
  std::string key, certificate, ca, pending;
};

Files FilesOf(const InvitedOptions& options, const identity::SpiffeId& holder) {
  const std::string base =
      fmt::format("{}/{}-{}-{}", options.folder, holder.partner.str(), holder.role, holder.name);
  return {base + ".key", base + ".crt", options.folder + "/ca.crt", base + ".enrolment"};
}

absl::StatusOr<std::string> CodeOf(const InvitedOptions& options) {
  std::string code = options.code;
  if (code.empty() || code == "-") {
    if (code.empty() && isatty(STDIN_FILENO) != 0) fmt::print(stderr, "the code that you were told: ");
    std::getline(std::cin, code);
  }
  const std::optional<std::string> read = ReadPaperCode(code);
  if (read) return *read;
  return absl::InvalidArgumentError(
      "the code is mistyped: it has 28 letters and digits in seven groups of four; compare it with what you "
      "were told");
}

// Kept from a try that did not get through: the code is used up only once.
absl::StatusOr<std::string> KeyIn(const Files& files) {
  absl::StatusOr<std::string> kept = ReadFile(files.key);
  if (!absl::IsNotFound(kept.status())) return kept;
  ASSIGN_OR_RETURN(const std::string key, identity::NewPrivateKey());
  RETURN_IF_ERROR(CreateFile(files.key, key, 0600));
  return key;
}

absl::StatusOr<json::Value> Ask(const Connection& connection, const InvitedOptions& options,
                                const identity::SpiffeId& holder, const Files& files) {
  if (access(files.certificate.c_str(), F_OK) == 0) {
    return absl::AlreadyExistsError(
        fmt::format("{} is there already: nothing to enrol. To renew it: concordat pki renew {}",
                    files.certificate, files.certificate));
  }
  v1::CertificateSigningRequest request;
  ASSIGN_OR_RETURN(*request.mutable_code(), CodeOf(options));
  RETURN_IF_ERROR(MakeFolders(options.folder, 0700));
  ASSIGN_OR_RETURN(const std::string key, KeyIn(files));
  ASSIGN_OR_RETURN(*request.mutable_request_pem(), identity::MakeSigningRequest(key, holder.name));
  ASSIGN_OR_RETURN(json::Value asked,
                   AskEnrolment(connection, &v1::EnrolmentService::Stub::RequestCertificate, request));
  RETURN_IF_ERROR(WriteFileAtomically(files.pending, json::Compact(asked), 0600));
  return asked;
}

int Waiting(const Context& context, const InvitedOptions& options, const json::Value& request) {
  if (context.json) {
    PrintJson(request);
    return kNo;
  }
  fmt::print(
      "{}: a key was made here, and its certificate is asked for (request {})\n  key code {}\nRead the key "
      "code out "
      "to the host's administrator, who compares it before signing. Then: concordat pki enrol --invitation "
      "{} "
      "--resume\n",
      json::TextOr(request, "spiffeId", ""), json::TextOr(request, "request", ""),
      json::TextOr(request, "keyCode", ""), options.invitation);
  return kNo;
}

absl::Status Keep(const std::string& pem, const identity::InvitationFile& invitation, const Files& files) {
  ASSIGN_OR_RETURN(const std::string key, ReadFile(files.key));
  ASSIGN_OR_RETURN(const std::string of_key, identity::KeyFingerprintOfKey(key));
  ASSIGN_OR_RETURN(const std::string of_certificate, identity::KeyFingerprintOfCertificate(pem));
  ASSIGN_OR_RETURN(const identity::Certificate certificate, identity::ReadCertificate(pem));
  RETURN_IF_ERROR(identity::CheckIssuedBy(certificate, invitation.ca, absl::Now()));
  ASSIGN_OR_RETURN(const identity::SpiffeId holder, identity::HolderOf(certificate));
  if (of_key != of_certificate || holder.str() != invitation.spiffe_id) {
    return absl::DataLossError(
        "the certificate that the host handed out is not for the key and name that asked for it");
  }
  const absl::Status ca = CreateFile(files.ca, invitation.ca, 0644);
  if (!ca.ok() && !absl::IsAlreadyExists(ca)) return ca;
  RETURN_IF_ERROR(WriteFileAtomically(files.certificate, pem, 0644));
  unlink(files.pending.c_str());
  return absl::OkStatus();
}

int Finish(const Context& context, const InvitedOptions& options, const identity::InvitationFile& invitation,
           const Files& files, const json::Value& request) {
  const std::string state = json::TextOr(request, "state", "");
  if (state == "waiting") return Waiting(context, options, request);
  if (state != "approved") {
    unlink(files.pending.c_str());
    return Fail(absl::FailedPreconditionError(
        fmt::format("the administrator refused: {}", json::TextOr(request, "reason", "no reason given"))));
  }
  const absl::Status kept = Keep(json::TextOr(request, "certificate", ""), invitation, files);
  if (!kept.ok()) return Fail(kept);
  if (context.json) {
    PrintJson(json::Object{{"state", "enrolled"},
                           {"spiffeId", invitation.spiffe_id},
                           {"cert", files.certificate},
                           {"key", files.key},
                           {"ca", files.ca},
                           {"host", invitation.host}});
    return kFine;
  }
  fmt::print(
      "{}\n  certificate {}\n  key         {}\n  authority   {}\ntry it: concordat catalog list --mine "
      "--host {} "
      "--ca {} --cert {} --key {}\nThe invitation file is worth nothing any more.\n",
      invitation.spiffe_id, files.certificate, files.key, files.ca, invitation.host, files.ca,
      files.certificate, files.key);
  return kFine;
}

absl::StatusOr<json::Value> Request(const Connection& connection, const InvitedOptions& options,
                                    const identity::SpiffeId& holder, const Files& files) {
  const absl::StatusOr<std::string> pending = ReadFile(files.pending);
  if (!pending.ok() && options.resume) {
    return absl::NotFoundError(
        fmt::format("{} is not there: nothing was asked for yet, or not in this folder (-o)", files.pending));
  }
  absl::StatusOr<json::Value> request =
      pending.ok() ? json::Parse(*pending) : Ask(connection, options, holder, files);
  if (!request.ok() || (!pending.ok() && options.wait == 0)) return request;
  return Collect(connection, json::TextOr(*request, "request", ""), options.wait);
}

}  // namespace

int EnrolInvited(const Context& context, const InvitedOptions& options) {
  const absl::StatusOr<std::string> text = ReadFile(options.invitation);
  if (!text.ok()) return Fail(text.status());
  const absl::StatusOr<identity::InvitationFile> invitation = identity::ReadInvitation(*text);
  if (!invitation.ok()) return Fail(Annotate(invitation.status(), options.invitation));
  const absl::StatusOr<identity::SpiffeId> holder = identity::ParseSpiffeId(invitation->spiffe_id);
  if (!holder.ok()) return Fail(Annotate(holder.status(), options.invitation));
  if (absl::Now() > invitation->expires) {
    return Fail(absl::FailedPreconditionError(
        fmt::format("this invitation ended on {}; ask the host's administrator for another",
                    TimeText(invitation->expires))));
  }
  const Files files = FilesOf(options, *holder);
  const std::string host = context.host.empty() ? invitation->host : context.host;
  const Connection connection =
      ConnectWith(host, invitation->ca, invitation->certificate, invitation->private_key);
  const absl::StatusOr<json::Value> request = Request(connection, options, *holder, files);
  return request.ok() ? Finish(context, options, *invitation, files, *request) : Fail(request.status());
}

}  // namespace concordat::cli
