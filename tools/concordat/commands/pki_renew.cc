// concordat pki renew: the same holder, a new certificate; by whoever has the authority's key, or asked for
// with the certificate that still holds.
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/base/files.h"
#include "host/identity/authority.h"
#include "host/identity/certificate.h"
#include "host/identity/pki_folder.h"
#include "host/identity/signing_request.h"
#include "tools/concordat/commands/administration.h"

namespace concordat::cli {
namespace {

struct Options {
  std::string certificate;
  std::string key;  // empty: beside the certificate, ending in .key
  std::string folder = "pki";
  bool same_key = false;
  bool resume = false;
  int wait = 0;
};

struct Renewed {
  std::string certificate;
  std::string key;
};

std::string KeyPath(const Options& options) {
  if (!options.key.empty()) return options.key;
  return std::filesystem::path(options.certificate).replace_extension(".key").string();
}
std::string PendingPath(const Options& options) { return options.certificate + ".renewal"; }
std::string NextKeyPath(const Options& options) { return KeyPath(options) + ".next"; }

bool IsHostCertificate(const identity::Certificate& certificate, const std::string& trust_domain) {
  return certificate.uris.size() == 1 && certificate.uris[0] == fmt::format("spiffe://{}/host", trust_domain);
}

absl::StatusOr<identity::Authority> AuthorityIn(const std::string& folder) {
  const identity::PkiFiles files = identity::PkiFilesIn(folder);
  ASSIGN_OR_RETURN(const std::string certificate, ReadFile(files.authority_certificate));
  ASSIGN_OR_RETURN(const std::string key, ReadFile(files.authority_key));
  return identity::Authority::FromPem(certificate, key);
}

// Never a moment without a file: a host that looks finds the old pair or the new one.
absl::Status Replace(const Options& options, const Renewed& renewed) {
  ASSIGN_OR_RETURN(const std::string old_certificate, ReadFile(options.certificate));
  ASSIGN_OR_RETURN(const std::string old_key, ReadFile(KeyPath(options)));
  RETURN_IF_ERROR(WriteFileAtomically(options.certificate + ".old", old_certificate, 0644));
  RETURN_IF_ERROR(WriteFileAtomically(KeyPath(options) + ".old", old_key, 0600));
  RETURN_IF_ERROR(WriteFileAtomically(KeyPath(options), renewed.key, 0600));
  return WriteFileAtomically(options.certificate, renewed.certificate, 0644);
}

absl::StatusOr<Renewed> Issue(const Options& options, const identity::Authority& authority,
                              const identity::Certificate& old) {
  identity::Validity validity;
  validity.now = absl::Now();
  if (IsHostCertificate(old, authority.trust_domain())) {
    ASSIGN_OR_RETURN(const identity::Credentials made, authority.IssueServer(old.hosts, validity));
    return Renewed{made.certificate, made.private_key};
  }
  ASSIGN_OR_RETURN(const identity::SpiffeId holder, identity::HolderOf(old));
  std::string key;
  if (options.same_key) {
    ASSIGN_OR_RETURN(key, ReadFile(KeyPath(options)));
  } else {
    ASSIGN_OR_RETURN(key, identity::NewPrivateKey());
  }
  ASSIGN_OR_RETURN(const std::string request, identity::MakeSigningRequest(key, holder.name));
  ASSIGN_OR_RETURN(const std::string certificate, authority.IssueForRequest(request, holder, validity));
  return Renewed{certificate, key};
}

int Told(const Context& context, const Options& options, const std::string& pem, const std::string& next) {
  const auto now = identity::ReadCertificate(pem);
  if (!now.ok()) return Fail(now.status());
  if (context.json) {
    PrintJson(json::Object{{"state", "renewed"},
                           {"spiffeId", now->uris.empty() ? "" : now->uris.front()},
                           {"cert", options.certificate},
                           {"key", KeyPath(options)},
                           {"fingerprint", now->fingerprint},
                           {"ends", TimeText(now->not_after)}});
    return kFine;
  }
  fmt::print("renewed {}\n  certificate {} until {}\n  key         {}\n  the old pair {}.old, {}.old\n{}\n",
             now->uris.empty() ? now->subject : now->uris.front(), options.certificate,
             TimeText(now->not_after), KeyPath(options), options.certificate, KeyPath(options), next);
  return kFine;
}

int RenewHere(const Context& context, const Options& options, const identity::Authority& authority,
              const identity::Certificate& old) {
  const absl::StatusOr<Renewed> renewed = Issue(options, authority, old);
  if (!renewed.ok()) return Fail(renewed.status());
  const bool of_host = IsHostCertificate(old, authority.trust_domain());
  std::string next = fmt::format(
      "next, on the host: concordat partner add PARTNER --cert {} --host unix:...; the old one "
      "counts until it ends",
      options.certificate);
  if (of_host) next = "a running host takes it for new connections within seconds; no restart is needed";
  if (!of_host && context.connected()) {
    // Enrolled before it takes the old one's place: whatever fails, one of the two works.
    const absl::StatusOr<Connection> connection = Connect(context);
    if (!connection.ok()) return Fail(connection.status());
    const auto enrolled = EnrolCertificate(*connection, renewed->certificate);
    if (!enrolled.ok()) return Fail(enrolled.status());
    next = "enrolled with the host; the old one counts until it ends (or: concordat pki revoke)";
  }
  const absl::Status replaced = Replace(options, *renewed);
  if (!replaced.ok()) return Fail(replaced);
  return Told(context, options, renewed->certificate, next);
}

absl::StatusOr<Connection> ConnectAs(const Context& context, const Options& options) {
  Context own = context;
  own.cert = options.certificate;
  own.key = KeyPath(options);
  return Connect(own);
}

absl::StatusOr<std::string> NextKey(const Options& options) {
  if (options.same_key) return ReadFile(KeyPath(options));
  absl::StatusOr<std::string> kept = ReadFile(NextKeyPath(options));
  if (kept.ok()) return kept;  // of a request that did not get through
  ASSIGN_OR_RETURN(const std::string key, identity::NewPrivateKey());
  RETURN_IF_ERROR(CreateFile(NextKeyPath(options), key, 0600));
  return key;
}

int Waiting(const Context& context, const Options& options, const json::Value& request) {
  if (context.json) {
    PrintJson(request);
    return kNo;
  }
  fmt::print(
      "{} waits for the host's administrator\n  key code {}  (read it out when you are asked)\nthen: "
      "concordat pki "
      "renew {} --resume\n",
      json::TextOr(request, "request", ""), json::TextOr(request, "keyCode", ""), options.certificate);
  return kNo;
}

absl::StatusOr<json::Value> Ask(const Connection& connection, const Options& options,
                                const identity::Certificate& old) {
  ASSIGN_OR_RETURN(const identity::SpiffeId holder, identity::HolderOf(old));
  ASSIGN_OR_RETURN(const std::string key, NextKey(options));
  v1::CertificateSigningRequest request;
  ASSIGN_OR_RETURN(*request.mutable_request_pem(), identity::MakeSigningRequest(key, holder.name));
  ASSIGN_OR_RETURN(json::Value asked,
                   AskEnrolment(connection, &v1::EnrolmentService::Stub::RequestCertificate, request));
  RETURN_IF_ERROR(WriteFileAtomically(PendingPath(options), json::Compact(asked), 0600));
  return asked;
}

int Finish(const Context& context, const Options& options, const json::Value& request) {
  const std::string state = json::TextOr(request, "state", "");
  if (state == "waiting") return Waiting(context, options, request);
  unlink(PendingPath(options).c_str());
  if (state != "approved") {
    unlink(NextKeyPath(options).c_str());
    return Fail(absl::FailedPreconditionError(
        fmt::format("the renewal was refused: {}", json::TextOr(request, "reason", "no reason given"))));
  }
  Renewed renewed{json::TextOr(request, "certificate", ""), ""};
  const absl::StatusOr<std::string> key = NextKey(options);
  if (!key.ok()) return Fail(key.status());
  renewed.key = *key;
  const auto of_key = identity::KeyFingerprintOfKey(renewed.key);
  const auto of_certificate = identity::KeyFingerprintOfCertificate(renewed.certificate);
  if (!of_key.ok() || !of_certificate.ok() || *of_key != *of_certificate)
    return Fail(
        absl::DataLossError("the certificate that the host handed out is not for the key that asked for it"));
  const absl::Status replaced = Replace(options, renewed);
  if (!replaced.ok()) return Fail(replaced);
  unlink(NextKeyPath(options).c_str());
  return Told(context, options, renewed.certificate, "it is enrolled; the old one counts until it ends");
}

int RenewThere(const Context& context, const Options& options, const identity::Certificate& old) {
  if (!context.connected()) {
    return Fail(absl::InvalidArgumentError(fmt::format(
        "there is no authority in {} to sign with: run this where it is (--dir), or ask the host with the "
        "certificate itself (--host NAME:PORT --ca FILE)",
        options.folder)));
  }
  const absl::StatusOr<Connection> connection = ConnectAs(context, options);
  if (!connection.ok()) return Fail(connection.status());
  const absl::StatusOr<std::string> pending = ReadFile(PendingPath(options));
  absl::StatusOr<json::Value> request = pending.ok() ? json::Parse(*pending) : Ask(*connection, options, old);
  if (!request.ok()) return Fail(request.status());
  if (pending.ok() || options.wait > 0)
    request = Collect(*connection, json::TextOr(*request, "request", ""), options.wait);
  return request.ok() ? Finish(context, options, *request) : Fail(request.status());
}

int Renew(const Context& context, const Options& options) {
  const absl::StatusOr<std::string> pem = ReadFile(options.certificate);
  if (!pem.ok()) return Fail(pem.status());
  const absl::StatusOr<identity::Certificate> old = identity::ReadCertificate(*pem);
  if (!old.ok()) return Fail(Annotate(old.status(), options.certificate));
  const bool has_key = access(identity::PkiFilesIn(options.folder).authority_key.c_str(), R_OK) == 0;
  if (!has_key || options.resume) return RenewThere(context, options, *old);
  const absl::StatusOr<identity::Authority> authority = AuthorityIn(options.folder);
  if (!authority.ok()) return Fail(Annotate(authority.status(), options.folder));
  return RenewHere(context, options, *authority, *old);
}

}  // namespace

absl::StatusOr<json::Value> EnrolCertificate(const Connection& connection, const std::string& pem) {
  const auto stub = v1::AdminService::NewStub(connection.channel);
  v1::EnrolCertificateRequest request;
  request.set_certificate_pem(pem);
  return CallJson<v1::AdminService::Stub, v1::EnrolCertificateRequest, v1::AdminJson>(
      connection, *stub, &v1::AdminService::Stub::EnrolCertificate, request);
}

absl::StatusOr<json::Value> Collect(const Connection& connection, const std::string& id, int wait) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(wait);
  v1::CollectRequest request;
  request.set_request(id);
  while (true) {
    ASSIGN_OR_RETURN(json::Value told,
                     AskEnrolment(connection, &v1::EnrolmentService::Stub::CollectCertificate, request));
    if (json::TextOr(told, "state", "") != "waiting" || std::chrono::steady_clock::now() >= until)
      return told;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

void AddPkiRenew(CLI::App& pki, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* renew =
      AddVerb(pki, context, "renew", "a new certificate for the same holder, before the old one ends",
              "  concordat pki renew pki/constabulary-steward-pat.crt --host unix:data/run/concordat.sock   "
              "(with the authority)\n"
              "  concordat pki renew pki/host.crt                                                           "
              "(the host's own)\n"
              "  concordat pki renew pat.crt --host concordat.derwent.example:8443 --ca ca.crt              "
              "(a partner; a new key, "
              "which stays)\n"
              "  concordat pki renew pat.crt --resume --host concordat.derwent.example:8443 --ca ca.crt     "
              "(once it is approved)",
              [&context, options] { return Renew(context, *options); });
  renew->add_option("CERT", options->certificate, "the certificate; its key stands beside it, ending in .key")
      ->required();
  renew->add_option("--private-key", options->key, "its key, when it stands elsewhere");
  renew->add_option("--dir", options->folder, "folder of the authority, where that is")
      ->capture_default_str();
  renew->add_flag("--same-key", options->same_key, "keep the key; a new one is made otherwise");
  renew->add_flag("--resume", options->resume, "fetch what was asked for before");
  renew->add_option("--wait", options->wait, "seconds to wait for the administrator")->capture_default_str();
}

}  // namespace concordat::cli
