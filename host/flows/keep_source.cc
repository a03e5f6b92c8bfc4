#include "host/flows/keep_source.h"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "fmt/format.h"

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

absl::StatusOr<KeptSource> OpenKeptSource(const HostParts& host, const store::Attempt& attempt) {
  KeptSource kept;
  ASSIGN_OR_RETURN(kept.file, OpenForReading(host.SourceOf(attempt.root_source)));
  kept.source = {kept.file.get(), attempt.source_name, attempt.source_bytes, ""};
  ASSIGN_OR_RETURN(kept.source.key, host.store->SourceKey(SubmissionId(attempt.root_source)));
  struct stat facts;
  if (fstat(kept.file.get(), &facts) != 0) return ErrnoStatus(errno, "look at the kept source");
  // Sealed bytes are more than plain ones.
  const bool plain = static_cast<uint64_t>(facts.st_size) == attempt.source_bytes;
  if (kept.source.key.empty() && !plain)
    return absl::NotFoundError(fmt::format("the key of the source of {} is gone", attempt.id.str()));
  return kept;
}

absl::Status RemoveExpiredSources(const HostParts& host) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(host.data_dir + "/sources", error)) {
    const absl::StatusOr<store::Attempt> attempt =
        host.store->Get(SubmissionId(entry.path().filename().string()));
    if (!attempt.ok() && !absl::IsNotFound(attempt.status())) return attempt.status();
    if (attempt.ok() && attempt->state != "erased" && !IsExpired(host, *attempt)) continue;
    std::filesystem::remove(entry.path(), error);
  }
  return absl::OkStatus();
}

}  // namespace concordat::flows
