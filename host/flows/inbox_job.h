// What the inbox holds in its hands while one file goes through; for the files of FeedInbox alone.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "host/flows/inbox.h"

namespace concordat::flows {

inline constexpr std::string_view kIsLink =
    "it is a link, and links are not followed: they could lead to what nobody meant to send";
inline constexpr std::string_view kIsFolder = "it is a folder whose name is no period";
inline constexpr std::string_view kIsDeepFolder = "it is a folder in a folder";

/// A reason file and its state, to tell a new one from one that was used.
std::string ReasonStampText(const std::string& name, const FileStamp& stamp);

/// One file on its way.
struct FeedInbox::Job {
  std::string path;  // below the feed's folder
  std::string name;  // of the file alone
  std::string base;  // what the names of the results begin with
  std::string in;    // the subfolder, or empty
  FileStamp stamp;
  InboxEntry entry;
  std::optional<InboxEntry> before;  // what was known of the path
  std::unique_ptr<Spool> spool;
  SubmitRequest request;
};

}  // namespace concordat::flows
