// What must be forgotten is: by age, by submission, by subject, each with a certificate in the audit log.
#pragma once

#include <string>

#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

struct EraseRequest {
  Caller caller;  // an administrator, or a steward of the submission's partner
  SubmissionId id;
  std::string reason;
};
/// The certificate: a receipt with decision "erased". FailedPrecondition when it is erased already.
absl::StatusOr<json::Value> EraseSubmission(const HostParts& host, const EraseRequest& request);

struct EraseSubjectRequest {
  Caller caller;  // an administrator: all partners' submissions; a steward: those of the own partner
  DatasetId dataset;
  std::string field;
  std::string value;
  std::string reason;
};
/// The certificate: it names the subject by a keyed hash alone, and each submission that was written anew.
/// Kept sources of these go, too, so that they cannot be mended any more.
absl::StatusOr<json::Value> EraseSubject(const HostParts& host, const EraseSubjectRequest& request);

/// Erases what is older than its contract's retention, and sources older than keep_source; `dry_run` only
/// says what would go. An array: {submission, dataset, period, received, retention, receipt}.
absl::StatusOr<json::Value> Purge(const HostParts& host, const Caller& caller, bool dry_run);
/// The same by the host itself: at its start and once a day.
absl::StatusOr<json::Value> PurgeByRetention(const HostParts& host);

}  // namespace concordat::flows
