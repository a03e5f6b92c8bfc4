// concordatd: the host. Reads its configuration, builds one Host, waits for a signal.
#include <signal.h>

#include <cstdio>
#include <filesystem>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"
#include "fmt/format.h"
#include "host/base/files.h"
#include "host/policy/reader.h"
#include "host/server/host.h"
#include "host/server/log_line.h"
#include "host/server/tls.h"
#include "host/store/administration.h"

namespace {

using concordat::server::Config;

// Flags that were given win over the file.
struct Flags {
  std::string config = "concordat.yaml";
  bool undo_upgrade = false;
  Config values;
};

void Declare(CLI::App& app, Flags& flags) {
  app.add_option("--config", flags.config, "configuration file")->capture_default_str();
  app.add_option("--listen", flags.values.listen, "host:port for mutual TLS 1.3");
  app.add_option("--socket", flags.values.socket, "UNIX socket for local administration");
  app.add_option("--data-dir", flags.values.data_dir, "store, log, spool");
  app.add_option("--store-key", flags.values.store_key,
                 "key of what is confidential in the store; kept apart from the data");
  app.add_option("--signing-key", flags.values.signing_key, "key of receipts and checkpoints, Ed25519, PEM");
  app.add_flag(
      "--undo-upgrade", flags.undo_upgrade,
      "put the store back as it was before its schema was upgraded, and end; refused once something was "
      "stored since");
  app.add_option("--policies", flags.values.policies, "folder of policies");
  app.add_option("--adapters", flags.values.adapters, "folders of adapters");
  app.add_option("--worker", flags.values.worker, "path of concordat-worker");
  app.add_option("--inbox", flags.values.inbox, "folder of the inboxes: one a feed, made at the start");
  app.add_option("--tls-cert", flags.values.tls_cert, "the host's certificate, PEM");
  app.add_option("--tls-key", flags.values.tls_key, "its key, PEM");
  app.add_option("--tls-client-ca", flags.values.tls_client_ca, "the authority of client certificates, PEM");
  app.footer(
      "Example:\n  concordat pki init --dir pki --trust-domain derwent.example\n  concordatd --config "
      "concordat.yaml\n"
      "Signals: SIGHUP reads the policies again; SIGTERM and SIGINT end it once running calls are done.");
}

template <typename T>
void Override(const CLI::App& app, const char* flag, T& target, const T& given) {
  if (app.count(flag) > 0) target = given;
}

absl::StatusOr<Config> LoadConfig(const CLI::App& app, const Flags& flags) {
  Config config;
  if (app.count("--config") > 0 || std::filesystem::exists(flags.config)) {
    auto source = std::make_shared<concordat::SourceText>();
    source->name = flags.config;
    ASSIGN_OR_RETURN(source->text, concordat::ReadFile(flags.config));
    concordat::Issues issues;
    const concordat::policy::Node document = concordat::policy::ReadYaml(source, issues);
    std::error_code error;
    config = concordat::server::ReadConfig(
        document, std::filesystem::path(flags.config).parent_path().string(), issues);
    config.file = std::filesystem::absolute(flags.config, error).string();
    std::string mistakes;
    for (const concordat::Issue& issue : issues.list()) mistakes += RenderIssue(issue);
    if (issues.has_errors()) return absl::InvalidArgumentError(mistakes);
  }
  const Config& given = flags.values;
  Override(app, "--listen", config.listen, given.listen);
  Override(app, "--socket", config.socket, given.socket);
  Override(app, "--data-dir", config.data_dir, given.data_dir);
  Override(app, "--store-key", config.store_key, given.store_key);
  Override(app, "--signing-key", config.signing_key, given.signing_key);
  Override(app, "--policies", config.policies, given.policies);
  Override(app, "--adapters", config.adapters, given.adapters);
  Override(app, "--worker", config.worker, given.worker);
  Override(app, "--inbox", config.inbox, given.inbox);
  Override(app, "--tls-cert", config.tls_cert, given.tls_cert);
  Override(app, "--tls-key", config.tls_key, given.tls_key);
  Override(app, "--tls-client-ca", config.tls_client_ca, given.tls_client_ca);
  concordat::server::FillDefaults(config, std::filesystem::read_symlink("/proc/self/exe").string());
  return config;
}

int UndoUpgrade(const Config& config) {
  const absl::StatusOr<std::string> undone = concordat::store::UndoUpgrade(config.data_dir + "/store");
  if (!undone.ok()) {
    fmt::print(stderr, "concordatd: {}\n", concordat::MessageOf(undone.status()));
    return absl::IsFailedPrecondition(undone.status()) ? 1 : 2;
  }
  fmt::print("{}\n", *undone);
  return 0;
}

int WaitForSignals(concordat::server::Host& host, const sigset_t& signals) {
  while (true) {
    int signal = 0;
    sigwait(&signals, &signal);
    if (signal == SIGHUP) {
      // A bad folder is said in the log; the old policies stay in force.
      host.Reload().IgnoreError();
      continue;
    }
    concordat::server::LogLine("shutting down: running calls have 30 seconds");
    host.Shutdown(30);
    concordat::server::LogLine("stopped");
    return 0;
  }
}

int Run(const CLI::App& app, const Flags& flags) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGHUP, SIGINT, SIGTERM}) sigaddset(&signals, signal);
  // Before any thread exists, so that only sigwait takes them.
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  concordat::server::RefuseTls12();
  const absl::StatusOr<Config> config = LoadConfig(app, flags);
  if (!config.ok()) {
    fmt::print(stderr, "concordatd: {}\n", concordat::MessageOf(config.status()));
    return 3;
  }
  if (flags.undo_upgrade) return UndoUpgrade(*config);
  const auto host = concordat::server::Host::Start(*config);
  if (!host.ok()) {
    fmt::print(stderr, "concordatd: {}\n", concordat::MessageOf(host.status()));
    return 2;
  }
  concordat::server::LogLine(
      fmt::format("listening on {} (mutual TLS 1.3) and {}", (*host)->address(), config->socket));
  return WaitForSignals(**host, signals);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("concordatd: the host that makes a partnership's agreements about data come true");
  Flags flags;
  Declare(app, flags);
  CLI11_PARSE(app, argc, argv);
  return Run(app, flags);
}
