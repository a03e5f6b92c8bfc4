// Everything a flow may need, built once in main.cc and handed to each flow.
#pragma once

#include <memory>
#include <string>

#include "host/adapters/manifest.h"
#include "host/adapters/session.h"
#include "host/audit/log.h"
#include "host/base/clock.h"
#include "host/flows/policies.h"
#include "host/store/store.h"

namespace concordat::flows {

/// The parts of one host. All pointees outlive the flows and are thread-safe.
struct HostParts {
  const Clock* clock = nullptr;
  store::Store* store = nullptr;
  audit::Log* log = nullptr;
  PolicyHolder* policies = nullptr;
  const adapters::Catalog* catalog = nullptr;
  std::string host_name;   // in receipts: the log's origin
  std::string data_dir;    // spool/ and sources/ stand below it
  std::string worker;      // path of concordat-worker
  adapters::Limits limits;

  std::string SpoolFolder() const { return data_dir + "/spool"; }
  std::string SourceOf(const std::string& attempt) const { return data_dir + "/sources/" + attempt; }
};

}  // namespace concordat::flows
