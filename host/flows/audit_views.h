// Receipts as each caller may see them, and the log's own check.
#pragma once

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// "Who saw what of dataset X in that quarter, for what purpose, under which basis": what is empty does not
/// narrow the answer.
struct ReceiptQuery {
  DatasetId dataset;
  std::string item;  // a released field
  PartnerId agency;  // who it was given to
  std::string purpose;
  ProtocolId protocol;
  std::string kind;  // submission | disclosure | refusal
  std::string from, to;
  std::string period;
  std::string subject;  // a record's key; needs `dataset`
  size_t limit = 100;
};

/// Whether the caller audits the whole host: its administrator, or an auditor of any partner.
bool SeesAll(const Caller& caller);
/// PermissionDenied unless it was given to the caller's partner, is about data of theirs, or they see all.
absl::StatusOr<store::StoredReceipt> ReceiptFor(const HostParts& host, const Caller& caller,
                                                const ReceiptId& id);

/// Newest first: [{time, agency, person, onBehalfOf, dataset, fields, rows, purpose, bases, clause, protocol,
/// decision, cause, givers, receipt, kind, partner, subject, leaf}]; `rows` is null where none were counted.
/// Own ones and those about data the caller's partner gave; all for administrators and auditors. By subject
/// only disclosures, and a partner learns it of its own data alone: asking about what it received under
/// pseudonyms would tell who stands behind them.
absl::StatusOr<json::Value> ListReceipts(const HostParts& host, const Caller& caller,
                                         const ReceiptQuery& query);
absl::StatusOr<json::Value> GetReceipt(const HostParts& host, const Caller& caller, const ReceiptId& id);
/// Reads the log back from disk: {verified, size, origin, checkpoint, message} and, when it was tampered
/// with, firstBad: {first, last, line, what}.
absl::StatusOr<json::Value> VerifyLog(const HostParts& host);

}  // namespace concordat::flows
