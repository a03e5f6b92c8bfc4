#include "tools/concordat/commands/adapter_build.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/base/digest.h"
#include "host/base/files.h"
#include "host/policy/reader.h"

namespace concordat::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kManifest = "adapter.yaml";

/// Runs a program of the user's path and waits; what it prints goes to standard error, for standard output is
/// the command's own.
absl::Status RunProgram(const std::vector<std::string>& arguments) {
  std::vector<char*> plain;
  for (const std::string& argument : arguments) plain.push_back(const_cast<char*>(argument.c_str()));
  plain.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  pid_t pid = 0;
  const int failed = posix_spawnp(&pid, plain[0], &actions, nullptr, plain.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed == ENOENT)
    return absl::UnavailableError(fmt::format(
        "{} is not installed: building an adapter needs cmake and a compiler (apt-get install cmake g++)",
        arguments[0]));
  if (failed != 0) return ErrnoStatus(failed, fmt::format("start {}", arguments[0]));
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return ErrnoStatus(errno, fmt::format("wait for {}", arguments[0]));
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  return absl::FailedPreconditionError("");
}

// Beside an installed program and in a build tree alike: BIN/../lib/cmake/Concordat.
std::string SdkBesideProgram() {
  const fs::path beside = fs::path(WorkerPath()).parent_path().parent_path() / "lib/cmake/Concordat";
  std::error_code error;
  return fs::exists(beside / "ConcordatConfig.cmake", error) ? beside.string() : "";
}

bool IsFile(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

/// The adapters that a build folder holds.
std::vector<fs::path> AdaptersOf(const fs::path& build) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator at(build / "adapters", error), end; !error && at != end; at.increment(error)) {
    if (IsFile(at->path() / kManifest)) found.push_back(at->path());
  }
  return found;
}

absl::StatusOr<std::string> TheOneAdapterOf(const fs::path& build) {
  const std::vector<fs::path> found = AdaptersOf(build);
  if (found.size() == 1) return found.front().string();
  if (found.empty())
    return absl::UnavailableError(
        fmt::format("the build put no adapter.yaml below {}: does CMakeLists.txt call concordat_add_adapter?",
                    (build / "adapters").string()));
  return absl::FailedPreconditionError(fmt::format("{} holds {} adapters: name the one that is meant",
                                                   (build / "adapters").string(), found.size()));
}

absl::StatusOr<BuiltAdapter> TakeDigest(const std::string& folder) {
  const std::string path = folder + "/" + std::string(kManifest);
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  Issues issues;
  const policy::Node document =
      policy::ReadYaml(std::make_shared<const SourceText>(SourceText{path, text}), issues);
  const adapters::Manifest manifest =
      document.present() ? adapters::ReadManifest(document, issues) : adapters::Manifest();
  std::string mistakes;
  for (const Issue& issue : issues.list()) mistakes += RenderIssue(issue);
  if (issues.has_errors())
    return absl::FailedPreconditionError(mistakes + path +
                                         " has mistakes: mend the adapter.yaml that it was copied from");
  const absl::StatusOr<std::string> library = ReadFile(folder + "/" + manifest.library);
  if (!library.ok())
    return absl::UnavailableError(
        fmt::format("adapter.yaml names the library {}, which the build did not make: {}", manifest.library,
                    MessageOf(library.status())));
  const std::string digest = DigestOf(*library);
  RETURN_IF_ERROR(WriteFileAtomically(path, WithDigest(text, digest)));
  return BuiltAdapter{manifest.name, folder, digest};
}

}  // namespace

std::string WithDigest(std::string_view yaml, std::string_view digest) {
  const std::string line = fmt::format("digest: \"{}\"", digest);
  std::string out;
  bool done = false;
  while (!yaml.empty()) {
    const size_t end = yaml.find('\n');
    const std::string_view old = yaml.substr(0, end);
    yaml.remove_prefix(end == std::string_view::npos ? yaml.size() : end + 1);
    if (old.rfind("digest:", 0) == 0) {
      // A comment behind it stays.
      const size_t comment = old.find(" #");
      out += line + std::string(comment == std::string_view::npos ? "" : old.substr(comment)) + "\n";
      done = true;
    } else {
      out += std::string(old) + "\n";
    }
  }
  return done ? out : out + line + "\n";
}

absl::StatusOr<BuiltAdapter> BuildAdapter(const BuildOptions& options) {
  const fs::path source = options.folder;
  if (!IsFile(source / kManifest))
    return absl::NotFoundError(fmt::format(
        "{} has no adapter.yaml: concordat adapter new NAME writes a folder to begin with", options.folder));
  // A library that another tool made beside its manifest needs its digest only.
  if (!IsFile(source / "CMakeLists.txt")) return TakeDigest(options.folder);
  const fs::path build = options.build.empty() ? source / "build" : fs::path(options.build);
  std::vector<std::string> configure = {"cmake",
                                        "-S",
                                        source.string(),
                                        "-B",
                                        build.string(),
                                        "-DCMAKE_BUILD_TYPE=Release",
                                        "--log-level=WARNING"};
  const std::string sdk = options.sdk.empty() ? SdkBesideProgram() : options.sdk;
  if (!sdk.empty()) configure.push_back("-DConcordat_DIR=" + fs::absolute(sdk).string());
  for (const auto& [command, what] :
       {std::pair(configure, "configured"),
        std::pair(std::vector<std::string>{"cmake", "--build", build.string()}, "built")}) {
    const absl::Status status = RunProgram(command);
    if (absl::IsFailedPrecondition(status))
      return absl::UnavailableError(fmt::format("{} could not be {}: the reason stands above ({})",
                                                options.folder, what, fmt::join(command, " ")));
    RETURN_IF_ERROR(status);
  }
  ASSIGN_OR_RETURN(const std::string folder, TheOneAdapterOf(build));
  return TakeDigest(folder);
}

absl::StatusOr<std::string> BuiltFolderOf(const std::string& folder) {
  const fs::path given = folder;
  if (!IsFile(given / kManifest)) return absl::NotFoundError(fmt::format("{} has no adapter.yaml", folder));
  const std::vector<fs::path> built = AdaptersOf(given / "build");
  if (!IsFile(given / "CMakeLists.txt")) return folder;
  if (built.size() == 1) return built.front().string();
  return absl::UnavailableError(fmt::format("{0} is not built yet: concordat adapter build {0}", folder));
}

}  // namespace concordat::cli
