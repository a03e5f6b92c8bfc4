// One run of an adapter for the conformance kit: everything that came of it, in few numbers.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "host/adapters/session.h"
#include "host/flows/conformance_samples.h"

namespace concordat::flows {

/// What does not change from run to run.
struct AdapterBench {
  const adapters::Manifest* manifest = nullptr;
  std::string worker;  // path of concordat-worker
  std::vector<std::pair<std::string, data::RawBatch>> references;
  adapters::Limits limits;
};

struct AdapterTrial {
  std::string_view bytes;
  std::string name = "sample";
  std::vector<std::pair<std::string, std::string>> options = {};  // over the defaults
  uint64_t batch_rows = 0;                                        // 0: as the worker advises
  uint64_t memory_bytes = 0;                                      // 0: as the bench says
  const std::vector<ExpectedCell>* cells = nullptr;               // to be looked up
};

struct AdapterOutcome {
  enum class Kind {
    kRead,
    kRefused,  // the source is unreadable as a whole; `message` is for its steward
    kFailed,   // the adapter failed by its own word
    kBroken,   // it crashed, stalled, broke the rules of the boundary; also when the worker could not work
  };

  Kind kind = Kind::kRead;
  std::string message;
  std::vector<std::string> columns;
  uint64_t records = 0;  // readable ones
  uint64_t unreadable = 0;
  uint64_t wordless = 0;  // unreadable ones without a reason
  uint64_t blank = 0;
  std::map<std::string, uint64_t> findings;  // records that fail, by rule
  std::map<std::string, double> dimensions;
  std::map<std::pair<uint64_t, std::string>, std::string> cells;  // those asked for
  std::string digest;  // of everything that was handed over, however it was cut into batches
  double seconds = 0;
};

/// Runs in a worker of its own, in the sandbox, as a submission does.
AdapterOutcome RunAdapter(const AdapterBench& bench, const AdapterTrial& trial);

/// "read 4 records and 1 unreadable one", "refused the source: ...", for messages.
std::string InWords(const AdapterOutcome& outcome);

}  // namespace concordat::flows
