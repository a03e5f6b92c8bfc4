// How fast the tamper-evident log is: durable appends from several threads, and the check of a whole log.
//   audit_bench [FOLDER] [THREADS] [SECONDS] [LEAVES]
// FOLDER (default: a new one in the folder for temporary files) should stand on the disk that will hold the
// log.
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "fmt/format.h"
#include "host/audit/leaf_file.h"
#include "host/audit/log.h"
#include "host/base/digest.h"
#include "host/base/ids.h"

namespace concordat {
namespace {

using Steady = std::chrono::steady_clock;

double SecondsSince(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

// A disclosure's receipt as the exchange makes it.
json::Object Body() {
  json::Object body;
  body["version"] = 1;
  body["kind"] = "disclosure";
  body["id"] = NewRandomId("R-");
  body["time"] = "2026-11-20T12:00:00Z";
  body["host"] = "derwent.example/concordat";
  body["subject"] = {{"dataset", "street_crime"},
                     {"protocol", "asb-hotspots"},
                     {"purpose", "dpv:PublicSafety"},
                     {"partner", "county-council"},
                     {"user", "spiffe://derwent.example/partner/county-council/analyst/alex"},
                     {"clause", "asb-hotspots/records-to-council"}};
  body["digests"] = {
      {"policy", DigestOf("policy")}, {"protocol", DigestOf("protocol")}, {"output", DigestOf("rows")}};
  body["decision"] = "permit";
  body["records"] = {{"released", 40}};
  return body;
}

int Append(const std::string& folder, int threads, double seconds) {
  const auto log = audit::Log::Open(folder, "derwent.example/concordat", *audit::Signer::Generate());
  if (!log.ok()) return fmt::print(stderr, "audit_bench: {}\n", MessageOf(log.status())), 2;
  std::vector<std::vector<double>> took(static_cast<size_t>(threads));
  std::atomic<bool> failed = false;
  const auto start = Steady::now();
  std::vector<std::thread> running;
  for (std::vector<double>& of_thread : took) {
    running.emplace_back([&] {
      while (!failed && SecondsSince(start) < seconds) {
        const auto begun = Steady::now();
        if (!(*log)->Append(Body()).ok()) failed = true;
        of_thread.push_back(SecondsSince(begun));
      }
    });
  }
  for (std::thread& thread : running) thread.join();
  const double elapsed = SecondsSince(start);
  if (failed || !(*log)->Verify().ok()) return fmt::print(stderr, "audit_bench: the log failed\n"), 2;
  std::vector<double> all;
  for (const auto& of_thread : took) all.insert(all.end(), of_thread.begin(), of_thread.end());
  std::sort(all.begin(), all.end());
  fmt::print("append: {} threads, {:.0f} durable appends/s, p50 {:.2f} ms, p99 {:.2f} ms, {} leaves in {}\n",
             threads, static_cast<double>(all.size()) / elapsed, all[all.size() / 2] * 1e3,
             all[all.size() * 99 / 100] * 1e3, all.size(), folder);
  return 0;
}

double CpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

int Verify(int leaves) {
  const audit::Signer signer = *audit::Signer::Generate();
  std::string lines;
  audit::MerkleTree tree;
  for (int i = 0; i < leaves; ++i) {
    const std::string commitment = Sha256(std::to_string(i));
    lines += audit::LeafLine(commitment);
    tree.Append(audit::LeafHash(commitment));
  }
  const std::string checkpoint = *audit::SignCheckpoint(
      {"derwent.example/concordat", static_cast<uint64_t>(leaves), tree.Root()}, signer);
  const double begun = CpuSeconds();
  const bool holds = audit::VerifyLogFile(lines, checkpoint, signer.PublicKey()).ok();
  const double took = CpuSeconds() - begun;
  fmt::print("verify: {} leaves in {:.3f} CPU seconds, {:.0f} leaves/s a core\n", leaves, took,
             leaves / took);
  return holds ? 0 : 2;
}

int Main(int argc, char** argv) {
  const bool named = argc > 1 && argv[1][0] != '\0';
  const std::string folder =
      named ? argv[1] : (std::filesystem::temp_directory_path() / NewRandomId("audit-bench-")).string();
  const int threads = argc > 2 ? std::atoi(argv[2]) : 16;
  const double seconds = argc > 3 ? std::atof(argv[3]) : 5;
  const int leaves = argc > 4 ? std::atoi(argv[4]) : 1'000'000;
  const int appended = Append(folder, threads, seconds);
  if (!named) std::filesystem::remove_all(folder);
  const int verified = Verify(leaves);
  return std::max(appended, verified);
}

}  // namespace
}  // namespace concordat

int main(int argc, char** argv) { return concordat::Main(argc, argv); }
