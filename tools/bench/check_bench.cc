// One whole check, timed: built twice, through the worker (check_bench) and with the delimited adapter linked
// in (linked_check_bench), so that the two differ in that alone. check_bench POLICIES FEED FILE WORKER
// ADAPTERS [RUNS]
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>

#include "fmt/format.h"
#include "host/flows/check.h"

namespace concordat {
namespace {

absl::Status Run(char** words, int runs) {
  Issues issues;
  const adapters::Catalog catalog = adapters::Catalog::Load({words[5]}, issues);
  const auto policies = flows::LoadPolicies(words[1], &catalog, issues);
  if (policies == nullptr) return absl::InvalidArgumentError(RenderIssue(issues.list().front()));
  flows::CheckRequest request;
  ASSIGN_OR_RETURN(request.plan, flows::PlanFeed(policies, catalog, FeedId(words[2])));
  const FileDescriptor file(open(words[3], O_RDONLY | O_CLOEXEC));
  struct stat about;
  if (!file.valid() || fstat(file.get(), &about) != 0) return ErrnoStatus(errno, words[3]);
  request.source = {file.get(), words[3], static_cast<uint64_t>(about.st_size), ""};
  request.worker = words[4];
  request.as_of = absl::Now();
  for (int i = 0; i < runs; ++i) {
    const absl::Time start = absl::Now();
    ASSIGN_OR_RETURN(const flows::CheckResult checked, flows::Check(request));
    fmt::print("{:.4f} {}\n", absl::ToDoubleSeconds(absl::Now() - start), checked.outcome.scorecard.accepted);
  }
  rusage own = {};
  rusage others = {};
  getrusage(RUSAGE_SELF, &own);
  getrusage(RUSAGE_CHILDREN, &others);
  const auto seconds = [](const rusage& used) {
    return absl::ToDoubleSeconds(absl::DurationFromTimeval(used.ru_utime) +
                                 absl::DurationFromTimeval(used.ru_stime));
  };
  fmt::print("cpu {:.4f}\n", seconds(own) + seconds(others));
  return absl::OkStatus();
}

}  // namespace
}  // namespace concordat

int main(int argc, char** argv) {
  if (argc < 6) {
    fmt::print(stderr, "check_bench POLICIES FEED FILE WORKER ADAPTERS [RUNS]\n");
    return 3;
  }
  const absl::Status status = concordat::Run(argv, argc > 6 ? std::atoi(argv[6]) : 5);
  if (!status.ok()) fmt::print(stderr, "{}\n", concordat::MessageOf(status));
  return status.ok() ? 0 : 2;
}
