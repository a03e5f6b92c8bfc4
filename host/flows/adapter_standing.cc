#include "host/flows/adapter_standing.h"

namespace concordat::flows {

using store::AdapterDecision;

AdapterStanding::AdapterStanding(const std::vector<AdapterDecision>& decisions) {
  for (const AdapterDecision& decision : decisions) Take(decision);
}

void AdapterStanding::Take(const AdapterDecision& decision) {
  Adapter& adapter = adapters_[decision.adapter];
  if (decision.what == "use") adapter.in_use = decision.version;
  if (decision.what == "use" || decision.what == "enable") Enable(decision);
  if (decision.what == "quarantine")
    adapter.quarantined.insert_or_assign({decision.version, decision.feed.str()}, decision);
  if (decision.what != "disable") return;
  if (decision.version.empty()) {
    adapter.all_disabled = decision;
    adapter.disabled.clear();
    adapter.excepted.clear();
  } else {
    adapter.disabled.insert_or_assign(decision.version, decision);
    adapter.excepted.erase(decision.version);
  }
}

void AdapterStanding::Enable(const AdapterDecision& decision) {
  Adapter& adapter = adapters_[decision.adapter];
  std::erase_if(adapter.quarantined, [&](const auto& entry) {
    const auto& [version, feed] = entry.first;
    return (decision.version.empty() || decision.version == version) &&
           (decision.feed.empty() || decision.feed.str() == feed);
  });
  if (!decision.feed.empty()) return;  // of one feed's quarantine only
  if (decision.version.empty()) {
    adapter.all_disabled.reset();
    adapter.disabled.clear();
  } else {
    adapter.disabled.erase(decision.version);
    adapter.excepted.insert(decision.version);
  }
}

const AdapterStanding::Adapter* AdapterStanding::Find(const std::string& adapter) const {
  const auto at = adapters_.find(adapter);
  return at == adapters_.end() ? nullptr : &at->second;
}

const AdapterDecision* AdapterStanding::Disabled(const std::string& adapter,
                                                 const std::string& version) const {
  const Adapter* const known = Find(adapter);
  if (known == nullptr) return nullptr;
  const auto at = known->disabled.find(version);
  if (at != known->disabled.end()) return &at->second;
  return known->all_disabled && !known->excepted.contains(version) ? &*known->all_disabled : nullptr;
}

const AdapterDecision* AdapterStanding::Quarantined(const std::string& adapter, const std::string& version,
                                                    const FeedId& feed) const {
  const Adapter* const known = Find(adapter);
  if (known == nullptr) return nullptr;
  const auto at = known->quarantined.find({version, feed.str()});
  return at == known->quarantined.end() ? nullptr : &at->second;
}

std::vector<const AdapterDecision*> AdapterStanding::Quarantines(const std::string& adapter,
                                                                 const std::string& version) const {
  std::vector<const AdapterDecision*> found;
  const Adapter* const known = Find(adapter);
  if (known == nullptr) return found;
  for (const auto& [key, decision] : known->quarantined) {
    if (key.first == version) found.push_back(&decision);
  }
  return found;
}

std::map<std::string, std::string> AdapterStanding::InUse(const adapters::Catalog& catalog) const {
  std::map<std::string, std::string> in_use;
  // The newest comes first, and of the program's own before others: whoever may sign an adapter, or fill a
  // folder, must not take over other partners' feeds by its name and a high version.
  for (const bool own : {true, false}) {
    for (const adapters::Manifest& manifest : catalog.all()) {
      if ((manifest.trust == adapters::Trust::kOwn) != own) continue;
      if (Disabled(manifest.name, manifest.version) == nullptr)
        in_use.emplace(manifest.name, manifest.version);
    }
  }
  for (const adapters::Manifest& manifest : catalog.all()) {
    if (Disabled(manifest.name, manifest.version) != nullptr) continue;
    const Adapter* const known = Find(manifest.name);
    if (known != nullptr && known->in_use == manifest.version) in_use[manifest.name] = manifest.version;
  }
  return in_use;
}

}  // namespace concordat::flows
