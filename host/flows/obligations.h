// What is owed after a release, and how it is closed: deletion certificates, reviews of emergencies,
// corrections to follow, doubts to answer. Each closing leaves a receipt.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// When the recipient of data disclosed at `disclosed` must have deleted it and say so: the end of the day
/// (UTC) that lies `retention.recipient` after it; nothing when the protocol asks for no deletion
/// certificate.
std::optional<absl::Time> DeletionDue(const policy::SharingProtocol& protocol, absl::Time disclosed);

/// Puts a deletion certificate for this disclosure into the recipient's due list. Durable when it returns; a
/// second call for the same disclosure changes nothing.
absl::Status OweDeletion(const HostParts& host, const ReceiptId& disclosure, const PartnerId& recipient,
                         const DatasetId& dataset, const ProtocolId& protocol, absl::Time due);

/// Puts the review of an emergency into the due list of `partner`, whose `user` (SPIFFE ID) invoked it. Due
/// 72 hours from now unless said otherwise. Durable; a second call for the same receipt changes nothing.
absl::Status OweEmergencyReview(const HostParts& host, const ReceiptId& receipt, const PartnerId& partner,
                                const std::string& user, const std::string& reason, const std::string& basis,
                                std::optional<absl::Time> due = std::nullopt);

/// `obligations` with `label` and `reason` still readable: sealed here, given an id where they have none, a
/// time and "open", and put into the store together with the others. Their ids, in order.
absl::StatusOr<std::vector<std::string>> Owe(const HostParts& host,
                                             std::vector<store::Obligation> obligations);

struct ObligationQuery {
  std::optional<PartnerId> partner;   // who owes
  std::optional<PartnerId> asked_by;  // on whose account
  std::string kind;
  std::string state;  // open | closed; empty: both
};

/// [{id, kind, partner, askedBy, dataset, protocol, disclosure, submission, created, due, daysLate, state,
/// reason, record ...}], earliest due first. A partner sees what it owes, and what is owed on its account
/// without the owing partner's name for the record; an administrator sees none of the texts.
absl::StatusOr<json::Value> ListObligations(const HostParts& host, const Caller& caller,
                                            const ObligationQuery& query);

/// One of that list, as `viewer` may see it.
absl::StatusOr<json::Object> ObligationJson(const HostParts& host, const store::Obligation& obligation,
                                            const Caller& viewer);

/// What one partner writes for another to read (reasons, evidence): InvalidArgument names `option` when it is
/// missing, longer than 4,000 bytes, no UTF-8, or holds control characters that could trick a terminal.
absl::Status RequireWords(std::string_view text, std::string_view option, std::string_view what);

struct CloseRequest {
  Caller caller;
  std::string id;
  std::string evidence;         // what was done, by whom; required
  std::string evidence_digest;  // "sha256:..." of a file, or empty
  std::string outcome;          // of a dispute: upheld | rejected
};

/// The obligation as it stands afterwards, with the `receipt` of its closing. PermissionDenied for another
/// partner's, and for an emergency closed by whoever invoked it; InvalidArgument without evidence, or a
/// dispute without outcome; FailedPrecondition when it is closed already.
absl::StatusOr<json::Value> CloseObligation(const HostParts& host, const CloseRequest& request);

}  // namespace concordat::flows
