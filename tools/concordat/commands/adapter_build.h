// Building an adapter's folder with CMake, and the digest that its manifest then carries.
#pragma once

#include <string>
#include <string_view>

#include "host/adapters/manifest.h"
#include "host/base/status.h"
#include "tools/concordat/context.h"

namespace concordat::cli {

struct BuildOptions {
  std::string folder;
  std::string sdk;  // folder of ConcordatConfig.cmake; empty: beside this program, else where CMake finds it
  std::string build;  // empty: FOLDER/build
};

/// The folder that is verified, signed and installed: adapter.yaml, its library and samples.
struct BuiltAdapter {
  std::string name;
  std::string folder;
  std::string digest;
};

/// What the compiler says goes to standard error as it is said. Unavailable: it could not be built;
/// FailedPrecondition: adapter.yaml has mistakes.
absl::StatusOr<BuiltAdapter> BuildAdapter(const BuildOptions& options);

/// `yaml` with the top-level line `digest: "..."` replaced or added at the end; all else stays as it is,
/// comments too.
std::string WithDigest(std::string_view yaml, std::string_view digest);

/// The folder itself when its adapter.yaml lies beside its library, else the one that `adapter build` made
/// below it. NotFound: there is no adapter.yaml; Unavailable: it is not built yet.
absl::StatusOr<std::string> BuiltFolderOf(const std::string& folder);

}  // namespace concordat::cli
