// One source through adapter, mapping and rules: bytes in, judgement out, in the memory of a few batches.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "host/adapters/session.h"
#include "host/flows/policies.h"
#include "host/mapping/mapper.h"

namespace concordat::flows {

/// Threads that judge one file, when nobody says how many: half of the processors, for the other half reads.
size_t DefaultJudgingThreads();

/// What is judged: an open, seekable file and what is known of it.
struct Source {
  int fd = -1;       // not owned
  std::string name;  // as the user named it
  uint64_t bytes = 0;
  std::string digest;    // "sha256:..."; empty when it was not taken
  std::string key = {};  // empty: plain bytes; else sealed blocks under it (host/base/sealed_blocks.h)
};

/// What a feed stands for under one policy set and one catalog; all pointers live as long as those.
struct FeedPlan {
  std::shared_ptr<const LoadedPolicies> policies;
  const policy::Feed* feed = nullptr;
  const policy::Contract* contract = nullptr;
  const policy::ContractObject* object = nullptr;
  const policy::Partner* partner = nullptr;
  adapters::Catalog catalog;                     // keeps the next alive
  const adapters::Manifest* manifest = nullptr;  // the version that the feed names, else the one in use
  std::shared_ptr<const quality::CompiledRules> rules;
  std::vector<std::pair<std::string, std::string>> options;  // of the adapter, defaults filled in
};
/// NotFound with "did you mean" when there is no such feed, adapter or version; FailedPrecondition when the
/// adapter's library cannot run here.
absl::StatusOr<FeedPlan> PlanFeed(std::shared_ptr<const LoadedPolicies> policies,
                                  const adapters::Catalog& catalog, const FeedId& feed);

/// Receives each judged batch, in order, on the judging thread.
class RecordSink {
 public:
  virtual ~RecordSink() = default;
  virtual absl::Status OnBatch(std::shared_ptr<const data::RawBatch> raw,
                               std::shared_ptr<const data::Batch> batch, data::RowSet held_back) = 0;
};

struct PipelineRun {
  FeedPlan plan;
  Source source;
  quality::RunContext context;
  adapters::CorrectionSet corrections;
  bool refuse_mend_file = false;  // FailedPrecondition when the columns of a file to mend are met
  std::string worker;             // path of concordat-worker
  adapters::Limits limits;        // the host's; the feed may narrow them
  size_t batch_rows = 0;  // at most so many records are judged at once; 0: as the adapter delivers them
  quality::FindingSink* findings = nullptr;        // may be null
  RecordSink* records = nullptr;                   // may be null
  std::function<void(uint64_t records)> progress;  // may be empty; called now and then
  std::function<bool()> cancelled;  // may be empty; asked once a batch, true ends with Cancelled
};

struct Judged {
  quality::Outcome outcome;
  bool source_unreadable = false;  // as a whole: the outcome is a rejection that says why
  data::SourceFacts facts;
  mapping::Matching matching;
  std::vector<std::string> record_columns;  // of the records: the source's, unless the feed makes others of them
  uint64_t left_out = 0;                    // records of the source that the feed's `rows` left out
  std::vector<std::string> notes;           // of the mapping, for people
  double seconds = 0;
};

/// Errors: Aborted and DeadlineExceeded when the adapter failed, anything else when the host could not do the
/// work.
absl::StatusOr<Judged> JudgeSource(const PipelineRun& run);

}  // namespace concordat::flows
