// concordat adapter new (adapter_new.cc), build, verify: for whoever writes an adapter.
#include <charconv>
#include <filesystem>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "host/base/files.h"
#include "host/flows/conformance.h"
#include "host/policy/period.h"
#include "tools/concordat/commands/adapter.h"
#include "tools/concordat/commands/adapter_build.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

struct VerifyOptions {
  std::string folder;
  uint64_t seed = 1;
  std::string time = "PT10S";
  uint64_t memory = 512;  // MiB
  std::string keep;
  std::string output;
};

int Build(const Context& context, const BuildOptions& options) {
  const absl::StatusOr<BuiltAdapter> built = BuildAdapter(options);
  if (!built.ok()) return Fail(built.status());
  if (context.json) {
    PrintJson(json::Object{{"name", built->name}, {"folder", built->folder}, {"digest", built->digest}});
    return kFine;
  }
  fmt::print("built {} in {}\n  {}\n", built->name, built->folder, built->digest);
  if (!context.quiet) fmt::print(stderr, "next: concordat adapter verify {}\n", options.folder);
  return kFine;
}

// ISO 8601, as everywhere here; "30s" and "2m" are understood, too.
absl::StatusOr<absl::Duration> TimeOf(const std::string& text) {
  absl::Duration time;
  if (!absl::ParseDuration(text, &time)) {
    const absl::StatusOr<policy::Duration> iso = policy::ParseDuration(text);
    if (!iso.ok())
      return absl::InvalidArgumentError(
          fmt::format("--time takes a duration such as PT30S or 30s, not \"{}\"", text));
    time = absl::Seconds(iso->Seconds());
  }
  if (time < absl::ZeroDuration() || time > absl::Hours(24))
    return absl::InvalidArgumentError("--time lies between nothing and a day");
  return time;
}

absl::StatusOr<adapters::Manifest> ManifestOf(const std::string& folder) {
  Issues issues;
  adapters::Manifest manifest = adapters::ReadAdapterFolder(folder, issues);
  if (!issues.has_errors()) return manifest;
  std::string text;
  for (const Issue& issue : issues.list()) text += RenderIssue(issue);
  return absl::FailedPreconditionError(
      fmt::format("{}{}/adapter.yaml cannot be used as it stands", text, folder));
}

// A manifest with mistakes is an answer, and the answer is no.
int SayManifestIsWrong(const Context& context, const std::string& folder, const absl::Status& status) {
  if (!absl::IsFailedPrecondition(status)) return Fail(status);
  if (context.json) {
    PrintJson(
        json::Object{{"passed", false},
                     {"kit", flows::kConformanceKit},
                     {"checks", json::Array{json::Object{{"id", "manifest"},
                                                         {"title", "adapter.yaml reads without mistakes"},
                                                         {"result", "failed"},
                                                         {"detail", MessageOf(status)}}}}});
  } else {
    fmt::print(
        "failed  manifest     {}\n{}\nIt does not conform: nobody should install it before what failed is "
        "mended.\n",
        folder, MessageOf(status));
  }
  return kNo;
}

int Verify(const Context& context, const VerifyOptions& options) {
  const absl::StatusOr<std::string> folder = BuiltFolderOf(options.folder);
  if (!folder.ok()) return Fail(folder.status());
  const absl::StatusOr<adapters::Manifest> manifest = ManifestOf(*folder);
  if (!manifest.ok()) return SayManifestIsWrong(context, *folder, manifest.status());
  const absl::StatusOr<absl::Duration> time = TimeOf(options.time);
  if (!time.ok()) return Fail(time.status());
  flows::ConformanceRequest request;
  request.manifest = &*manifest;
  request.worker = WorkerPath();
  request.program = CONCORDAT_VERSION;
  request.seed = options.seed;
  request.time = *time;
  request.memory_bytes = options.memory << 20;
  request.keep = options.keep;
  request.now = absl::Now();
  flows::Certificate certificate;
  {
    Progress progress(manifest->name);
    request.progress = [&](std::string_view check) { progress.Show(check); };
    certificate = flows::VerifyAdapter(request);
  }
  const json::Object document = flows::CertificateJson(certificate);
  if (!options.output.empty()) {
    const absl::Status written = WriteFileAtomically(options.output, json::Pretty(document));
    if (!written.ok()) return Fail(written);
  }
  if (context.json) {
    PrintJson(document);
  } else {
    fmt::print("{}", flows::CertificateText(certificate));
  }
  return certificate.passed() ? kFine : kNo;
}

void AddBuild(CLI::App& noun, Context& context) {
  auto options = std::make_shared<BuildOptions>();
  CLI::App* verb = AddVerb(noun, context, "build",
                           "builds an adapter's folder and writes the digest into its adapter.yaml",
                           "  concordat adapter build bus_tickets\n"
                           "  concordat adapter build bus_tickets --sdk /opt/concordat/lib/cmake/Concordat\n"
                           "The folder to verify, sign and install is then DIR/build/adapters/NAME.",
                           [&context, options] { return Build(context, *options); });
  verb->add_option("DIR", options->folder, "the adapter's folder, with CMakeLists.txt and adapter.yaml")
      ->required();
  verb->add_option("--sdk", options->sdk,
                   "where ConcordatConfig.cmake stands (default: beside this program)");
  verb->add_option("--build", options->build, "where to build (default: DIR/build)");
}

void AddVerify(CLI::App& noun, Context& context) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* verb =
      AddVerb(noun, context, "verify", "runs the conformance kit on an adapter and prints its certificate",
              "  concordat adapter verify bus_tickets\n"
              "  concordat adapter verify bus_tickets --time 2m --seed 7 --keep broken/\n"
              "  concordat adapter verify /opt/concordat/adapters/bus_tickets --json -o certificate.json\n"
              "Exit code 0: it conforms; 1: it does not; 2: it could not be tried.",
              [&context, options] { return Verify(context, *options); });
  verb->add_option("DIR", options->folder,
                   "the adapter's folder, built, or one with adapter.yaml beside its library")
      ->required();
  verb->add_option("--seed", options->seed, "of the broken inputs: the same seed makes the same ones")
      ->capture_default_str();
  verb->add_option("--time", options->time, "for broken inputs, as PT30S or 30s")->capture_default_str();
  verb->add_option("--memory", options->memory, "MiB that a run may have")
      ->capture_default_str()
      ->check(CLI::Range(16, 65536));
  verb->add_option("--keep", options->keep, "writes inputs that broke it to files of this folder");
  verb->add_option("-o,--output", options->output, "writes the certificate there as JSON");
}

}  // namespace

void AddAdapterAuthoring(CLI::App& noun, Context& context) {
  AddAdapterNew(noun, context);
  AddBuild(noun, context);
  AddVerify(noun, context);
}

}  // namespace concordat::cli
