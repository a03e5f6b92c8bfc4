// Many small submissions over mutual TLS, as a client that lives longer than one of them:
//   small_submissions HOST CA CERT KEY FILE YEAR COUNT CONNECTIONS
// Submits FILE for COUNT days from YEAR-01-01; each connection waits for its answer before it sends the next.
// Prints {"accepted":N,"seconds":S,"p50_ms":M,"p99_ms":M}.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "fmt/format.h"
#include "tools/concordat/upload.h"

namespace {

using concordat::cli::Connection;
using Clock = std::chrono::steady_clock;

double MsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Client {
  std::vector<double> waits_ms;
  int accepted = 0;
};

void SubmitDays(const concordat::cli::Context& context, const std::string& path, absl::CivilDay first,
                int count, std::atomic<int>& next, Client& client) {
  absl::StatusOr<Connection> connection = concordat::cli::Connect(context);
  absl::StatusOr<concordat::cli::SourceFile> source = concordat::cli::OpenSource(path);
  if (!connection.ok() || !source.ok()) return;
  for (int day = next++; day < count; day = next++) {
    concordat::v1::SubmitBegin begin;
    begin.set_feed("bench");
    begin.set_period(absl::FormatCivilTime(first + day));
    begin.set_source_name(source->name);
    const Clock::time_point start = Clock::now();
    const auto result =
        concordat::cli::SendFile(*connection, concordat::cli::Upload::kSubmit, begin, *source);
    client.waits_ms.push_back(MsSince(start));
    if (result.ok()) {
      ++client.accepted;
    } else {
      fmt::print(stderr, "{}\n", std::string(result.status().message()));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 9) return 2;
  concordat::cli::Context context;
  context.host = argv[1];
  context.ca = argv[2];
  context.cert = argv[3];
  context.key = argv[4];
  context.quiet = true;
  const absl::CivilDay first(std::atoi(argv[6]), 1, 1);
  const int count = std::atoi(argv[7]);
  std::vector<Client> clients(static_cast<size_t>(std::atoi(argv[8])));
  std::vector<std::thread> threads;
  std::atomic<int> next = 0;
  const Clock::time_point start = Clock::now();
  for (Client& client : clients) {
    threads.emplace_back([&] { SubmitDays(context, argv[5], first, count, next, client); });
  }
  for (std::thread& thread : threads) thread.join();
  const double seconds = MsSince(start) / 1000;
  std::vector<double> waits;
  int accepted = 0;
  for (const Client& client : clients) {
    waits.insert(waits.end(), client.waits_ms.begin(), client.waits_ms.end());
    accepted += client.accepted;
  }
  std::sort(waits.begin(), waits.end());
  const auto quantile = [&](double share) {
    return waits.empty() ? 0 : waits[static_cast<size_t>(share * static_cast<double>(waits.size() - 1))];
  };
  fmt::print("{{\"accepted\":{},\"seconds\":{:.3f},\"p50_ms\":{:.1f},\"p99_ms\":{:.1f}}}\n", accepted,
             seconds, quantile(0.5), quantile(0.99));
  return accepted == count ? 0 : 1;
}
