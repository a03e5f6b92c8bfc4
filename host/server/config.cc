#include "host/server/config.h"

#include <filesystem>

#include "host/policy/fields.h"
#include "host/policy/period.h"
#include "host/server/sandbox_config.h"

namespace concordat::server {
namespace {

std::string Resolve(const std::string& folder, const std::string& path) {
  if (path.empty() || path.front() == '/') return path;
  return (std::filesystem::path(folder) / path).lexically_normal().string();
}

void ReadTls(const policy::Node& node, const std::string& folder, Config& config, Issues& issues) {
  policy::Fields tls(node, "tls", issues);
  config.tls_cert = Resolve(folder, tls.TextOr("cert", ""));
  config.tls_key = Resolve(folder, tls.TextOr("key", ""));
  config.tls_client_ca = Resolve(folder, tls.TextOr("client_ca", ""));
  tls.Finish();
}

void ReadLimits(const policy::Node& node, Config& config, Issues& issues) {
  policy::Fields limits(node, "limits", issues);
  const auto positive = [&](std::string_view key, int64_t fallback) {
    const int64_t value = limits.Integer(key).value_or(fallback);
    if (value < 1) limits.Error(key, "out-of-range", std::string(key) + " must be at least 1");
    return value;
  };
  config.max_submissions = positive("submissions", config.max_submissions);
  config.threads = limits.Integer("threads").value_or(config.threads);
  config.adapter_seconds = positive("adapter_seconds", config.adapter_seconds);
  config.adapter_total_seconds = positive("adapter_total_seconds", config.adapter_total_seconds);
  config.adapter_memory_mb = positive("adapter_memory_mb", config.adapter_memory_mb);
  config.adapter_failures = positive("adapter_failures", config.adapter_failures);
  limits.Finish();
}

void ReadTrust(const policy::Node& node, const std::string& folder, Config& config, Issues& issues) {
  policy::Fields trust(node, "trust", issues);
  for (const std::string& path : trust.Texts("keys")) config.trust_keys.push_back(Resolve(folder, path));
  config.trust_unsigned = trust.Texts("unsigned");
  trust.Finish();
}

void ReadSettle(policy::Fields& fields, Config& config) {
  const std::string text = fields.TextOr("inbox_settle", "");
  if (text.empty()) return;
  const absl::StatusOr<policy::Duration> settle = policy::ParseDuration(text);
  if (!settle.ok()) return fields.Error("inbox_settle", "bad-duration", std::string(MessageOf(settle.status())));
  config.inbox_settle = absl::Seconds(settle->Seconds());
  if (config.inbox_settle < absl::Seconds(1) || config.inbox_settle > absl::Hours(1))
    fields.Error("inbox_settle", "out-of-range", "inbox_settle must lie between PT1S and PT1H");
}

std::string WithoutEndSlash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

Config ReadConfig(const policy::Node& document, const std::string& folder, Issues& issues) {
  Config config;
  policy::Fields fields(document, "configuration", issues);
  config.listen = fields.TextOr("listen", config.listen);
  config.socket = Resolve(folder, fields.TextOr("socket", ""));
  config.data_dir = Resolve(folder, fields.TextOr("data_dir", config.data_dir));
  config.policies = Resolve(folder, fields.TextOr("policies", config.policies));
  for (const std::string& path : fields.Texts("adapters")) config.adapters.push_back(Resolve(folder, path));
  config.worker = Resolve(folder, fields.TextOr("worker", ""));
  config.signing_key = Resolve(folder, fields.TextOr("signing_key", ""));
  config.store_key = Resolve(folder, fields.TextOr("store_key", ""));
  config.inbox = Resolve(folder, fields.TextOr("inbox", ""));
  ReadSettle(fields, config);
  if (fields.Has("tls")) ReadTls(fields.Map("tls"), folder, config, issues);
  if (fields.Has("limits")) ReadLimits(fields.Map("limits"), config, issues);
  config.sandbox = ReadSandbox(fields.Map("sandbox"), issues);
  if (fields.Has("trust")) ReadTrust(fields.Map("trust"), folder, config, issues);
  fields.Finish();
  return config;
}

void FillDefaults(Config& config, const std::string& program) {
  const std::filesystem::path bin = std::filesystem::path(program).parent_path();
  if (config.worker.empty()) config.worker = (bin / "concordat-worker").string();
  config.own_adapters = (bin.parent_path() / "adapters").string();
  if (config.adapters.empty()) config.adapters.push_back(config.own_adapters);
  if (config.signing_key.empty()) config.signing_key = config.data_dir + "/host-signing.key";
  if (config.store_key.empty()) config.store_key = WithoutEndSlash(config.data_dir) + ".key";
  if (config.socket.empty()) config.socket = config.data_dir + "/run/concordat.sock";
}

}  // namespace concordat::server
