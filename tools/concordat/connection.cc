#include "tools/concordat/connection.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <cstdlib>

#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/base/files.h"
#include "host/identity/certificate.h"
#include "host/policy/fields.h"
#include "host/policy/reader.h"
#include "tools/concordat/connection_pem.h"

namespace concordat::cli {
namespace {

constexpr int kLargestReply = 64 << 20;
constexpr int kReconnectMs = 1000;
constexpr absl::Duration kEndsSoon = absl::Hours(24 * 30);

struct Address {
  std::string host;
  std::string ca;
  std::string cert;
  std::string key;
};

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Where the XDG Base Directory Specification has it.
std::string ProfilesPath() {
  const std::string folder = Environment("XDG_CONFIG_HOME");
  return (folder.empty() ? Environment("HOME") + "/.config" : folder) + "/concordat/config.yaml";
}

absl::StatusOr<Address> ReadProfile(const std::string& name) {
  const std::string path = ProfilesPath();
  auto source = std::make_shared<SourceText>();
  source->name = path;
  ASSIGN_OR_RETURN(source->text, ReadFile(path));
  Issues issues;
  const policy::Node profiles = policy::ReadYaml(source, issues)["profiles"];
  if (issues.has_errors()) return absl::InvalidArgumentError(RenderIssue(issues.list().front()));
  std::vector<std::string> names;
  for (const policy::Node::Member& member : profiles.members()) names.push_back(member.key);
  const policy::Node node = profiles[name];
  if (!node.is_map())
    return absl::NotFoundError(
        fmt::format("{} has no profile \"{}\"; {}", path, name, DidYouMean(name, names)));
  policy::Fields fields(node, "profile", issues);
  Address address{fields.Text("host"), fields.TextOr("ca", ""), fields.TextOr("cert", ""),
                  fields.TextOr("key", "")};
  fields.Finish();
  if (issues.has_errors()) return absl::InvalidArgumentError(RenderIssue(issues.list().front()));
  return address;
}

absl::StatusOr<Address> AddressOf(const Context& context) {
  Address address;
  if (!context.profile.empty()) {
    ASSIGN_OR_RETURN(address, ReadProfile(context.profile));
  }
  if (!context.host.empty()) address.host = context.host;
  if (!context.ca.empty()) address.ca = context.ca;
  if (!context.cert.empty()) address.cert = context.cert;
  if (!context.key.empty()) address.key = context.key;
  if (address.host.empty()) {
    return absl::InvalidArgumentError(
        "this needs a host: --host NAME:PORT --ca CA --cert CERT --key KEY, CONCORDAT_HOST ..., or --profile "
        "NAME");
  }
  return address;
}

absl::StatusOr<std::string> ReadPem(const std::string& path, std::string_view flag) {
  if (path.empty()) return absl::InvalidArgumentError(fmt::format("the connection needs {} FILE", flag));
  absl::StatusOr<std::string> pem = ReadFile(path);
  return pem.ok() ? pem : Annotate(pem.status(), flag);
}

grpc::ChannelArguments ArgumentsOfAll() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kLargestReply);
  // A person who tries again means now, not when gRPC's growing pauses are over.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMs);
  return arguments;
}

// Said while there is time; once it has ended the handshake would fail with words that nobody understands.
absl::Status SayWhenItEnds(const std::string& pem, const std::string& path) {
  const auto certificate = identity::ReadCertificate(pem);
  if (!certificate.ok()) return absl::OkStatus();  // the handshake says why
  const absl::Duration left = certificate->not_after - absl::Now();
  if (left <= absl::ZeroDuration()) {
    return absl::PermissionDeniedError(fmt::format(
        "your certificate {} ended on {}. It cannot renew itself any more: ask the host's administrator "
        "for an invitation (concordat partner invite) or a new certificate",
        path, TimeText(certificate->not_after)));
  }
  if (left < kEndsSoon) {
    fmt::print(stderr,
               "concordat: your certificate {} ends on {}, in {} days; renew it: concordat pki renew {}\n",
               path, TimeText(certificate->not_after), absl::ToInt64Hours(left) / 24, path);
  }
  return absl::OkStatus();
}

}  // namespace

Connection ConnectWith(const std::string& host, const std::string& ca_pem, const std::string& cert_pem,
                       const std::string& key_pem) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = ca_pem;
  options.pem_cert_chain = cert_pem;
  options.pem_private_key = key_pem;
  const auto credentials = grpc::SslCredentials(options);
  return {grpc::CreateCustomChannel(host, credentials, ArgumentsOfAll()), host, cert_pem, key_pem};
}

absl::StatusOr<Connection> Connect(const Context& context) {
  ASSIGN_OR_RETURN(const Address address, AddressOf(context));
  if (address.host.rfind("unix:", 0) == 0) {
    Connection connection;
    connection.host = address.host;
    connection.channel =
        grpc::CreateCustomChannel(address.host, grpc::InsecureChannelCredentials(), ArgumentsOfAll());
    return connection;
  }
  ASSIGN_OR_RETURN(const std::string ca, ReadPem(address.ca, "--ca"));
  ASSIGN_OR_RETURN(const std::string cert, ReadPem(address.cert, "--cert"));
  ASSIGN_OR_RETURN(const std::string key, ReadPem(address.key, "--key"));
  RETURN_IF_ERROR(SayWhenItEnds(cert, address.cert));
  return ConnectWith(address.host, ca, cert, key);
}

absl::Status FromGrpc(const grpc::Status& status, const Connection& connection) {
  if (status.ok()) return absl::OkStatus();
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  // With details it is the host that says so: it is there, and something of its own is not.
  if (code == absl::StatusCode::kUnavailable && status.error_details().empty()) {
    if (status.error_message().find("is not in peer certificate") != std::string::npos) {
      return absl::UnavailableError(fmt::format(
          "the host at {0} has a certificate for another name than {1}: call it by the name that its "
          "certificate has (--host NAME:PORT); its administrator gives it names with: concordat pki init "
          "--name "
          "NAME",
          connection.host, connection.host.substr(0, connection.host.rfind(':'))));
    }
    return absl::UnavailableError(fmt::format(
        "the host {} cannot be reached: {}. Is it running, and do --ca, --cert and --key belong to it?",
        connection.host, status.error_message()));
  }
  return absl::Status(code, status.error_message());
}

}  // namespace concordat::cli
