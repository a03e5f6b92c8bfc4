// Rounds of self-assessment: opened by the administrator, started by each partner.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "host/flows/opened_assessment.h"

namespace concordat::flows {

/// [{id, version, title, framework, licence, scale, themes, items}]; of the one template that is named also
/// all questions. NotFound names the nearest one.
absl::StatusOr<json::Value> ListTemplates(const HostParts& host, const std::string& template_id);

struct CycleRequest {
  std::string template_id;
  std::string cycle;                          // empty: the running financial year
  std::vector<std::string> partners;          // empty and no groups: all whom the template asks something
  std::map<std::string, std::string> groups;  // group -> the partner whose stewards write for it
  std::string opens;                          // a date; empty: now
  std::string due;                            // a date
  std::string subject;
};

/// The cycle as ListCycles has it. By the administrator. InvalidArgument for unknown partners (all named),
/// groups of a template that has none, dates in the wrong order or past; AlreadyExists.
absl::StatusOr<json::Value> OpenCycle(const HostParts& host, const Caller& caller,
                                      const CycleRequest& request);

/// [{template, version, title, cycle, subject, opens, due, daysLeft, partners: [{partner, partnerName, group,
/// state, completion, assessment}], others}], newest first. A partner sees its own lines and the number of
/// the others.
absl::StatusOr<json::Value> ListCycles(const HostParts& host, const Caller& caller,
                                       const std::string& template_id);

struct StartRequest {
  std::string template_id;
  std::string cycle;   // empty: of the opened ones that the partner has not begun the one due first, else the
                       // running financial year
  std::string group;   // empty: the partner's own, or the one group it writes for
  bool fresh = false;  // nothing is carried over
};

/// Opens one for the caller's partner, with last cycle's answers and evidence to be reviewed.
/// FailedPrecondition when the cycle was opened for others only or has not begun; AlreadyExists names the one
/// there is.
absl::StatusOr<json::Value> StartAssessment(const HostParts& host, const Caller& caller,
                                            const StartRequest& request);

/// The template in force; NotFound names the nearest one.
absl::StatusOr<const policy::AssessmentTemplate*> FindTemplate(const policy::PolicySet& policies,
                                                               const std::string& id);

}  // namespace concordat::flows
