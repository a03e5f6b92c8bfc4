#include "host/server/host.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "fmt/format.h"
#include "host/base/files.h"
#include "host/flows/adapter_life.h"
#include "host/flows/backup.h"
#include "host/flows/certificate_ends.h"
#include "host/flows/erase.h"
#include "host/flows/exchange.h"
#include "host/flows/policy_archive.h"
#include "host/flows/policy_change.h"
#include "host/flows/protocol_proposals.h"
#include "host/server/adapter_service.h"
#include "host/server/admin_service.h"
#include "host/server/assessment_service.h"
#include "host/server/audit_service.h"
#include "host/server/catalog_service.h"
#include "host/server/enrolment_service.h"
#include "host/server/exchange_service.h"
#include "host/server/inbox_watch.h"
#include "host/server/log_line.h"
#include "host/server/obligation_service.h"
#include "host/server/protocol_service.h"
#include "host/server/quality_policy_service.h"
#include "host/server/quality_service.h"
#include "host/server/store_key.h"
#include "host/server/submission_service.h"
#include "host/server/tls.h"

namespace concordat::server {
namespace {

constexpr int kLargestMessage = 2 << 20;

std::string Rendered(const Issues& issues) {
  std::string text;
  for (const Issue& issue : issues.list()) text += RenderIssue(issue);
  return text;
}

// Made at the first start only: a key that is lost or unreadable later is not replaced in silence.
absl::StatusOr<audit::Signer> OpenSigningKey(const std::string& path, const std::string& log_folder) {
  const absl::StatusOr<std::string> pem = ReadFile(path);
  if (pem.ok()) return audit::Signer::FromPem(*pem);
  if (!absl::IsNotFound(pem.status())) return Annotate(pem.status(), "the signing key");
  std::error_code error;
  if (std::filesystem::exists(log_folder + "/checkpoint", error) || error) {
    return absl::FailedPreconditionError(fmt::format(
        "the signing key {} is missing, and the log in {} is signed with it: put the file back (from its own "
        "backup), or name the place where it is with signing_key (or --signing-key)",
        path, log_folder));
  }
  ASSIGN_OR_RETURN(audit::Signer signer, audit::Signer::Generate());
  RETURN_IF_ERROR(WriteFileAtomically(path, signer.ToPem(), 0600));
  RETURN_IF_ERROR(WriteFileAtomically(std::filesystem::path(path).replace_extension(".pub").string(),
                                      signer.PublicPem()));
  return signer;
}

absl::Status MakeDataFolders(const Config& config) {
  RETURN_IF_ERROR(MakeFolders(config.data_dir, 0700));
  for (const char* folder : {"/spool", "/sources", "/store", "/audit"})
    RETURN_IF_ERROR(MakeFolders(config.data_dir + folder, 0700));
  // Whoever can enter the socket's folder is an administrator, so only its owner may.
  const std::string folder = std::filesystem::path(config.socket).parent_path().string();
  RETURN_IF_ERROR(MakeFolders(folder, 0700));
  struct stat facts;
  if (stat(folder.c_str(), &facts) != 0 || (facts.st_mode & 077) != 0) {
    return absl::FailedPreconditionError(
        fmt::format("{} may be entered by others than its owner: chmod 700 it", folder));
  }
  return absl::OkStatus();
}

flows::HostFiles FilesOf(const Config& config) {
  return {config.file,     config.store_key, config.signing_key,
          config.tls_cert, config.tls_key,   config.tls_client_ca,
          config.trust_keys};
}

// What a crash left in the spool was never acknowledged.
void ClearSpool(const std::string& folder) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
    std::filesystem::remove(entry.path(), ignored);
}

}  // namespace

struct Host::Parts {
  Config config;
  SystemClock clock;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<audit::Log> log;
  adapters::CatalogHolder catalog;
  std::unique_ptr<flows::PolicyHolder> policies;
  flows::Turns turns;
  flows::FactsCache facts;
  flows::HostParts host;
  absl::StatusOr<adapters::SandboxState> sandbox;
  std::unique_ptr<Pool> pool;
  std::unique_ptr<Admission> submissions;
  KnownCertificates certificates;
  std::unique_ptr<InboxWatch> inbox;  // null: no inbox is set up
  ServerParts server_parts;
  std::vector<std::unique_ptr<grpc::Service>> services;
  std::unique_ptr<grpc::Server> server;
  std::string address;
  absl::Time started = absl::Now();
  std::unique_ptr<flows::PolicyArchive> archive;
  std::mutex changing_policies;  // one change at a time

