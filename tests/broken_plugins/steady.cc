// Two versions of one adapter, told apart by what they write in the column "reader". A line "slow" takes its
// time, a line "crash" is the end.
#include <chrono>
#include <csignal>

#include "plugins/sdk/adapter.h"
#include "plugins/sdk/line_reader.h"

namespace {

using namespace concordat::sdk;

class Steady : public Adapter {
 public:
  explicit Steady(const Host& host) : Adapter(host), lines_(this->host()) {}

  Status Open(std::vector<std::string>& columns) override {
    columns = {"reading", "reader"};
    return Status::Ok();
  }

  Status Read(BatchBuilder& batch) override {
    while (!batch.full()) {
      std::string_view line;
      bool more = false;
      if (Status status = lines_.Next(line, more); !status.ok()) return status;
      if (!more) break;
      if (line == "slow") Spend(std::chrono::milliseconds(200));
      if (line == "crash") raise(SIGSEGV);
      if (line == "refuse") return Status::Failed("the licence has run out");
      batch.column(0).Append(line);
      batch.column(1).Append(STEADY_VERSION);
      batch.EndRecord(lines_.line_number());
    }
    return Status::Ok();
  }

 private:
  static void Spend(std::chrono::milliseconds time) {
    const auto until = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < until) {
    }
  }

  LineReader lines_;
};

}  // namespace

CONCORDAT_ADAPTER(Steady)
