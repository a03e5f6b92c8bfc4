#include "host/flows/host_parts.h"

namespace concordat::flows {

Spool::Rest HostParts::RestOf(const FeedId& feed) const {
  const std::shared_ptr<const LoadedPolicies> loaded = policies->Get();
  const policy::Feed* known = loaded->set->FindFeed(feed);
  if (known == nullptr) return Spool::Rest::kSealed;
  const policy::ContractObject* object = loaded->set->FindDataset(known->dataset()).second;
  const bool open = object != nullptr && !data::AnyConfidential(*object->schema);
  return open ? Spool::Rest::kPlain : Spool::Rest::kSealed;
}

}  // namespace concordat::flows