  std::mutex purging_mutex;
  std::condition_variable stop_purging;
  bool ending = false;  // guarded by purging_mutex
  std::thread purging;

  ~Parts();
  absl::Status OpenStorage();
  void ProbeSandbox();
  absl::StatusOr<flows::AdapterRules> ReadAdapterRules() const;
  absl::Status LoadAdapters();
  absl::Status OpenLog();
  absl::Status Purge();
  void PurgeDaily();
  absl::Status LoadPolicies();
  absl::Status EnterFirstPolicies();
  void BuildServices();
  absl::Status Listen();
  absl::Status WatchInboxes();
  absl::StatusOr<json::Value> InboxesFor(const flows::Caller& caller, const PartnerId& partner) const;
  absl::Status Reload(const std::string& by, Issues& issues);
  absl::StatusOr<json::Value> Propose(const flows::Proposal& proposal, Issues& issues);
  absl::Status RollBack(const std::string& by, const std::string& digest, const std::string& reason);
  absl::StatusOr<std::shared_ptr<const flows::LoadedPolicies>> KeptPolicies(const std::string& digest) const;
  absl::Status PutInForce(std::shared_ptr<const flows::LoadedPolicies> loaded, flows::PolicyEntry entry);
  json::Value StatusJson() const;
};

absl::StatusOr<flows::AdapterRules> Host::Parts::ReadAdapterRules() const {
  flows::AdapterRules rules;
  rules.folders = config.adapters;
  rules.installed = config.data_dir + "/adapters";
  RETURN_IF_ERROR(MakeFolders(rules.installed, 0700));
  rules.folders.push_back(rules.installed);
  rules.trust.own_folder = config.own_adapters;
  rules.trust.unsigned_names = config.trust_unsigned;
  for (const std::string& path : config.trust_keys) {
    absl::StatusOr<adapters::TrustedKey> key = adapters::ReadTrustedKey(path);
    if (!key.ok()) return Annotate(key.status(), "a key under trust: {keys: [...]}");
    rules.trust.keys.push_back(*std::move(key));
  }
  rules.failures = static_cast<uint64_t>(config.adapter_failures);
  return rules;
}

absl::Status Host::Parts::LoadAdapters() {
  ASSIGN_OR_RETURN(host.adapter_rules, ReadAdapterRules());
  host.catalog = &catalog;
  Issues issues;
  RETURN_IF_ERROR(flows::ReadAdapters(host, issues));
  for (const Issue& issue : issues.list()) LogLine("adapter left out: " + RenderIssue(issue));
  for (const adapters::Manifest& manifest : catalog.Get()->all()) {
    if (!manifest.unfit.empty())
      LogLine(
          fmt::format("adapter {} {} cannot run here: {}", manifest.name, manifest.version, manifest.unfit));
  }
  return absl::OkStatus();
}

absl::Status Host::Parts::LoadPolicies() {
  Issues mistakes;
  ASSIGN_OR_RETURN(const std::vector<policy::Addition> proposals,
                   flows::ReadProposals(config.data_dir + "/proposals"));
  auto loaded = flows::LoadPolicies(config.policies, catalog.Get().get(), mistakes, proposals);
  if (loaded == nullptr) {
    return absl::FailedPreconditionError(
        fmt::format("{}the policies in {} have mistakes; run: concordat policy lint {}", Rendered(mistakes),
                    config.policies, config.policies));
  }
  policies = std::make_unique<flows::PolicyHolder>(std::move(loaded));
  return absl::OkStatus();
}

absl::Status Host::Parts::OpenStorage() {
  RETURN_IF_ERROR(MakeDataFolders(config));
  ClearSpool(config.data_dir + "/spool");
  flows::ClearBackups(config.data_dir);
  const std::string store_folder = config.data_dir + "/store";
  ASSIGN_OR_RETURN(const std::string key, OpenStoreKey(config.store_key, config.data_dir, store_folder));
  ASSIGN_OR_RETURN(store, store::OpenSqliteStore(store_folder, key));
  host.clock = &clock;
  host.store = store.get();
  host.turns = &turns;
  host.facts = &facts;
  host.data_dir = config.data_dir;
  host.worker = config.worker;
  host.limits.time = absl::Seconds(config.adapter_seconds);
  host.limits.total = absl::Seconds(config.adapter_total_seconds);
  host.limits.sandbox = config.sandbox;
  host.limits.memory_bytes = static_cast<uint64_t>(config.adapter_memory_mb) << 20;
  return absl::OkStatus();
}

