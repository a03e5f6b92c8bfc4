#include "host/flows/adapter_install.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "fmt/format.h"
#include "host/base/files.h"
#include "host/base/ids.h"

namespace concordat::flows {
namespace {

constexpr size_t kLargestFile = size_t{256} << 20;

/// A folder that goes away unless it was renamed. Its name begins with a dot: no adapter lies there.
class Incoming {
 public:
  explicit Incoming(const std::string& parent) : path_(parent + "/." + NewRandomId("incoming-")) {}
  ~Incoming() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

absl::Status CopyFile(const std::string& from, const std::string& to) {
  ASSIGN_OR_RETURN(const std::string content, ReadFile(from, kLargestFile));
  return CreateFile(to, content);
}

absl::Status SyncFolder(const std::string& path) {
  const FileDescriptor folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid() || fsync(folder.get()) != 0) return ErrnoStatus(errno, "sync " + path);
  return absl::OkStatus();
}

// With these rules, or FailedPrecondition with every mistake.
absl::StatusOr<adapters::Manifest> Judge(const std::string& folder, const adapters::TrustRules& rules,
                                         const std::string& shown) {
  Issues issues;
  adapters::Manifest manifest = adapters::LoadAdapter(folder, rules, issues);
  if (!issues.has_errors()) return manifest;
  std::string text;
  for (const Issue& issue : issues.list()) {
    text += fmt::format("{}{}{}", text.empty() ? "" : "; ", issue.message,
                        issue.hint.empty() ? "" : fmt::format(" ({})", issue.hint));
  }
  return absl::FailedPreconditionError(fmt::format("{} was not installed: {}", shown, text));
}

}  // namespace

absl::StatusOr<adapters::Manifest> InstallAdapter(
    const AdapterRules& rules, const adapters::Catalog& catalog, const std::string& folder,
    const std::function<absl::Status(const adapters::Manifest&)>& fits) {
  adapters::TrustRules anyone;
  anyone.anyone = true;
  ASSIGN_OR_RETURN(const adapters::Manifest offered, Judge(folder, anyone, folder));
  RETURN_IF_ERROR(MakeFolders(rules.installed, 0700));
  const Incoming incoming(rules.installed);
  RETURN_IF_ERROR(MakeFolders(incoming.path()));
  RETURN_IF_ERROR(CopyFile(folder + "/adapter.yaml", incoming.path() + "/adapter.yaml"));
  RETURN_IF_ERROR(CopyFile(folder + "/" + offered.library, incoming.path() + "/" + offered.library));
  // What is judged is the copy: the folder that it came from may change at any time.
  ASSIGN_OR_RETURN(adapters::Manifest copy, Judge(incoming.path(), rules.trust, folder));
  if (!copy.unfit.empty())
    return absl::FailedPreconditionError(fmt::format("{} was not installed: {}", folder, copy.unfit));
  RETURN_IF_ERROR(fits(copy));
  if (const adapters::Manifest* const same = catalog.Find(copy.name, copy.version); same != nullptr) {
    if (same->digest == copy.digest && same->signable == copy.signable) return *same;
    return absl::AlreadyExistsError(fmt::format(
        "version {} of adapter {} is installed already, in {}, with other content: give the new one "
        "a new version in its adapter.yaml",
        copy.version, copy.name, same->folder));
  }
  const std::string place = fmt::format("{}/{}-{}", rules.installed, copy.name, copy.version);
  if (rename(incoming.path().c_str(), place.c_str()) != 0)
    return ErrnoStatus(errno, fmt::format("install the adapter as {}", place));
  RETURN_IF_ERROR(SyncFolder(rules.installed));
  copy.folder = place;
  return copy;
}

}  // namespace concordat::flows
