#include "host/flows/opened_assessment.h"

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/flows/frozen_history.h"
#include "host/flows/partner_history.h"

namespace concordat::flows {
namespace {

absl::StatusOr<policy::AssessmentTemplate> FormOf(const HostParts& host,
                                                  const store::Assessment& assessment) {
  if (!assessment.template_text.empty())
    return policy::ParseAssessmentTemplate(assessment.template_id, assessment.template_text);
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  const policy::AssessmentTemplate* form = policies->set->FindTemplate(TemplateId(assessment.template_id));
  if (form != nullptr && form->digest == assessment.template_digest) return *form;
  return absl::FailedPreconditionError(fmt::format(
      "{} was started from {} {}, of which no copy was kept then and which has changed since; start "
      "a new one: concordat assess start {}",
      assessment.id, assessment.template_id, assessment.template_version, assessment.template_id));
}

std::string CategoryOf(const HostParts& host, const PartnerId& id) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  const policy::Partner* partner = policies->set->FindPartner(id);
  return partner == nullptr ? "" : partner->category;
}

absl::StatusOr<std::optional<store::AssessmentCycle>> FindCycle(const HostParts& host,
                                                                const store::Assessment& assessment) {
  ASSIGN_OR_RETURN(const std::vector<store::AssessmentCycle> cycles,
                   host.store->ListCycles(assessment.template_id));
  for (const store::AssessmentCycle& cycle : cycles) {
    if (cycle.cycle == assessment.cycle) return std::optional(cycle);
  }
  return std::optional<store::AssessmentCycle>();
}

bool IsPlanned(const std::vector<store::ImprovementAction>& actions, const std::string& item) {
  return std::any_of(actions.begin(), actions.end(), [&](const store::ImprovementAction& action) {
    return action.item == item && action.state != "cancelled";
  });
}

assess::Claim ClaimOf(const ItemRecord& item) {
  assess::Claim claim;
  claim.level = item.level;
  if (item.moderated) claim.moderated = item.moderated->to;
  claim.review_needed = item.review_needed;
  for (const EvidenceRecord& evidence : item.evidence) {
    if (!evidence.withdrawn) claim.attached.push_back(evidence.attached);
  }
  return claim;
}

std::string HowToReopen(const store::Assessment& assessment) {
  if (assessment.state == "submitted" || assessment.state == "signed_off") {
    return fmt::format("a second person sends it back: concordat assess return {} --reason \"...\"",
                       assessment.id);
  }
  return "what has changed since belongs into the next cycle's";
}

}  // namespace

absl::StatusOr<OpenedAssessment> OpenAssessment(const HostParts& host, const std::string& id) {
  OpenedAssessment opened;
  ASSIGN_OR_RETURN(opened.assessment, host.store->GetAssessment(id));
  ASSIGN_OR_RETURN(opened.form, FormOf(host, opened.assessment));
  ASSIGN_OR_RETURN(const std::vector<store::AssessmentEvent> events, host.store->AssessmentEvents(id));
  opened.record = FoldEvents(events);
  ASSIGN_OR_RETURN(opened.actions, host.store->ListActions({.assessment = id}));
  ASSIGN_OR_RETURN(opened.cycle, FindCycle(host, opened.assessment));
  opened.category =
      opened.record.category.empty() ? CategoryOf(host, opened.assessment.partner) : opened.record.category;
  return opened;
}

absl::StatusOr<assess::Position> PositionOfAssessment(const HostParts& host, const OpenedAssessment& opened) {
  assess::Inputs inputs;
  inputs.form = &opened.form;
  inputs.category = opened.category;
  inputs.now = opened.assessment.submitted.value_or(host.clock->Now());
  for (const auto& [id, item] : opened.record.items) {
    assess::Claim& claim = inputs.claims[id] = ClaimOf(item);
    claim.planned = IsPlanned(opened.actions, id);
  }
  if (opened.record.submitted) {
    ASSIGN_OR_RETURN(inputs.history, HistoryFromJson(opened.record.history));
  } else {
    ASSIGN_OR_RETURN(inputs.history, HistoryOfPartner(host, opened.assessment.partner, inputs.now));
  }
  return assess::PositionOf(inputs);
}

absl::Status RequireReader(const Caller& caller, const store::Assessment& assessment) {
  if (caller.administrator || caller.partner == assessment.partner) return absl::OkStatus();
  if (caller.role == "moderator" && assessment.state != "open") return absl::OkStatus();
  return absl::PermissionDeniedError(
      fmt::format("{} is another partner's: its own staff, a moderator once it is submitted, and the "
                  "administrator may look at it; you are {}",
                  assessment.id, caller.spiffe_id));
}

absl::Status RequireStaff(const Caller& caller, const store::Assessment& assessment,
                          std::initializer_list<std::string_view> roles, std::string_view what) {
  if (!caller.administrator && caller.partner != assessment.partner) {
    return absl::PermissionDeniedError(
        fmt::format("{}: {} is another partner's; you are {}", what, assessment.id, caller.spiffe_id));
  }
  return RequireRole(caller, assessment.partner, roles, what);
}

absl::Status RequireAnswerer(const Caller& caller, const store::Assessment& assessment,
                             std::string_view what) {
  RETURN_IF_ERROR(RequireStaff(caller, assessment, {"steward"}, what));
  if (assessment.state == "open") return absl::OkStatus();
  return absl::FailedPreconditionError(fmt::format("{}: {} is {} and stays as it was handed in; {}", what,
                                                   assessment.id, assessment.state, HowToReopen(assessment)));
}

absl::StatusOr<const policy::AssessmentItem*> FindItem(const OpenedAssessment& opened,
                                                       const std::string& item) {
  const policy::AssessmentItem* found = opened.form.FindItem(item);
  if (found == nullptr) {
    std::vector<std::string> ids;
    for (const policy::AssessmentTheme& theme : opened.form.themes) {
      for (const policy::AssessmentItem& known : theme.items) ids.push_back(known.id);
    }
    const std::string near = DidYouMean(item, ids);
    return absl::InvalidArgumentError(fmt::format(
        "{0} has no item \"{1}\"; {2}", opened.form.id.str(), item,
        near.empty() ? fmt::format("concordat assess templates {} lists them", opened.form.id.str()) : near));
  }
  if (found->applies_to.empty() || policy::NamesCategory(found->applies_to, opened.category)) return found;
  return absl::InvalidArgumentError(fmt::format("{} is asked of {} alone, and {} is {}", item,
                                                fmt::join(found->applies_to, ", "),
                                                opened.assessment.partner.str(), opened.category));
}

absl::Status RequireLevel(const policy::AssessmentTemplate& form, int level) {
  if (form.FindLevel(level) != nullptr) return absl::OkStatus();
  std::vector<std::string> levels;
  for (const policy::ScaleLevel& step : form.scale)
    levels.push_back(fmt::format("{} ({})", step.level, step.name));
  return absl::InvalidArgumentError(
      fmt::format("{} is no level of the scale: {}", level, fmt::join(levels, ", ")));
}

std::string PersonOf(std::string_view spiffe_id) {
  return std::string(spiffe_id.substr(spiffe_id.find_last_of('/') + 1));
}

}  // namespace concordat::flows
