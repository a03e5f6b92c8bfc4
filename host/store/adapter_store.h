// What is known of adapters beside their files: what was decided of them, and how often they failed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "host/base/ids.h"
#include "host/base/status.h"

namespace concordat::store {

/// One decision, kept for good; which of them stands is flows/adapter_standing.h's to say.
struct AdapterDecision {
  std::string adapter;
  std::string version;  // empty: all versions
  FeedId feed;          // of a quarantine; empty: all feeds
  std::string what;     // use | enable | disable | quarantine
  std::string by;       // SPIFFE ID or unix:UID; empty: the host itself
  absl::Time at;
  std::string reason;
  std::string receipt;  // its id in the audit log
};

/// One run of an adapter that failed.
struct AdapterFailureRecord {
  std::string adapter;
  std::string version;
  FeedId feed;
  std::string kind;        // adapters::WordOf its kind
  std::string cause;       // for administrators
  std::string submission;  // the id that it would have had; empty: a check
  std::string by;          // who sent the file
  absl::Time at;
};

/// The failures of one version on one feed.
struct AdapterTally {
  std::string adapter;
  std::string version;
  FeedId feed;
  uint64_t failures = 0;  // ever
  uint64_t in_a_row = 0;  // grave ones, since the last success or since it was enabled
  AdapterFailureRecord last;
};

class AdapterStore {
 public:
  virtual ~AdapterStore() = default;
  /// Durable when it returns. `enable` and `use` also end the rows of failures of what they name.
  virtual absl::Status AddAdapterDecision(const AdapterDecision& decision) = 0;
  /// Oldest first.
  virtual absl::StatusOr<std::vector<AdapterDecision>> AdapterDecisions() const = 0;
  /// Counts it; the answer is how many grave ones of this version on this feed came in a row, this one
  /// included when it is `grave`.
  virtual absl::StatusOr<uint64_t> AddAdapterFailure(const AdapterFailureRecord& failure, bool grave) = 0;
  /// The version did its work on this feed: the row of failures ends. Cheap when there is none.
  virtual absl::Status EndAdapterFailures(const std::string& adapter, const std::string& version,
                                          const FeedId& feed) = 0;
  /// By adapter, version and feed; only where there were failures.
  virtual absl::StatusOr<std::vector<AdapterTally>> AdapterTallies() const = 0;
  /// Newest first; of one version and feed the newest hundred are kept. Empty adapter: of all.
  virtual absl::StatusOr<std::vector<AdapterFailureRecord>> AdapterFailures(const std::string& adapter,
                                                                            size_t limit) const = 0;
};

}  // namespace concordat::store
