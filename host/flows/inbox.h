// The inbox of one feed: a folder into which the partner puts files, each of which is submitted once it is
// complete. What came of it appears beside it. Nothing of the partner's is ever changed, moved or deleted.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "host/flows/host_parts.h"
#include "host/flows/inbox_table.h"
#include "host/flows/submit.h"

namespace concordat::flows {

struct InboxSettings {
  std::string folder;                        // of all inboxes
  absl::Duration settle = absl::Seconds(5);  // unchanged for so long: complete
};

/// Look and Take by one thread at a time; View by any.
///
/// How a file goes through: unchanged for `settle` (six times that for a file to mend, which people save more
/// than once) and in use by nobody -> copied into the spool from one descriptor, its stamp the same before
/// and after -> its period -> written down as "sending" -> flows::Submit -> written down as "judged" ->
/// report, receipt and file to mend beside it -> "told". After a crash a file that stands as "sending" is
/// looked for in the store first, so that it is neither lost nor sent twice.
class FeedInbox {
 public:
  FeedInbox(const HostParts& host, const InboxSettings& settings, const FeedId& feed);

  /// Makes the folder and its README.txt where they are missing, reads what is remembered. Look does it again
  /// when it failed.
  absl::Status Open();
  /// One look at the folder: the files that are ready, by path below it. An error when it cannot be read.
  absl::StatusOr<std::vector<std::string>> Look();
  /// Whether somebody should look again soon, because a file is settling.
  bool restless() const { return restless_; }
  /// The way of one file that Look named. Returns a line for the host's log; an error when nothing could be
  /// said beside the file. `cancelled`: the host ends.
  absl::StatusOr<std::string> Take(const std::string& path, const std::function<bool()>& cancelled);

  /// {feed, partner, dataset, folder, files, last: {...}, waiting: [{file, why}], failures: [{file, why,
  /// report}], problem}.
  json::Object View() const;
  const FeedId& feed() const { return feed_; }
  const std::string& folder() const { return folder_; }

 private:
  using Steady = std::chrono::steady_clock;
  struct Seen {
    FileStamp stamp;
    Steady::time_point since;
    std::string why;          // it waits
    std::string held;         // what the last try met
    Steady::time_point next;  // no earlier try than this
  };
  struct Job;

  absl::Status LookAt(const InboxFolder& folder, const std::string& prefix, std::vector<std::string>& ready);
  void LookAtFile(const std::string& prefix, const FolderItem& item, std::vector<std::string>& ready);
  bool IsPeriod(const std::string& name) const;
  bool IsNews(const std::string& path, const FolderItem& item) const;
  std::string ReasonStamp(const std::string& name) const;
  bool SaysThatItWaits(const std::string& path, const Seen& seen) const;
  std::string FolderOf(const std::string& path) const;
  absl::StatusOr<InboxFolder> OpenFolderOf(const std::string& path) const;
  absl::Status Copy(const InboxFolder& folder, Job& job);
  absl::StatusOr<bool> IsKnown(Job& job);
  absl::Status Decide(const InboxFolder& folder, Job& job, const std::function<bool()>& cancelled);
  bool FindMended(Job& job);
  bool FindPeriod(Job& job);
  bool FindDuePeriod(const std::vector<policy::Period>& others, Job& job);
  bool FindReason(const InboxFolder& folder, Job& job);
  bool MayReplace(Job& job);
  absl::StatusOr<bool> Resume(Job& job);
  absl::Status Send(Job& job, const std::function<bool()>& cancelled);
  void RefuseStatus(Job& job, const absl::Status& status);
  void Refuse(Job& job, std::string why, const std::vector<std::string>& steps);
  void Wait(Job& job, std::string why);
  std::vector<std::string> PeriodSteps() const;
  absl::Status Tell(const InboxFolder& folder, Job& job);
  absl::Status TellJudged(const InboxFolder& folder, Job& job);
  absl::Status TellNotTaken(const InboxFolder& folder, Job& job);
  absl::Status WriteReadme(const InboxFolder& folder);
  std::string PeriodExample() const;
  Caller CallerOf() const;
  absl::Status MakeFolder() const;
  absl::Status Save();
  void UpdateView(const std::string& problem = "");

  const HostParts& host_;
  const InboxSettings settings_;
  const FeedId feed_;
  const std::string folder_;
  const std::string table_path_;
  PartnerId partner_;
  DatasetId dataset_;
  InboxTable table_;
  bool open_ = false;  // what is remembered was read
  std::map<std::string, Seen> seen_;
  std::map<std::string, std::string> oddities_;  // folders, links and the like: why they are no files
  std::map<std::string, FileStamp> names_;       // in the folder that is looked at
  std::set<std::string> present_;                // paths that the last look saw
  size_t files_ = 0;
  bool restless_ = false;

  mutable std::mutex view_mutex_;
  json::Object view_;  // guarded by view_mutex_
};

}  // namespace concordat::flows
