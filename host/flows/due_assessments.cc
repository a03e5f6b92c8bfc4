#include "host/flows/due_assessments.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/flows/assessment_report.h"

namespace concordat::flows {
namespace {

using store::Assessment;
using store::AssessmentCycle;

const Assessment* Begun(const std::vector<Assessment>& assessments, const AssessmentCycle& cycle,
                        const PartnerId& partner, const std::string& group) {
  for (const Assessment& assessment : assessments) {
    if (assessment.template_id == cycle.template_id && assessment.cycle == cycle.cycle &&
        assessment.partner == partner && assessment.group == group)
      return &assessment;
  }
  return nullptr;
}

std::string TitleOf(const HostParts& host, const std::string& template_id) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  const policy::AssessmentTemplate* form = policies->set->FindTemplate(TemplateId(template_id));
  return form == nullptr ? template_id : form->title;
}

std::string HowToClose(const AssessmentCycle& cycle, const Assessment* begun, const std::string& group) {
  if (begun != nullptr) return fmt::format("concordat assess submit {}", begun->id);
  const std::string option = group.empty() ? "" : fmt::format(" --group \"{}\"", group);
  return fmt::format("concordat assess start {} --cycle {}{}", cycle.template_id, cycle.cycle, option);
}

json::Object CycleJson(const HostParts& host, const AssessmentCycle& cycle, const PartnerId& partner,
                       const std::string& group, const Assessment* begun) {
  const auto or_null = [](const std::string& text) {
    return text.empty() ? json::Value(nullptr) : json::Value(text);
  };
  return {{"kind", "assessment"},
          {"id", begun == nullptr ? cycle.template_id + "/" + cycle.cycle : begun->id},
          {"template", cycle.template_id},
          {"title", TitleOf(host, cycle.template_id)},
          {"cycle", cycle.cycle},
          {"group", or_null(group)},
          {"subject", or_null(cycle.subject)},
          {"assessment", begun == nullptr ? json::Value(nullptr) : json::Value(begun->id)},
          {"partner", partner.str()},
          {"state", begun == nullptr ? "not_started" : "open"},
          {"due", DayJson(cycle.due)},
          {"daysLate", std::max<int64_t>(0, -DaysLeft(cycle.due, host.clock->Now()))},
          {"closeWith", HowToClose(cycle, begun, group)}};
}

absl::Status AddCycles(const HostParts& host, const std::optional<PartnerId>& partner,
                       std::vector<OwedObligation>& owed) {
  ASSIGN_OR_RETURN(const std::vector<AssessmentCycle> cycles, host.store->ListCycles(""));
  ASSIGN_OR_RETURN(const std::vector<Assessment> assessments, host.store->ListAssessments(partner));
  for (const AssessmentCycle& cycle : cycles) {
    if (cycle.opens > host.clock->Now()) continue;
    const auto add = [&](const PartnerId& who, const std::string& group) {
      if (partner && who != *partner) return;
      const Assessment* begun = Begun(assessments, cycle, who, group);
      if (begun == nullptr || begun->state == "open")
        owed.push_back({cycle.due, CycleJson(host, cycle, who, group, begun)});
    };
    for (const PartnerId& who : cycle.partners) add(who, "");
    for (const auto& [group, who] : cycle.groups) add(who, group);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<OwedObligation>> OwedAssessments(const HostParts& host,
                                                            const std::optional<PartnerId>& partner) {
  std::vector<OwedObligation> owed;
  RETURN_IF_ERROR(AddCycles(host, partner, owed));
  ASSIGN_OR_RETURN(const std::vector<store::ImprovementAction> actions,
                   host.store->ListActions({.partner = partner, .state = "open"}));
  for (const store::ImprovementAction& action : actions) {
    json::Object object = ActionJson(host, action);
    object["kind"] = "action";
    object["closeWith"] = fmt::format("concordat assess actions close {} --evidence \"...\"", action.id);
    owed.push_back({action.due, std::move(object)});
  }
  return owed;
}

}  // namespace concordat::flows
