#include "host/flows/host_parts.h"

#include "host/flows/same_file.h"

namespace concordat::flows {

Spool::Rest HostParts::RestOf(const FeedId& feed) const {
  const std::shared_ptr<const LoadedPolicies> loaded = policies->Get();
  const policy::Feed* known = loaded->set->FindFeed(feed);
  if (known == nullptr) return Spool::Rest::kSealed;
  const auto is_open = [&](const policy::Feed& feed_of_file) {
    const policy::ContractObject* object = loaded->set->FindDataset(feed_of_file.dataset()).second;
    return object != nullptr && !data::AnyConfidential(*object->schema);
  };
  bool open = is_open(*known);
  for (const policy::Feed* other : FeedsOfSameFile(*loaded->set, feed)) open = open && is_open(*other);
  return open ? Spool::Rest::kPlain : Spool::Rest::kSealed;
}

}  // namespace concordat::flows