absl::Status Host::Parts::OpenLog() {
  ASSIGN_OR_RETURN(audit::Signer signer, OpenSigningKey(config.signing_key, config.data_dir + "/audit"));
  const std::string origin = policies->Get()->set->partnership.trust_domain + "/concordat";
  ASSIGN_OR_RETURN(log, audit::Log::Open(config.data_dir + "/audit", origin, std::move(signer)));
  host.log = log.get();
  host.policies = policies.get();
  host.host_name = origin;
  RETURN_IF_ERROR(flows::CloseBrokenTransfers(host));
  return Purge();
}

// A host whose sandbox is not whole serves what needs no adapter; every run says for itself what is missing.
void Host::Parts::ProbeSandbox() {
  sandbox = adapters::ProbeSandbox(config.worker);
  const absl::Status enough = sandbox.ok() ? Suffices(*sandbox, config.sandbox) : sandbox.status();
  if (!enough.ok()) return LogLine(MessageOf(enough));
  if (!sandbox->Has(config.sandbox.preferred))
    LogLine(fmt::format("the sandbox is without a preferred layer: {}", sandbox->missing));
}

absl::Status Host::Parts::Purge() {
  ASSIGN_OR_RETURN(const json::Value erased, flows::PurgeByRetention(host));
  const size_t count = erased.as_array().size();
  if (count > 0) LogLine(fmt::format("{} submissions past their retention are erased", count));
  return absl::OkStatus();
}

void Host::Parts::PurgeDaily() {
  purging = std::thread([this] {
    std::unique_lock lock(purging_mutex);
    while (!stop_purging.wait_for(lock, std::chrono::hours(24), [this] { return ending; })) {
      const absl::Status purged = Purge();
      if (!purged.ok())
        LogLine("the daily purge failed, tomorrow is the next: " + std::string(MessageOf(purged)));
    }
  });
}

Host::Parts::~Parts() {
  {
    const std::lock_guard lock(purging_mutex);
    ending = true;
  }
  stop_purging.notify_all();
  if (purging.joinable()) purging.join();
}

void Host::Parts::BuildServices() {
  const size_t cores = std::max<size_t>(4, std::thread::hardware_concurrency());
  const size_t threads = config.threads > 0 ? static_cast<size_t>(config.threads) : cores;
  // Every upload that judges holds a thread; small calls must still find one.
  pool = std::make_unique<Pool>(threads + static_cast<size_t>(config.max_submissions));
  submissions = std::make_unique<Admission>(static_cast<size_t>(config.max_submissions));
  server_parts.host = &host;
  server_parts.pool = pool.get();
  server_parts.submissions = submissions.get();
  server_parts.certificates = &certificates;
  server_parts.trust_domain = policies->Get()->set->partnership.trust_domain;
  server_parts.archive = archive.get();
  server_parts.reload_policies = [this](const flows::Caller& caller, Issues& issues) {
    return Reload(caller.spiffe_id, issues);
  };
  server_parts.roll_back = [this](const flows::Caller& caller, const std::string& digest,
                                  const std::string& reason) {
    return RollBack(caller.spiffe_id, digest, reason);
  };
  server_parts.propose = [this](const flows::Proposal& proposal, Issues& issues) {
    return Propose(proposal, issues);
  };
  if (!config.inbox.empty()) {
    flows::InboxSettings settings{std::filesystem::absolute(config.inbox).lexically_normal().string(),
                                  config.inbox_settle};
    inbox = std::make_unique<InboxWatch>(std::make_unique<flows::Inboxes>(host, std::move(settings)), *pool,
                                         *submissions);
  }
  server_parts.inboxes = [this](const flows::Caller& caller, const PartnerId& partner) {
    return InboxesFor(caller, partner);
  };
  server_parts.host_status = [this] { return StatusJson(); };
  services.push_back(std::make_unique<SubmissionServiceImpl>(server_parts));
  services.push_back(std::make_unique<ExchangeServiceImpl>(server_parts));
  services.push_back(std::make_unique<ProtocolServiceImpl>(server_parts));
  services.push_back(std::make_unique<AssessmentServiceImpl>(server_parts));
  services.push_back(std::make_unique<CatalogServiceImpl>(server_parts));
  services.push_back(std::make_unique<AuditServiceImpl>(server_parts));
  services.push_back(std::make_unique<AdminServiceImpl>(server_parts, FilesOf(config)));
  services.push_back(std::make_unique<EnrolmentServiceImpl>(server_parts));
  services.push_back(std::make_unique<AdapterServiceImpl>(server_parts));
  services.push_back(std::make_unique<ObligationServiceImpl>(server_parts));
  services.push_back(std::make_unique<QualityServiceImpl>(server_parts));
  services.push_back(std::make_unique<QualityPolicyServiceImpl>(server_parts));
}

