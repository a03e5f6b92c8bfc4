// All inboxes of a host: a folder, in it a folder for every feed.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "host/flows/inbox.h"

namespace concordat::flows {

/// Sync and LookAround by one thread; the rest by any.
class Inboxes {
 public:
  /// `host` outlives it.
  Inboxes(const HostParts& host, InboxSettings settings) : host_(host), settings_(std::move(settings)) {}

  /// Makes what is missing for the feeds in force; feeds that are gone are watched no more, their folders
  /// stay. Returns lines for the host's log, an error when the folder itself cannot be used.
  absl::StatusOr<std::vector<std::string>> Sync();
  /// Whether other policies are in force than at the last Sync.
  bool IsStale() const;
  std::vector<std::shared_ptr<FeedInbox>> all() const;
  /// What lies in the folder itself and belongs to no feed is told in misplaced-files.txt there.
  void LookAround();

  /// {folder, settle, feeds: [FeedInbox::View ...], waiting, failures, misplaced: [{name, why}]}. A partner
  /// sees its own feeds and nothing that is misplaced; an administrator all, or those of `partner`.
  json::Value ListFor(const Caller& caller, const PartnerId& partner) const;
  const InboxSettings& settings() const { return settings_; }

 private:
  const HostParts& host_;
  const InboxSettings settings_;
  std::string policy_digest_;
  bool told_misplaced_ = false;

  mutable std::mutex mutex_;
  std::map<FeedId, std::shared_ptr<FeedInbox>> inboxes_;        // guarded by mutex_
  std::vector<std::pair<std::string, std::string>> misplaced_;  // name, why; guarded by mutex_
};

}  // namespace concordat::flows
