#include "host/flows/facts_cache.h"

#include <set>

#include "host/flows/host_parts.h"
#include "host/flows/ruling_facts.h"
#include "host/flows/standing_levels.h"

namespace concordat::flows {

absl::StatusOr<std::shared_ptr<const DatasetFacts>> FactsCache::Dataset(const HostParts& host,
                                                                        const DatasetId& dataset) {
  // Taken before the store is read: what changes meanwhile is read again next time.
  const uint64_t revision = host.store->Revision();
  {
    const std::lock_guard lock(mutex_);
    const auto known = datasets_.find(dataset);
    if (datasets_revision_ == revision && known != datasets_.end()) return known->second;
  }
  store::SubmissionStore::Filter filter;
  filter.dataset = dataset;
  filter.current_only = true;
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, host.store->List(filter));
  auto facts = std::make_shared<DatasetFacts>();
  for (const store::Attempt& attempt : attempts) {
    ASSIGN_OR_RETURN(sharing::SubmissionQuality quality, MeasuredQuality(host, attempt));
    facts->submissions.push_back(std::move(quality));
  }
  const std::lock_guard lock(mutex_);
  if (datasets_revision_ != revision) datasets_.clear();
  datasets_revision_ = revision;
  datasets_[dataset] = facts;
  return facts;
}

absl::StatusOr<std::shared_ptr<const std::vector<sharing::StandingLevel>>> FactsCache::Levels(
    const HostParts& host, const policy::PolicySet& policies) {
  const uint64_t revision = host.store->Revision();
  {
    const std::lock_guard lock(mutex_);
    if (levels_ != nullptr && levels_revision_ == revision && levels_policies_ == policies.digest)
      return levels_;
  }
  ASSIGN_OR_RETURN(std::vector<sharing::StandingLevel> levels,
                   ReadStandingLevels(host, WhoNeedsLevels(policies)));
  auto facts = std::make_shared<const std::vector<sharing::StandingLevel>>(std::move(levels));
  const std::lock_guard lock(mutex_);
  levels_revision_ = revision;
  levels_policies_ = policies.digest;
  levels_ = facts;
  return facts;
}

absl::StatusOr<std::shared_ptr<const AgreementsNow>> FactsCache::Agreements(
    const HostParts& host, const std::shared_ptr<const LoadedPolicies>& policies, absl::Time now) {
  const uint64_t revision = host.store->Revision();
  const absl::CivilDay day = absl::ToCivilDay(now, absl::UTCTimeZone());
  {
    const std::lock_guard lock(mutex_);
    if (agreements_ != nullptr && agreements_revision_ == revision && policies_ == policies && day_ == day)
      return agreements_;
  }
  sharing::Facts all;
  std::set<ProtocolId> seen;
  for (const policy::SharingProtocol& protocol : policies->set->protocols) {
    if (seen.insert(protocol.id).second) RETURN_IF_ERROR(AddAgreement(host, *policies, protocol.id, all));
  }
  auto facts = std::make_shared<const AgreementsNow>(
      AgreementsNow{policies, sharing::ProtocolStates(*policies->set, all, now)});
  const std::lock_guard lock(mutex_);
  agreements_revision_ = revision;
  policies_ = policies;
  day_ = day;
  agreements_ = facts;
  return facts;
}

absl::StatusOr<assess::LogCheck> FactsCache::WholeLog(const HostParts& host, absl::Time now) {
  constexpr absl::Duration kGoodFor = absl::Hours(1);
  const std::lock_guard lock(log_mutex_);
  // A clock that was put back makes a look of the future worthless.
  if (log_ && log_->time <= now && now - log_->time < kGoodFor) return *log_;
  const uint64_t leaves = host.log->size();
  const absl::Status verified = host.log->Verify();
  if (!verified.ok() && !absl::IsDataLoss(verified)) return verified;
  log_ = assess::LogCheck{now, verified.ok(), leaves};
  return *log_;
}

}  // namespace concordat::flows
