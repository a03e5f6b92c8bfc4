#include "host/server/store_key.h"

#include <sys/stat.h>

#include <filesystem>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "host/base/encoding.h"
#include "host/base/files.h"
#include "host/base/random.h"
#include "host/base/seal.h"
#include "host/store/store.h"

namespace concordat::server {
namespace {

std::filesystem::path Real(const std::string& path) {
  std::error_code error;
  const std::filesystem::path real =
      std::filesystem::weakly_canonical(std::filesystem::absolute(path, error), error);
  return real;
}

bool IsBelow(const std::filesystem::path& path, const std::filesystem::path& folder) {
  const std::filesystem::path relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

absl::Status RefuseInsideData(const std::string& path, const std::string& data_dir) {
  if (!IsBelow(Real(path), Real(data_dir))) return absl::OkStatus();
  return absl::FailedPreconditionError(fmt::format(
      "the store key {} lies below the data folder {}: whoever copies the data would have the key "
      "with them. Move it elsewhere and name the place with store_key (or --store-key)",
      path, data_dir));
}

absl::StatusOr<std::string> MakeKey(const std::string& path, const std::string& store_folder) {
  if (store::HasWrappedKeys(store_folder)) {
    return absl::FailedPreconditionError(
        fmt::format("the store key {} is missing, and {} is sealed with it: put the file back (from its own "
                    "backup), or name the place where it is with store_key (or --store-key)",
                    path, store_folder));
  }
  std::string key = RandomBytes(kSealKeyBytes);
  RETURN_IF_ERROR(CreateFile(path, Base64Encode(key) + "\n", 0600));
  return key;
}

}  // namespace

absl::StatusOr<std::string> OpenStoreKey(const std::string& path, const std::string& data_dir,
                                         const std::string& store_folder) {
  RETURN_IF_ERROR(RefuseInsideData(path, data_dir));
  struct stat facts;
  if (stat(path.c_str(), &facts) != 0 && errno == ENOENT) return MakeKey(path, store_folder);
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, 4096));
  if ((facts.st_mode & 077) != 0) {
    return absl::FailedPreconditionError(
        fmt::format("the store key {} may be read by others than its owner: chmod 600 it", path));
  }
  const std::optional<std::string> key = Base64Decode(
      std::string_view(absl::StripAsciiWhitespace(text).data(), absl::StripAsciiWhitespace(text).size()));
  if (key && key->size() == kSealKeyBytes) return *key;
  return absl::FailedPreconditionError(fmt::format(
      "{} holds no store key, which is {} bytes in base64: put back the right file, or name it with "
      "store_key (or --store-key)",
      path, kSealKeyBytes));
}

}  // namespace concordat::server
