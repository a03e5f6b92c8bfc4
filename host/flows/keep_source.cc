#include "host/flows/keep_source.h"

#include <filesystem>

namespace concordat::flows {
namespace {

// Feeds that are gone from the policies keep the default.
constexpr double kDefaultSeconds = 90 * 86400.0;

bool IsExpired(const HostParts& host, const store::Attempt& attempt) {
  const policy::Feed* feed = host.policies->Get()->set->FindFeed(attempt.feed);
  const double seconds = feed == nullptr ? kDefaultSeconds : feed->keep_source.Seconds();
  return host.clock->Now() - attempt.received > absl::Seconds(seconds);
}

}  // namespace

absl::Status RemoveExpiredSources(const HostParts& host) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(host.data_dir + "/sources", error)) {
    const absl::StatusOr<store::Attempt> attempt =
        host.store->Get(SubmissionId(entry.path().filename().string()));
    if (!attempt.ok() && !absl::IsNotFound(attempt.status())) return attempt.status();
    if (attempt.ok() && !IsExpired(host, *attempt)) continue;
    std::filesystem::remove(entry.path(), error);
  }
  return absl::OkStatus();
}

}  // namespace concordat::flows