absl::Status Host::Parts::Listen() {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  ASSIGN_OR_RETURN(const std::shared_ptr<grpc::ServerCredentials> credentials,
                   MutualTls(config.tls_cert, config.tls_key, config.tls_client_ca));
  grpc::ServerBuilder builder;
  int port = 0;
  // Debian's gRPC would otherwise start a second host on the same port in silence.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetMaxReceiveMessageSize(kLargestMessage);
  builder.AddListeningPort(config.listen, credentials, &port);
  unlink(config.socket.c_str());
  builder.AddListeningPort("unix:" + config.socket, grpc::InsecureServerCredentials());
  for (const auto& service : services) builder.RegisterService(service.get());
  server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    return absl::UnavailableError(fmt::format("cannot listen on {} and {}: is another host running there?",
                                              config.listen, config.socket));
  }
  address = fmt::format("{}:{}", config.listen.substr(0, config.listen.rfind(':')), port);
  return absl::OkStatus();
}

// What was put back by hand stays over a restart while the folder is what it was then.
absl::Status Host::Parts::EnterFirstPolicies() {
  ASSIGN_OR_RETURN(archive, flows::PolicyArchive::Open(config.data_dir + "/policies"));
  const auto of_folder = policies->Get();
  const std::vector<flows::PolicyEntry> history = archive->History();
  if (history.empty() || history.back().how != "rollback" ||
      history.back().instead_of != of_folder->set->digest) {
    const flows::PolicyEntry entry{of_folder->set->digest, clock.Now(), "start", "", "", ""};
    if (!history.empty()) RETURN_IF_ERROR(flows::RecordPolicyChange(host, entry, history.back().digest));
    return archive->Enter(*of_folder->set, entry);
  }
  ASSIGN_OR_RETURN(auto kept, KeptPolicies(history.back().digest));
  LogLine(fmt::format("the policies put back on {} are in force ({}): {}; those of {} come with a reload",
                      TimeText(history.back().since), history.back().reason, kept->set->digest,
                      config.policies));
  policies->Replace(std::move(kept));
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const flows::LoadedPolicies>> Host::Parts::KeptPolicies(
    const std::string& digest) const {
  ASSIGN_OR_RETURN(const std::string folder, archive->FolderOf(digest));
  Issues issues;
  auto loaded = flows::LoadPolicies(folder, catalog.Get().get(), issues);
  if (loaded != nullptr) return loaded;
  return absl::FailedPreconditionError(
      fmt::format("{}the policies {} no longer fit this host; nothing changed", Rendered(issues), digest));
}

absl::Status Host::Parts::PutInForce(std::shared_ptr<const flows::LoadedPolicies> loaded,
                                     flows::PolicyEntry entry) {
  if (loaded->set->partnership.trust_domain != server_parts.trust_domain) {
    return absl::FailedPreconditionError("the trust domain changed; that needs a restart; nothing changed");
  }
  entry.digest = loaded->set->digest;
  entry.since = clock.Now();
  const std::string before = policies->Get()->set->digest;
  RETURN_IF_ERROR(archive->Enter(*loaded->set, entry));
  RETURN_IF_ERROR(flows::RecordPolicyChange(host, entry, before));
  LogLine(fmt::format("policies in force ({}): {} -> {}", entry.how, before, entry.digest));
  policies->Replace(std::move(loaded));
  if (inbox != nullptr) inbox->Wake();
  return absl::OkStatus();
}

absl::Status Host::Parts::WatchInboxes() { return inbox == nullptr ? absl::OkStatus() : inbox->Start(); }

absl::StatusOr<json::Value> Host::Parts::InboxesFor(const flows::Caller& caller,
                                                    const PartnerId& partner) const {
  if (inbox != nullptr) return inbox->inboxes().ListFor(caller, partner);
  return absl::FailedPreconditionError(
      "this host has no inbox folders; the administrator sets one up with `inbox: FOLDER` in concordat.yaml");
}

absl::Status Host::Parts::Reload(const std::string& by, Issues& issues) {
  const std::lock_guard lock(changing_policies);
  ASSIGN_OR_RETURN(const std::vector<policy::Addition> proposals,
                   flows::ReadProposals(host.ProposalFolder()));
  auto loaded = flows::LoadPolicies(config.policies, catalog.Get().get(), issues, proposals);
  if (loaded == nullptr) return absl::FailedPreconditionError("the policies have mistakes; nothing changed");
  return PutInForce(std::move(loaded), {"", {}, "reload", by, "", ""});
}

absl::StatusOr<json::Value> Host::Parts::Propose(const flows::Proposal& proposal, Issues& issues) {
  const std::lock_guard lock(changing_policies);
  if (policies->Get()->set->folder != config.policies) {
    return absl::FailedPreconditionError(
        "earlier policies were put back by hand; the administrator reloads first: concordat host reload");
  }
  return flows::ProposeProtocol(
      host, proposal,
      [&](std::shared_ptr<const flows::LoadedPolicies> loaded) {
        return PutInForce(std::move(loaded), {"", {}, "propose", proposal.caller.spiffe_id, "", ""});
      },
      issues);
}

absl::Status Host::Parts::RollBack(const std::string& by, const std::string& digest,
                                   const std::string& reason) {
  if (reason.empty())
    return absl::InvalidArgumentError("say why earlier policies are put back: --reason \"...\"");
  const std::lock_guard lock(changing_policies);
  ASSIGN_OR_RETURN(auto kept, KeptPolicies(digest));
  if (kept->set->digest == policies->Get()->set->digest) {
    return absl::FailedPreconditionError(fmt::format("{} is in force already", kept->set->digest));
  }
  Issues ignored;  // a folder with mistakes has no digest, and none that it gets later is this one
  ASSIGN_OR_RETURN(const std::vector<policy::Addition> proposals,
                   flows::ReadProposals(host.ProposalFolder()));
  const auto of_folder = policy::LoadPolicySet(config.policies, ignored, proposals);
  const std::string instead_of = of_folder == nullptr ? "" : of_folder->digest;
  return PutInForce(std::move(kept), {"", {}, "rollback", by, reason, instead_of});
}

json::Value Host::Parts::StatusJson() const {
  const auto set = policies->Get()->set;
  const absl::StatusOr<json::Array> adapters = flows::AdapterHealth(host);
  const auto backup = flows::LastBackupJson(host);
  const auto ends = flows::CertificateEndsJson(host, config.tls_cert);
  json::Object status{{"partnership", set->partnership.id},
                      {"address", address},
                      {"socket", config.socket},
                      {"started", TimeText(started)},
                      {"policies", config.policies},
                      {"policyDigest", set->digest},
                      {"logSize", log->size()},
                      {"origin", log->origin()},
                      {"submissionsUnderWay", submissions->under_way()},
                      {"submissionLimit", submissions->limit()},
                      {"sandbox", adapters::SandboxJson(sandbox, config.sandbox)},
                      {"adapters", adapters.ok() ? *adapters : json::Array()},
                      {"lastBackup", backup.ok() ? *backup : json::Value(std::string(MessageOf(backup.status())))},
                      {"certificatesEnding", ends.ok() ? *ends : json::Value(json::Array())}};
  if (inbox == nullptr) return status;
  flows::Caller self;
  self.administrator = true;
  status["inbox"] = inbox->inboxes().ListFor(self, PartnerId());
  return status;
}

Host::Host() : parts_(std::make_unique<Parts>()) {}

absl::StatusOr<std::unique_ptr<Host>> Host::Start(const Config& config) {
  std::unique_ptr<Host> host(new Host);
  Parts& parts = *host->parts_;
  parts.config = config;
  // Which version of an adapter is in use stands in the store, and policies are judged by it.
  RETURN_IF_ERROR(parts.OpenStorage());
  RETURN_IF_ERROR(parts.LoadAdapters());
  RETURN_IF_ERROR(parts.LoadPolicies());
  RETURN_IF_ERROR(parts.OpenLog());
  RETURN_IF_ERROR(parts.EnterFirstPolicies());
  parts.ProbeSandbox();
  parts.BuildServices();
  RETURN_IF_ERROR(parts.Listen());
  RETURN_IF_ERROR(parts.WatchInboxes());
  parts.PurgeDaily();
  return host;
}

Host::~Host() { Shutdown(0); }

const std::string& Host::address() const { return parts_->address; }

absl::Status Host::Reload() {
  Issues issues;
  const absl::Status status = parts_->Reload("SIGHUP", issues);
  if (!status.ok()) LogLine(Rendered(issues) + std::string(MessageOf(status)));
  return status;
}

void Host::Shutdown(int seconds) {
  if (parts_->server == nullptr) return;
  parts_->server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(seconds));
  parts_->server->Wait();
  parts_->inbox.reset();
  parts_->pool.reset();
  parts_->server.reset();
  unlink(parts_->config.socket.c_str());
}

}  // namespace concordat::server
