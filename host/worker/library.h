// Opening an adapter's library; the only door to Boost.DLL.
#pragma once

#include <string>

#include "host/base/status.h"
#include "plugins/sdk/adapter_abi.h"

namespace concordat::worker {

/// Opens the library at `path` with all its symbols resolved and finds its one exported function. The library
/// is never unloaded: what it made may live as long as the process. Aborted says what is wrong with it.
absl::StatusOr<concordat_adapter_init_function> OpenLibrary(const std::string& path);

}  // namespace concordat::worker
