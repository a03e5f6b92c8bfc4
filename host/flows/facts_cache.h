// Facts for rulings, kept until something changes that they depend on: so that a ruling costs microseconds.
// And the last look at the whole log, which takes longest of all.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host/assess/history.h"
#include "host/sharing/protocol_state.h"

namespace concordat::flows {

struct HostParts;
struct LoadedPolicies;

/// What is known of one dataset.
struct DatasetFacts {
  std::vector<sharing::SubmissionQuality> submissions;  // current ones, newest first
};

/// States of all protocols, under one policy set, on one day. Immutable.
struct AgreementsNow {
  std::shared_ptr<const LoadedPolicies> policies;  // what the states point into
  sharing::ProtocolStates states;
};

/// Thread-safe. An entry serves while the store's revision, the policies and the day (UTC) are those it was
/// made for.
class FactsCache {
 public:
  absl::StatusOr<std::shared_ptr<const DatasetFacts>> Dataset(const HostParts& host,
                                                              const DatasetId& dataset);
  /// As ReadStandingLevels, of all whose level the policies ask for.
  absl::StatusOr<std::shared_ptr<const std::vector<sharing::StandingLevel>>> Levels(
      const HostParts& host, const policy::PolicySet& policies);
  absl::StatusOr<std::shared_ptr<const AgreementsNow>> Agreements(
      const HostParts& host, const std::shared_ptr<const LoadedPolicies>& policies, absl::Time now);
  /// Whether the log on disk is as it was signed, by a look at every leaf that is at most an hour old. Any
  /// other failure than a log that does not verify is an error. Who asks meanwhile waits for the one look.
  absl::StatusOr<assess::LogCheck> WholeLog(const HostParts& host, absl::Time now);

 private:
  std::mutex mutex_;
  uint64_t datasets_revision_ = 0;  // guarded by mutex_, like all below
  std::map<DatasetId, std::shared_ptr<const DatasetFacts>> datasets_;
  uint64_t levels_revision_ = 0;
  std::string levels_policies_;  // digest of the policies that asked
  std::shared_ptr<const std::vector<sharing::StandingLevel>> levels_;
  uint64_t agreements_revision_ = 0;
  std::shared_ptr<const LoadedPolicies> policies_;
  absl::CivilDay day_;
  std::shared_ptr<const AgreementsNow> agreements_;

  std::mutex log_mutex_;
  std::optional<assess::LogCheck> log_;  // guarded by log_mutex_
};

}  // namespace concordat::flows
