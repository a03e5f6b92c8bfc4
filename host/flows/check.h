// Judges a file and stores nothing: offline in the client, or on the host before a submission.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "host/flows/finding_patterns.h"
#include "host/flows/pipeline.h"

namespace concordat::flows {

struct CheckRequest {
  FeedPlan plan;
  Source source;
  std::optional<policy::Period> period;
  absl::Time as_of;
  size_t samples = 20;
  size_t threads = DefaultJudgingThreads();
  size_t batch_rows = 0;  // as in PipelineRun
  std::string worker;
  adapters::Limits limits;
  std::function<void(uint64_t records)> progress;
  bool show_values = false;     // of confidential columns, in what is written
  bool patterns = false;        // also count findings by pattern of value, for reports
  std::string findings_path;    // CSV of every failure; empty: none
  std::string valid_path;       // JSON Lines of the accepted records
  std::string quarantine_path;  // the held-back records as a file to mend
  std::function<absl::StatusOr<std::shared_ptr<const quality::ReferenceTable>>(const DatasetId&)>
      dataset;                                                                           // on the host
  std::function<absl::StatusOr<std::optional<quality::PreviousSubmission>>()> previous;  // likewise
};

struct CheckResult {
  json::Object result;  // interfaces.md, "JSON of a check"
  quality::Outcome outcome;
  std::vector<PatternCount> patterns;
};

/// Errors as JudgeSource, and those of writing the files.
absl::StatusOr<CheckResult> Check(const CheckRequest& request);

}  // namespace concordat::flows
