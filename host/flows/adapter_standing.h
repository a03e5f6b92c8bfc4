// Where adapters stand by all that was decided of them: which version is in use, which are disabled, which
// are quarantined for which feed. Pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "host/adapters/manifest.h"
#include "host/store/adapter_store.h"

namespace concordat::flows {

class AdapterStanding {
 public:
  /// `decisions` oldest first.
  explicit AdapterStanding(const std::vector<store::AdapterDecision>& decisions);

  /// The decision that disabled the version, or all versions.
  const store::AdapterDecision* Disabled(const std::string& adapter, const std::string& version) const;
  /// The quarantine of the version for the feed.
  const store::AdapterDecision* Quarantined(const std::string& adapter, const std::string& version,
                                            const FeedId& feed) const;
  /// All quarantines of the version, by feed.
  std::vector<const store::AdapterDecision*> Quarantines(const std::string& adapter,
                                                         const std::string& version) const;
  /// For each adapter of the catalog the version for feeds that name none: what an administrator put in use,
  /// unless it is disabled; else the newest that is not; else the newest.
  std::map<std::string, std::string> InUse(const adapters::Catalog& catalog) const;

 private:
  void Take(const store::AdapterDecision& decision);
  void Enable(const store::AdapterDecision& decision);

  // What ends with an `enable` of all versions is kept by adapter, the rest below it.
  struct Adapter {
    std::string in_use;
    std::optional<store::AdapterDecision> all_disabled;
    std::set<std::string> excepted;  // versions that were enabled after all were disabled
    std::map<std::string, store::AdapterDecision> disabled;
    std::map<std::pair<std::string, std::string>, store::AdapterDecision> quarantined;  // version, feed
  };
  const Adapter* Find(const std::string& adapter) const;
  std::map<std::string, Adapter> adapters_;
};

}  // namespace concordat::flows
