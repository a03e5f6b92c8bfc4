// The board's two pages: how the partnership does, in plain words, majors only, with the count of what was
// left out.
#pragma once

#include <string>

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// {asOf, partnership: {id, name}, period: {id, from, to, inWords, previous}, headline,
///  majors: [{rule, section, partner, words, where}], majorsLeftOut, rules: [{id, what, why}],
///  timeliness: {message, due, onTime, late, missing, rejected, rows: [{partner, partnerName, feed, dataset,
///  period, state,
///    daysLate, words, major}], leftOut, where},
///  quality: {message, rows: [{partner, partnerName, dataset, score, previous, change, comparable, trend,
///  confidence,
///    confidenceWhy, words, major}], leftOut, where},
///  sharing: {message, disclosures, records, refusals, flows: [{protocol, title, dataset, from, to,
///  disclosures, records,
///    words}], refused: [{to, dataset, cause, requests, words, major}], leftOut, where},
///  agreements: {message, rows: [{protocol, version, title, state, days, date, words, major}], leftOut,
///  where}, assessments: {message, standing, counts: {supported ...}, overstated, actionsOpen,
///  actionsOverdue, rows: [{partner,
///    partnerName, words, major}], leftOut, where},
///  signOff: {message, accepted, signedOff, notSignedOff, rows, leftOut, where}, leftOut}
///
/// What happened belongs to the period; what stands (agreements, assessments, actions, confidence) is as of
/// now. `major` is the id of a rule of `rules` or null. Rows are worst first, so many as two pages hold. For
/// a partner the claims, actions and accepted warnings of others are counts only.
///
/// `period` empty: the last quarter (of the partnership's year) that has ended. PermissionDenied unless the
/// caller is an administrator, or a steward, delegate or auditor of any partner.
absl::StatusOr<json::Value> PartnershipReport(const HostParts& host, const Caller& caller,
                                              const std::string& period);

}  // namespace concordat::flows
