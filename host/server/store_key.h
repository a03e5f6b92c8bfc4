// The host's key of what is confidential in the store: a file of its own, beside the data and never among
// them.
#pragma once

#include <string>

#include "host/base/status.h"

namespace concordat::server {

/// 32 bytes from the file at `path` (base64, mode 0600), which is made when neither it nor any sealed store
/// is there yet. FailedPrecondition, ready for people, when the file lies below `data_dir` (however it is
/// written), is missing while the store is sealed, may be read by others, or holds no key.
absl::StatusOr<std::string> OpenStoreKey(const std::string& path, const std::string& data_dir,
                                         const std::string& store_folder);

}  // namespace concordat::server
