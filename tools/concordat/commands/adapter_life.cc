// concordat adapter sign, install, upgrade, enable, disable, reload: for whoever runs a host.
#include <filesystem>

#include "concordat/v1/adapter.grpc.pb.h"
#include "fmt/format.h"
#include "host/adapters/library_check.h"
#include "host/adapters/trust.h"
#include "host/base/digest.h"
#include "host/base/files.h"
#include "host/policy/reader.h"
#include "tools/concordat/commands/adapter.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/render/members.h"

namespace concordat::cli {
namespace {

using Stub = v1::AdapterService::Stub;

/// NAME or NAME@VERSION.
struct Named {
  std::string adapter;
  std::string version;

  static Named From(const std::string& text) {
    const size_t at = text.find('@');
    if (at == std::string::npos) return {text, ""};
    return {text.substr(0, at), text.substr(at + 1)};
  }
};

template <typename Request>
int Change(const Context& context,
           grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, v1::AdapterJson*),
           const Request& request) {
  const auto ask = [&]() -> absl::StatusOr<json::Value> {
    ASSIGN_OR_RETURN(const Connection connection, Connect(context));
    const auto stub = v1::AdapterService::NewStub(connection.channel);
    return CallJson<Stub, Request, v1::AdapterJson>(connection, *stub, method, request);
  };
  const absl::StatusOr<json::Value> answer = ask();
  if (!answer.ok()) return Fail(answer.status());
  if (context.json) {
    PrintJson(*answer);
  } else {
    fmt::print("{}\n", json::TextOr(*answer, "did", ""));
  }
  return kFine;
}

struct ChangeOptions {
  std::string name;
  std::string reason;
  std::string feed;
};

v1::ChangeAdapterRequest RequestOf(const ChangeOptions& options) {
  const Named named = Named::From(options.name);
  v1::ChangeAdapterRequest request;
  request.set_adapter(named.adapter);
  request.set_version(named.version);
  request.set_reason(options.reason);
  request.set_feed(options.feed);
  return request;
}

int Enable(const Context& context, const ChangeOptions& options) {
  return Change(context, options.feed.empty() ? &Stub::EnableAdapter : &Stub::LiftQuarantine,
                RequestOf(options));
}

struct UpgradeOptions {
  std::string name;
  std::string folder;
  std::string version;
  std::string reason;
};

int Upgrade(const Context& context, const UpgradeOptions& options) {
  if (!options.folder.empty() && !options.version.empty())
    return Fail(absl::InvalidArgumentError(
        "give a folder to install, or --to a version that is installed, not both"));
  v1::UpgradeAdapterRequest request;
  request.set_adapter(options.name);
  request.set_version(options.version);
  request.set_reason(options.reason);
  if (!options.folder.empty()) {
    std::error_code error;
    request.set_folder(std::filesystem::absolute(options.folder, error).lexically_normal().string());
  }
  return Change(context, &Stub::UpgradeAdapter, request);
}

int Reload(const Context& context) {
  const auto ask = [&]() -> absl::StatusOr<json::Value> {
    ASSIGN_OR_RETURN(const Connection connection, Connect(context));
    const auto stub = v1::AdapterService::NewStub(connection.channel);
    return CallJson<Stub, v1::AdapterRequest, v1::AdapterJson>(connection, *stub, &Stub::ReloadAdapters,
                                                               v1::AdapterRequest());
  };
  const absl::StatusOr<json::Value> answer = ask();
  if (!answer.ok()) return Fail(answer.status());
  const auto& issues = ItemsOf(*answer, "issues");
  if (context.json) {
    PrintJson(*answer);
  } else {
    for (const json::Value& issue : issues) {
      fmt::print(stderr, "{}:{}: {}\n", json::TextOr(issue, "file", ""), CountOf(issue, "line"),
                 json::TextOr(issue, "message", ""));
    }
    size_t taken = 0;
    for (const json::Value& adapter : ItemsOf(*answer, "adapters"))
      taken += json::TextOr(adapter, "state", "") == "refused" ? 0 : 1;
    fmt::print("{} adapters are installed, {} were left out\n", taken,
               ItemsOf(*answer, "adapters").size() - taken);
  }
  return issues.empty() ? kFine : kNo;
}

struct SignOptions {
  std::string folder;
  std::string key;
  std::string new_key;
};

struct Signed {
  std::string name;
  std::string version;
  std::string digest;
  std::string key_id;
};

std::string PublicFileOf(const std::string& key) {
  return std::filesystem::path(key).replace_extension(".pub").string();
}

// The private one for its owner alone, the public one beside it.
absl::Status MakeKey(const std::string& path) {
  if (PublicFileOf(path) == path)
    return absl::InvalidArgumentError("name the file of the private key, such as adapters.pem");
  ASSIGN_OR_RETURN(const Signer signer, Signer::Generate());
  std::error_code error;
  for (const std::string& file : {path, PublicFileOf(path)}) {
    if (!std::filesystem::exists(file, error)) continue;
    return absl::FailedPreconditionError(
        fmt::format("{0} is there already, and a key is never overwritten: sign with it (--key {1}), or name "
                    "another file",
                    file, path));
  }
  RETURN_IF_ERROR(CreateFile(path, signer.ToPem(), 0600));
  return CreateFile(PublicFileOf(path), signer.PublicPem());
}

// What nobody could run must not bear a signature.
absl::StatusOr<adapters::Manifest> Fit(const std::string& folder, const std::string& text,
                                       const std::string& library) {
  Issues issues;
  const policy::Node document = policy::ReadYaml(
      std::make_shared<const SourceText>(SourceText{folder + "/adapter.yaml", text}), issues);
  adapters::Manifest manifest = adapters::ReadManifest(document, issues);
  // A damaged signature is about to be replaced.
  for (const Issue& issue : issues.list()) {
    if (issue.severity == IssueSeverity::kError && issue.code != "bad-signature")
      return absl::FailedPreconditionError(RenderIssue(issue));
  }
  std::string why = library.empty() ? "" : adapters::WhyNoAdapter(library, manifest.library);
  if (why.empty()) why = adapters::WhyOtherAbi(manifest);
  if (!why.empty()) return absl::FailedPreconditionError(fmt::format("it was not signed: {}", why));
  return manifest;
}

absl::StatusOr<Signed> SignFolder(const std::string& folder, const std::string& key) {
  ASSIGN_OR_RETURN(const std::string pem, ReadFile(key));
  const absl::StatusOr<Signer> signer = Signer::FromPem(pem);
  if (!signer.ok()) return Annotate(signer.status(), key);
  const std::string path = folder + "/adapter.yaml";
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  ASSIGN_OR_RETURN(const adapters::Manifest unread, Fit(folder, text, ""));
  const absl::StatusOr<std::string> library_read = ReadFile(folder + "/" + unread.library);
  if (absl::IsNotFound(library_read.status())) {
    return absl::NotFoundError(
        fmt::format("{0} has no {1}: sign the folder that `concordat adapter build {0}` makes, "
                    "{0}/build/adapters/{2}",
                    folder, unread.library, unread.name));
  }
  RETURN_IF_ERROR(library_read.status());
  const std::string& library = *library_read;
  ASSIGN_OR_RETURN(const adapters::Manifest manifest, Fit(folder, text, library));
  const std::string digest = DigestOf(library);
  const absl::StatusOr<std::string> written = adapters::SignManifest(text, digest, *signer);
  if (!written.ok()) return Annotate(written.status(), path);
  RETURN_IF_ERROR(WriteFileAtomically(path, *written));
  return Signed{manifest.name, manifest.version, digest, adapters::KeyId(signer->PublicKey())};
}

absl::StatusOr<json::Object> Sign(const SignOptions& options) {
  const std::string key = options.new_key.empty() ? options.key : options.new_key;
  if (key.empty()) return absl::InvalidArgumentError("name the key that signs: --key ed25519.pem");
  if (options.folder.empty() && options.new_key.empty())
    return absl::InvalidArgumentError("name the adapter's folder, or make a key with --new-key FILE");
  json::Object done;
  if (!options.new_key.empty()) {
    RETURN_IF_ERROR(MakeKey(key));
    ASSIGN_OR_RETURN(const adapters::TrustedKey trusted, adapters::ReadTrustedKey(PublicFileOf(key)));
    done["key"] = key;
    done["publicKey"] = trusted.file;
    done["keyId"] = trusted.id;
  }
  if (options.folder.empty()) return done;
  ASSIGN_OR_RETURN(const Signed made, SignFolder(options.folder, key));
  done["adapter"] = made.name;
  done["version"] = made.version;
  done["digest"] = made.digest;
  done["keyId"] = made.key_id;
  return done;
}

int RunSign(const Context& context, const SignOptions& options) {
  const absl::StatusOr<json::Object> done = Sign(options);
  if (!done.ok()) return Fail(done.status());
  if (context.json) {
    PrintJson(*done);
    return kFine;
  }
  const std::string id = json::TextOr(*done, "keyId", "");
  if (done->contains("key")) {
    fmt::print("key {}: {} (keep it from everybody) and {}\n", id, json::TextOr(*done, "key", ""),
               json::TextOr(*done, "publicKey", ""));
    fmt::print(
        "a host trusts it once its concordat.yaml says trust: {{keys: [{}]}} and it was started anew\n",
        json::TextOr(*done, "publicKey", ""));
  }
  if (done->contains("adapter")) {
    fmt::print("{} {} is signed with key {}\n  {}\n", json::TextOr(*done, "adapter", ""),
               json::TextOr(*done, "version", ""), id, json::TextOr(*done, "digest", ""));
  }
  return kFine;
}

void AddSign(CLI::App& noun, Context& context) {
  auto options = std::make_shared<SignOptions>();
  CLI::App* verb = AddVerb(
      noun, context, "sign", "vouch for an adapter: writes digest and signature into its adapter.yaml",
      "  concordat adapter sign --new-key adapters.pem      (makes adapters.pem and adapters.pub)\n"
      "  concordat adapter sign build/gauges --key adapters.pem\n"
      "  openssl genpkey -algorithm ed25519 -out adapters.pem   (makes a key, too)",
      [&context, options] { return RunSign(context, *options); });
  verb->add_option("DIR", options->folder, "folder with adapter.yaml and its library");
  verb->add_option("--key", options->key, "Ed25519 private key, PEM");
  verb->add_option("--new-key", options->new_key,
                   "make a key in this file, and its public half beside it as .pub")
      ->excludes("--key");
}

void AddInstallAndUpgrade(CLI::App& noun, Context& context) {
  auto install = std::make_shared<UpgradeOptions>();
  CLI::App* verb = AddVerb(noun, context, "install", "install a version on the host and put it in use",
                           "  concordat adapter install build/gauges --host unix:data/run/concordat.sock",
                           [&context, install] { return Upgrade(context, *install); });
  verb->add_option("DIR", install->folder, "folder on the host's machine: adapter.yaml and its library")
      ->required();
  verb->add_option("--reason", install->reason, "for the audit log");
  auto options = std::make_shared<UpgradeOptions>();
  verb = AddVerb(
      noun, context, "upgrade", "put another version in use; submissions under way finish on the old one",
      "  concordat adapter upgrade gauges build/gauges --host unix:data/run/concordat.sock\n"
      "  concordat adapter upgrade gauges --to 1.1.0 --reason \"1.2.0 loses a column\"   (back again)\n"
      "  concordat adapter upgrade gauges       (the newest that is installed)",
      [&context, options] { return Upgrade(context, *options); });
  verb->add_option("NAME", options->name, "adapter")->required();
  verb->add_option("DIR", options->folder,
                   "folder on the host's machine with the new version, installed first");
  verb->add_option("--to", options->version, "a version that is installed");
  verb->add_option("--reason", options->reason, "for the audit log");
}

void AddEnableAndDisable(CLI::App& noun, Context& context) {
  auto enable = std::make_shared<ChangeOptions>();
  CLI::App* verb =
      AddVerb(noun, context, "enable", "end the disablement or quarantine of an adapter",
              "  concordat adapter enable gauges@1.2.0 --reason \"the file was damaged\"\n"
              "  concordat adapter enable gauges@1.2.0 --feed river-levels      (only for this feed)",
              [&context, enable] { return Enable(context, *enable); });
  verb->add_option("NAME", enable->name, "adapter, or NAME@VERSION")->required();
  verb->add_option("--reason", enable->reason, "for the audit log");
  verb->add_option("--feed", enable->feed, "end only the quarantine for this feed");
  auto disable = std::make_shared<ChangeOptions>();
  verb = AddVerb(noun, context, "disable", "refuse new submissions through an adapter, or one version of it",
                 "  concordat adapter disable gauges --reason \"loses records; see the note of 3 May\"\n"
                 "  concordat adapter disable gauges@1.2.0 --reason \"...\"      (others go on)",
                 [&context, disable] { return Change(context, &Stub::DisableAdapter, RequestOf(*disable)); });
  verb->add_option("NAME", disable->name, "adapter, or NAME@VERSION")->required();
  verb->add_option("--reason", disable->reason, "shown to the stewards whose files are refused")->required();
}

}  // namespace

void AddAdapterLife(CLI::App& noun, Context& context) {
  AddSign(noun, context);
  AddInstallAndUpgrade(noun, context);
  AddEnableAndDisable(noun, context);
  AddVerb(noun, context, "reload", "have the host read its adapters' folders again",
          "  concordat adapter reload --host unix:data/run/concordat.sock",
          [&context] { return Reload(context); });
}

}  // namespace concordat::cli
