// What was sent and what became of it, as each caller may see it: their own samples, others' scores.
#pragma once

#include <memory>
#include <string>

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"
#include "host/flows/spool.h"

namespace concordat::flows {

struct SubmissionView {
  json::Value result;
  json::Value receipt;  // null for other partners
};

absl::StatusOr<SubmissionView> ViewSubmission(const HostParts& host, const Caller& caller,
                                              const SubmissionId& id);

/// [{submission, feed, partner, dataset, period, attempt, decision, state, score, grade, records, received,
/// warned, acceptances, acceptancesExpired, signedOff}], newest first: how many rules warned, how many of
/// these warnings people have accepted until now or had.
absl::StatusOr<json::Value> ListSubmissions(const HostParts& host,
                                            const store::SubmissionStore::Filter& filter);

/// Every failure as CSV (`rule` empty: of all rules), or the held-back records as a file to mend; the
/// partner's own only.
absl::StatusOr<std::unique_ptr<Spool>> FindingsFile(const HostParts& host, const Caller& caller,
                                                    const SubmissionId& id, const std::string& rule,
                                                    bool to_mend);

}  // namespace concordat::flows
