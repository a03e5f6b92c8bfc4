// Everything a flow may need, built once in main.cc and handed to each flow.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "host/adapters/catalog_holder.h"
#include "host/adapters/session.h"
#include "host/adapters/trust.h"
#include "host/audit/log.h"
#include "host/base/clock.h"
#include "host/flows/facts_cache.h"
#include "host/flows/policies.h"
#include "host/flows/spool.h"
#include "host/store/store.h"

namespace concordat::flows {

/// One submission at a time for a feed and period: the second would be judged against what the first is about
/// to replace. Thread-safe.
class Turns {
 public:
  bool TryTake(const std::string& key) {
    const std::lock_guard lock(mutex_);
    return taken_.insert(key).second;
  }
  /// Waits for it: only for what is kept for moments, by holders that wait for nothing else.
  void Take(const std::string& key) {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [&] { return taken_.insert(key).second; });
  }
  void Return(const std::string& key) {
    const std::lock_guard lock(mutex_);
    taken_.erase(key);
    returned_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable returned_;
  std::set<std::string> taken_;  // guarded by mutex_
};

/// Holds the period of a feed while somebody submits, withdraws or signs off what is in it.
class Turn {
 public:
  Turn(Turns& turns, const FeedId& feed, const std::string& period)
      : turns_(turns), key_(feed.str() + " " + period), taken_(turns_.TryTake(key_)) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (taken_) turns_.Return(key_);
  }
  /// False: somebody else holds it.
  bool taken() const { return taken_; }

 private:
  Turns& turns_;
  const std::string key_;
  const bool taken_;
};

/// Where adapters come from, and what an administrator asks of them.
struct AdapterRules {
  std::vector<std::string> folders;
  std::string installed;  // where `adapter install` and `adapter upgrade` put them; one of the folders
  adapters::TrustRules trust;
  uint64_t failures = 5;  // grave ones in a row that quarantine a version for a feed
};

/// The parts of one host. All pointees outlive the flows and are thread-safe.
struct HostParts {
  const Clock* clock = nullptr;
  store::Store* store = nullptr;
  audit::Log* log = nullptr;
  PolicyHolder* policies = nullptr;
  adapters::CatalogHolder* catalog = nullptr;
  AdapterRules adapter_rules;
  Turns* turns = nullptr;
  FactsCache* facts = nullptr;
  std::string host_name;  // in receipts: the log's origin
  std::string data_dir;   // spool/ and sources/ stand below it
  std::string worker;     // path of concordat-worker
  adapters::Limits limits;

  /// The adapters in force; null where a host has none.
  std::shared_ptr<const adapters::Catalog> Adapters() const {
    return catalog == nullptr ? nullptr : catalog->Get();
  }
  std::string SpoolFolder() const { return data_dir + "/spool"; }
  std::string ProposalFolder() const { return data_dir + "/proposals"; }
  /// Open data rest plain, as quick as ever; what has a confidential column, or is of no dataset that is
  /// known, rests sealed.
  Spool::Rest RestOf(const FeedId& feed) const;
  std::string SourceOf(const std::string& attempt) const { return data_dir + "/sources/" + attempt; }
};

}  // namespace concordat::flows
