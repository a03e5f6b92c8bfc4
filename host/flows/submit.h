// The first story: a partner's bytes become a submission, or a rejection, with a receipt.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/flows/caller.h"
#include "host/flows/host_parts.h"
#include "host/flows/pipeline.h"
#include "host/flows/spool.h"

namespace concordat::flows {

struct SubmitRequest {
  Caller caller;
  FeedId feed;
  std::string period;  // as written
  std::string source_name;
  std::string reason;  // for superseding
  SubmissionId mends;  // not empty: `spool` is a mended file
  size_t samples = 20;
  std::function<void(uint64_t records)> progress;
  std::function<bool()> cancelled;  // true: the caller is gone; nothing is published
};

/// What came of it. `result` is the JSON of interfaces.md; `receipt` is that of the submission or of the
/// refusal.
struct SubmitResult {
  json::Object result;
  json::Value receipt;
  quality::Outcome outcome;
  SubmissionId id;
  bool repeated = false;  // the same bytes again: the first receipt
  /// Of the other feeds of the same file; `result` has them under `outputs`, too.
  std::vector<SubmitResult> outputs = {};
};

/// Checks before a byte is received, so that nobody uploads in vain: who may, which feed, which period. The
/// errors are PermissionDenied, NotFound, InvalidArgument, FailedPrecondition (the period is signed off,
/// too).
absl::StatusOr<policy::Period> AdmitSubmission(const HostParts& host, const SubmitRequest& request);

/// The whole way; then the same for each other feed of the same file (same_file_as), each with a decision and a
/// receipt of its own: one that is rejected does not hold the others back. What would refuse one before it is
/// judged refuses all. FailedPrecondition when the period has a submission and no reason was given, or the file is
/// one to mend.
absl::StatusOr<SubmitResult> Submit(const HostParts& host, const SubmitRequest& request, Spool& spool);

struct WithdrawRequest {
  Caller caller;
  SubmissionId id;
  std::string reason;
};
/// The receipt of the withdrawal. FailedPrecondition when the submission is not a current one, its period is
/// signed off or no reason is given; Aborted while another submission for the period is under way.
absl::StatusOr<json::Value> Withdraw(const HostParts& host, const WithdrawRequest& request);

}  // namespace concordat::flows
