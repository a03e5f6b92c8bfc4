// Watches the inboxes while the host runs: woken by inotify, and now and then by itself, since shares do not
// notify.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "host/base/files.h"
#include "host/flows/inboxes.h"
#include "host/server/admission.h"
#include "host/server/pool.h"

namespace concordat::server {

/// One thread looks; files go through on the pool, one of a feed at a time, and each counts against the limit
/// of submissions. Stops in the destructor: what is under way is given up and found again at the next start.
class InboxWatch {
 public:
  /// All outlive it but `inboxes`, which it owns.
  InboxWatch(std::unique_ptr<flows::Inboxes> inboxes, Pool& pool, Admission& admission);
  ~InboxWatch();

  /// Makes the folders and begins to watch.
  absl::Status Start();
  /// Look soon: the policies are others.
  void Wake();
  const flows::Inboxes& inboxes() const { return *inboxes_; }

 private:
  void Run();
  void LookAll();
  void Process(const std::shared_ptr<flows::FeedInbox>& inbox, const std::vector<std::string>& ready);
  void WatchFolders();
  void Sleep();

  const std::unique_ptr<flows::Inboxes> inboxes_;
  Pool& pool_;
  Admission& admission_;
  FileDescriptor notify_;  // inotify; invalid where the system gives none
  FileDescriptor wake_;    // eventfd
  std::atomic<bool> stopping_{false};
  bool restless_ = false;
  std::mutex mutex_;
  std::condition_variable idle_;
  std::set<FeedId> busy_;       // guarded by mutex_
  std::set<std::string> said_;  // problems that the log has; guarded by mutex_
  std::thread thread_;
};

}  // namespace concordat::server
