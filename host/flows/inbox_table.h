// What an inbox remembers of its files, below the host's data folder, where no partner can reach it.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "host/base/ids.h"
#include "host/flows/inbox_folder.h"

namespace concordat::flows {

/// One file and how far it came. Plain value.
struct InboxEntry {
  enum class Phase {
    kSending,  // written down before it is submitted: after a crash the store is asked whether it was
    kJudged,   // something came of it; the files beside it are not all written yet
    kTold      // done
  };
  FileStamp stamp;
  std::string digest;
  Phase phase = Phase::kTold;
  absl::Time at;             // of the last step
  std::string period;        // its id
  std::string period_from;   // for people: how the period was found
  std::string mends;         // the submission that it mends
  std::string reason;        // given for superseding
  std::string reason_stamp;  // of the file with the reason that was looked at last
  bool wants_reason = false;
  std::string submission;  // empty: none came of it
  std::string outcome;     // accept | accept_with_quarantine | reject | not_taken | waiting
  bool repeated = false;
  std::string message;  // why it was not taken, for people
  std::string steps;    // what to do, a line each
  std::string untold;   // why nothing could be written beside it
  std::string report;   // name of the page beside it
  int tries = 0;
  absl::Time retry = absl::InfiniteFuture();
};

/// A file of held-back records that the host wrote.
struct ToMend {
  std::string submission;
  std::string of;  // the partner's file
};

/// By path below the feed's folder. One thread at a time.
struct InboxTable {
  std::map<std::string, InboxEntry> files;
  std::map<std::string, ToMend> to_mend;
  std::map<std::string, std::map<std::string, WrittenFile>> written;  // by subfolder ("" for none), then name

  /// An absent file is an empty table. DataLoss when it is damaged.
  static absl::StatusOr<InboxTable> Load(const std::string& path);
  absl::Status Save(const std::string& path) const;
};

}  // namespace concordat::flows
