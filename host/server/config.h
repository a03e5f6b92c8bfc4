// concordat.yaml: how one host is set up. Keys are flags; all but the certificates have defaults.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "host/adapters/sandbox.h"
#include "host/base/source.h"
#include "host/policy/node.h"

namespace concordat::server {

struct Config {
  std::string file;                       // it was read from; empty: flags alone
  std::string listen = "127.0.0.1:8443";  // host:port for mutual TLS 1.3; port 0 takes a free one
  std::string socket;                     // UNIX socket; default data_dir/run/concordat.sock
  std::string data_dir = "./data";
  std::string policies = "./policies";
  std::vector<std::string> adapters;  // folders; default beside the program: ../adapters
  std::string worker;                 // default beside the program: concordat-worker
  std::string tls_cert;
  std::string tls_key;
  std::string tls_client_ca;
  std::string signing_key;  // Ed25519, PEM; default data_dir/host-signing.key, made at the first start
  std::string store_key;    // of what is confidential, base64; default data_dir.key, made at the first start
  std::string inbox;                               // folder of the inboxes; empty: none
  absl::Duration inbox_settle = absl::Seconds(5);  // a file unchanged for so long is complete
  int64_t max_submissions = 8;           // uploads under way at once
  int64_t threads = 0;                   // 0: as the machine has, at least 4
  int64_t adapter_seconds = 600;         // without progress
  int64_t adapter_total_seconds = 3600;  // of one run in all; feeds may grant less
  int64_t adapter_memory_mb = 2048;
  adapters::SandboxPolicy sandbox;
  int64_t adapter_failures = 5;             // grave ones in a row that quarantine an adapter for a feed
  std::vector<std::string> trust_keys;      // public keys of those who sign adapters, PEM
  std::vector<std::string> trust_unsigned;  // adapters that are taken without a signature, by name
  std::string own_adapters;                 // beside the program: ../adapters, trusted as the program is
};

/// Relative paths are taken from the configuration file's folder.
Config ReadConfig(const policy::Node& document, const std::string& folder, Issues& issues);
/// Fills what has no value yet from `program`, the path of the running program.
void FillDefaults(Config& config, const std::string& program);

}  // namespace concordat::server
