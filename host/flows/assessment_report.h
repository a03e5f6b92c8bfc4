// An assessment as one JSON document: what is claimed, what stands behind it, what is missing, what is being
// done.
//
// {id, template, version, title, framework, partner, partnerName, category, group, subject, cycle, state,
// opens, due,
//  daysLeft, late, startedBy, started, submitted, submittedBy, signedOff, moderation, published,
//  answered, items, completion (0..1), mandatoryOpen, missingEvidence, level, levelName, colour, target,
//  status, why, scale, severalGroups, comments, receipt, themes: [{id, title, description, level, levelName,
//  colour, mean, lowest, target, why, answered, asked,
//    items: [{id, question, guidance, why, characteristics, anchors, accepts, evidenceRequired, mandatory,
//    applies,
//      asked, notAskedBecause, owner, target, claimed, moderated, standing, comment, by, at, revisions,
//      carriedOver, reviewNeeded, evidence (what decides), measured, attached, comments, assurance, gap,
//      ageDays, message, action}]}],
//  counts, gaps (overstated first), actions}
// What is absent is null.
#pragma once

#include "host/flows/opened_assessment.h"

namespace concordat::flows {

/// As it stands now. Pure but for the host's clock and names.
json::Object AssessmentJson(const HostParts& host, const OpenedAssessment& opened,
                            const assess::Position& position);

/// The document of `opened` for people: what was kept at submission with the actions and days of today, or,
/// while it is open, as it stands.
absl::StatusOr<json::Object> DocumentOf(const HostParts& host, const OpenedAssessment& opened);

/// The document, or a list of those the caller may see when `id` is empty:
/// [{id, template, version, partner, partnerName, group, cycle, state, started, submitted, due, level,
/// completion}].
absl::StatusOr<json::Value> ShowAssessment(const HostParts& host, const Caller& caller,
                                           const std::string& id);

/// [{kind, item, by, at, ...}] of every event with its body (assessment_events.h), oldest first; of evidence
/// the body's kind is `evidenceKind`.
absl::StatusOr<json::Value> AssessmentHistory(const HostParts& host, const Caller& caller,
                                              const std::string& id);

/// [{level, name, description, colour}].
json::Array ScaleJson(const policy::AssessmentTemplate& form);

/// One action: {id, item, title, owner, resource, due, daysLate, state, createdBy, created, closedAt,
/// closedBy, evidence, ...}.
json::Object ActionJson(const HostParts& host, const store::ImprovementAction& action);

/// How far it is answered, 0..1.
absl::StatusOr<double> CompletionOf(const HostParts& host, const store::Assessment& assessment);

/// Name of the partner, or its id when the policies have none any more.
std::string NameOf(const HostParts& host, const PartnerId& partner);
/// Of a day on which something ends: its last second; "2026-11-20" of a time, or null.
absl::Time EndOfDay(int64_t day);
json::Value DayJson(const std::optional<absl::Time>& time);
/// Whole days from today until the day of `due`; negative once it has passed.
int64_t DaysLeft(absl::Time due, absl::Time now);

}  // namespace concordat::flows
