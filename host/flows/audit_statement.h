// Reciprocity: what one partner gave, got and refused in a time, from the receipts.
#pragma once

#include "host/base/json.h"
#include "host/flows/audit_query.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// {partner, span, supplied: [{dataset, submissions, records, rejected}],
///  gave: [{dataset, to, from, protocol, purpose, disclosures, rows}], got: [the same],
///  refused: [{dataset, to, protocol, purpose, requests}], wasRefused: [{dataset, protocol, purpose,
///  requests}], totals: {supplied, gave: {disclosures, rows}, got: {disclosures, rows}, refused,
///  wasRefused}}.
/// `refused` counts the host's denials of requests for the partner's data: those whose receipt names it as a
/// giver, or names no giver and a protocol under which it gives that dataset now. Rows of a disclosure with
/// several givers (`from`) count in full for each of them. PermissionDenied for another partner's.
absl::StatusOr<json::Value> StatementOf(const HostParts& host, const Caller& caller, const PartnerId& partner,
                                        const TimeSpan& span);

}  // namespace concordat::flows
