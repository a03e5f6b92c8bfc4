// What a backup of a running host holds, collected at one moment.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/base/status.h"
#include "host/flows/host_parts.h"
#include "host/store/administration.h"

namespace concordat::flows {

/// What belongs to a host beside its data folder; paths, empty when there is none.
struct HostFiles {
  std::string settings;  // concordat.yaml
  std::string store_key;
  std::string signing_key;
  std::string tls_cert;
  std::string tls_key;
  std::string client_ca;
  std::vector<std::string> trust_keys;  // as the settings list them
};

/// One file of it.
struct BackupItem {
  std::string path;  // in the archive
  std::string disk;  // where its bytes lie, which do not change; empty: `text`
  std::string text;
  uint64_t bytes = 0;
};

struct BackupContent {
  std::vector<BackupItem> items;
  store::StoreContents store;
  uint64_t leaves = 0;  // of the audit log
  uint64_t bytes = 0;   // of all items
};

/// control.db decides: it is copied first, at one moment, into the folder `aside` (made anew, on the data
/// folder's file system); then the files that the copy names are linked there, so that no erasure takes them
/// away while they are read (one that came in between makes it begin anew); the log is read after that, so
/// that it holds every receipt; at last all else below the data folder, the policies in force, the keys.
/// Submissions go on meanwhile. Unavailable when it had to begin anew five times.
absl::StatusOr<BackupContent> CollectBackup(const HostParts& host, const HostFiles& files,
                                            const std::string& aside);

}  // namespace concordat::flows
