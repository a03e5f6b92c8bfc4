// A recipient doubts a record; its supplier answers; meanwhile the doubt counts in the dataset's accuracy.
#pragma once

#include <map>
#include <set>
#include <string>

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

struct DisputeRequest {
  Caller caller;  // a steward or analyst of a recipient
  DatasetId dataset;
  std::string key;    // of the record as the recipient got it, a pseudonym if that is what left
  std::string field;  // one that it got
  std::string reason;
  ReceiptId disclosure;  // empty: the newest of the recipient's that holds the record
};

/// Puts a dispute, due in 14 days, into the supplier's due list: {id, dataset, field, disclosure, due,
/// receipt, message}. PermissionDenied when no disclosure to the caller's partner holds the record,
/// InvalidArgument for a field that it did not get, AlreadyExists while the same doubt is open.
absl::StatusOr<json::Value> Dispute(const HostParts& host, const DisputeRequest& request);

/// Doubts about one submission.
struct DisputeCounts {
  uint64_t open = 0;
  uint64_t upheld = 0;
  uint64_t rejected = 0;
  std::set<std::string> records;  // tokens of the records with an open or upheld one
};

/// Of this submission; while it is current, also those about earlier ones of its feed and period that are
/// still open: sending the same data again does not answer a doubt. An upheld one ends with the submission
/// that it is about, because what supersedes that is the correction.
absl::StatusOr<DisputeCounts> DisputesOf(const HostParts& host, const store::Attempt& attempt);

/// {open, upheld, rejected}, with `accuracy` when a record is in doubt.
absl::StatusOr<json::Object> DisputesJson(const HostParts& host, const store::Attempt& attempt);

/// 0 to 100: min(measured accuracy, or 100 when none is measured; 100 x the share of accepted records without
/// an open or upheld dispute). Of a submission without records: its measured accuracy or 100.
absl::StatusOr<double> AccuracyAfterDisputes(const HostParts& host, const store::Attempt& attempt);
/// The same over all current submissions of a dataset together; measured is the mean by accepted records of
/// those that measure it.
absl::StatusOr<double> AccuracyAfterDisputes(const HostParts& host, const DatasetId& dataset);

/// For conditions: lowers a measured `scores["accuracy"]` to what disputes leave of it. One that is not
/// measured stays absent, so that a condition on it goes on denying: no dispute can turn a denial into a
/// permit.
absl::Status LowerAccuracy(const HostParts& host, const store::Attempt& attempt,
                           std::map<std::string, double>& scores);

}  // namespace concordat::flows
