// Policies as a whole: read, cross-checked and compiled; what `policy lint` reports and what the host runs
// under.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "host/adapters/manifest.h"
#include "host/policy/policy_set.h"
#include "host/quality/judge.h"
#include "host/sharing/gatekeeper.h"

namespace concordat::flows {

/// A policy set without mistakes and its compiled rules. Immutable, thread-safe.
struct LoadedPolicies {
  std::shared_ptr<const policy::PolicySet> set;
  std::map<DatasetId, std::shared_ptr<const quality::CompiledRules>> rules;
  std::shared_ptr<const sharing::Gatekeeper> gatekeeper;  // of `set`
  /// Of each protocol that names tests and fails them: its digest -> what failed, for people.
  std::map<std::string, std::vector<std::string>> failing_tests;
};

/// Reads and checks a folder completely: YAML, contracts, rules, protocols and, with a catalog, adapter
/// options; then runs the tests that protocols name. `issues` gets every mistake; null when there were
/// errors. `additions` as in policy::LoadPolicySet.
std::shared_ptr<const LoadedPolicies> LoadPolicies(const std::string& folder,
                                                   const adapters::Catalog* catalog, Issues& issues,
                                                   const std::vector<policy::Addition>& additions = {});

/// One file by itself: a contract as a document of the standard, with our rules in it compiled; other kinds
/// by their keys.
void LintLoneFile(const std::string& path, Issues& issues);

/// The set in force; replaced whole. Thread-safe.
class PolicyHolder {
 public:
  explicit PolicyHolder(std::shared_ptr<const LoadedPolicies> first) : current_(std::move(first)) {}
  std::shared_ptr<const LoadedPolicies> Get() const {
    const std::lock_guard lock(mutex_);
    return current_;
  }
  void Replace(std::shared_ptr<const LoadedPolicies> next) {
    const std::lock_guard lock(mutex_);
    current_ = std::move(next);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const LoadedPolicies> current_;  // guarded by mutex_
};

}  // namespace concordat::flows
