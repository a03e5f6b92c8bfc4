// Corrections reach whoever holds the old record.
#pragma once

#include <string>

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

struct RectifyRequest {
  Caller caller;  // a steward of the supplier
  DatasetId dataset;
  std::string key;          // of the record, as in RecordKey of record_holders.h
  SubmissionId submission;  // the one that corrects; empty: the supplier's newest that supersedes another
  std::string reason;
};

/// Puts a rectification, due in 30 days, into the due list of every recipient that holds the record from
/// before the correction: {dataset, submission, told: [{id, partner, protocol, time, receipt, again}], due,
/// message, receipt}. `again`: it was told before, and nothing new was added. A recipient sees the key as it
/// was released to it; the supplier sees who, under which protocol, when, by which receipt, and no more.
/// FailedPrecondition when no submission of the supplier corrects another, NotFound when none held the
/// record.
absl::StatusOr<json::Value> Rectify(const HostParts& host, const RectifyRequest& request);

/// After `correction` superseded another submission: a rectification for each disclosure that names the
/// superseded one. A second call adds nothing.
absl::Status OweCorrections(const HostParts& host, const store::Attempt& correction);

}  // namespace concordat::flows
