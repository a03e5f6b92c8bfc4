// Calls that each carry ten rulings, over mutual TLS, each on record before its answer:
//   ruling_calls HOST CA CERT KEY DATASET PURPOSE SECONDS CONNECTIONS
// Each connection waits for its answer before it asks again. Prints
// {"calls":N,"failed":N,"seconds":S,"p50_ms":M,"p99_ms":M}.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

#include "concordat/v1/exchange.grpc.pb.h"
#include "fmt/format.h"
#include "tools/concordat/connection.h"

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kRulings = 10;

double MsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Client {
  std::vector<double> waits_ms;
  int failed = 0;
};

void Ask(const concordat::cli::Context& context, const char* dataset, const char* purpose, double seconds,
         Client& client) {
  const absl::StatusOr<concordat::cli::Connection> connection = concordat::cli::Connect(context);
  if (!connection.ok()) {
    ++client.failed;
    return;
  }
  const auto stub = concordat::v1::ExchangeService::NewStub(connection->channel);
  concordat::v1::RuleRequest request;
  for (int i = 0; i < kRulings; ++i) {
    concordat::v1::ExchangeRequest& one = *request.add_requests();
    one.set_dataset(dataset);
    one.set_purpose(i % 2 == 0 ? purpose : "dpv:Marketing");
  }
  const Clock::time_point start = Clock::now();
  while (MsSince(start) < seconds * 1000) {
    grpc::ClientContext call;
    concordat::v1::RuleReply reply;
    const Clock::time_point asked = Clock::now();
    const bool good = stub->Rule(&call, request, &reply).ok() && reply.rulings_size() == kRulings &&
                      !reply.receipt_json().empty();
    client.waits_ms.push_back(MsSince(asked));
    client.failed += good ? 0 : 1;
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
  std::vector<Client> clients(static_cast<size_t>(std::atoi(argv[8])));
  std::vector<std::thread> threads;
  const Clock::time_point start = Clock::now();
  for (Client& client : clients)
    threads.emplace_back([&] { Ask(context, argv[5], argv[6], std::atof(argv[7]), client); });
  for (std::thread& thread : threads) thread.join();
  const double seconds = MsSince(start) / 1000;
  std::vector<double> waits;
  int failed = 0;
  for (const Client& client : clients) {
    waits.insert(waits.end(), client.waits_ms.begin(), client.waits_ms.end());
    failed += client.failed;
  }
  std::sort(waits.begin(), waits.end());
  const auto quantile = [&](double share) {
    return waits.empty() ? 0 : waits[static_cast<size_t>(share * static_cast<double>(waits.size() - 1))];
  };
  fmt::print("{{\"calls\":{},\"failed\":{},\"seconds\":{:.3f},\"p50_ms\":{:.2f},\"p99_ms\":{:.2f}}}\n",
             waits.size(), failed, seconds, quantile(0.5), quantile(0.99));
  return failed == 0 && !waits.empty() ? 0 : 1;
}
