#include "host/flows/assessment_cycles.h"

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/data/parse.h"
#include "host/flows/assessment_report.h"
#include "host/flows/carry_over.h"

namespace concordat::flows {
namespace {

using store::Assessment;
using store::AssessmentCycle;

int64_t Today(const HostParts& host) {
  const absl::CivilDay today = absl::ToCivilDay(host.clock->Now(), absl::UTCTimeZone());
  return data::DaysFromCivil(static_cast<int>(today.year()), today.month(), today.day());
}

absl::StatusOr<std::string> RunningYear(const HostParts& host) {
  const policy::Partnership& partnership = host.policies->Get()->set->partnership;
  ASSIGN_OR_RETURN(const policy::Duration year, policy::ParseDuration("P1Y"));
  ASSIGN_OR_RETURN(
      const policy::Period period,
      policy::PeriodContaining(Today(host), year, partnership.year_start_month, partnership.year_start_day));
  return period.id;
}

// One year has one name.
absl::StatusOr<std::string> CycleName(const HostParts& host, const std::string& wanted) {
  if (wanted.empty()) return RunningYear(host);
  const policy::Partnership& partnership = host.policies->Get()->set->partnership;
  ASSIGN_OR_RETURN(const policy::Period period,
                   policy::ParsePeriod(wanted, partnership.year_start_month, partnership.year_start_day));
  return period.id;
}

bool AsksSomething(const policy::AssessmentTemplate& form, const std::string& category) {
  for (const policy::AssessmentTheme& theme : form.themes) {
    for (const policy::AssessmentItem& item : theme.items) {
      if (item.applies_to.empty() || policy::NamesCategory(item.applies_to, category)) return true;
    }
  }
  return false;
}

// All names that are no partner's, at once.
absl::Status RequirePartners(const policy::PolicySet& set, const CycleRequest& request) {
  std::vector<std::string> wanted = request.partners;
  for (const auto& [group, partner] : request.groups) wanted.push_back(partner);
  std::vector<std::string> known;
  for (const policy::Partner& partner : set.partners) known.push_back(partner.id.str());
  std::vector<std::string> mistakes;
  for (const std::string& id : wanted) {
    if (set.FindPartner(PartnerId(id)) == nullptr)
      mistakes.push_back(fmt::format("there is no partner \"{}\"; {}", id, DidYouMean(id, known)));
  }
  if (mistakes.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("{}", fmt::join(mistakes, "; ")));
}

absl::Status RequireGroups(const policy::AssessmentTemplate& form, const CycleRequest& request) {
  if (request.groups.empty() || form.several_groups) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("{} is answered once a partner and knows no groups; name partners instead", form.id.str()));
}

absl::StatusOr<int64_t> DayOf(const std::string& text, std::string_view option) {
  if (const std::optional<int64_t> day = policy::ParseDay(text)) return *day;
  return absl::InvalidArgumentError(
      text.empty() ? fmt::format("say by when: {} 2027-03-31", option)
                   : fmt::format("{}: \"{}\" is no date; write it as 2027-03-31", option, text));
}

absl::Status SetDates(const HostParts& host, const CycleRequest& request, AssessmentCycle& cycle) {
  const int64_t today = Today(host);
  ASSIGN_OR_RETURN(const int64_t due, DayOf(request.due, "--due"));
  if (due < today)
    return absl::InvalidArgumentError(fmt::format("--due {} has passed; name a date to come", request.due));
  cycle.opens = host.clock->Now();
  int64_t opens = today;
  if (!request.opens.empty()) {
    ASSIGN_OR_RETURN(opens, DayOf(request.opens, "--opens"));
    cycle.opens = absl::UnixEpoch() + absl::Hours(24) * opens;
  }
  if (due < opens) {
    return absl::InvalidArgumentError(
        fmt::format("it would be due on {}, before it opens on {}", request.due, data::DateText(opens)));
  }
  cycle.due = EndOfDay(due);
  return absl::OkStatus();
}

void SetPartners(const policy::PolicySet& set, const policy::AssessmentTemplate& form,
                 const CycleRequest& request, AssessmentCycle& cycle) {
  for (const auto& [group, partner] : request.groups) cycle.groups[group] = PartnerId(partner);
  for (const std::string& partner : request.partners) {
    const PartnerId id(partner);
    if (std::find(cycle.partners.begin(), cycle.partners.end(), id) == cycle.partners.end())
      cycle.partners.push_back(id);
  }
  if (!cycle.partners.empty() || !cycle.groups.empty()) return;
  for (const policy::Partner& partner : set.partners) {
    if (AsksSomething(form, partner.category)) cycle.partners.push_back(partner.id);
  }
}

/// Who answers in a cycle, and where they stand.
struct Line {
  PartnerId partner;
  std::string group;
  const Assessment* assessment = nullptr;
};

std::vector<Line> LinesOf(const AssessmentCycle& cycle, const std::vector<Assessment>& assessments) {
  std::vector<Line> lines;
  for (const PartnerId& partner : cycle.partners) lines.push_back({partner, "", nullptr});
  for (const auto& [group, partner] : cycle.groups) lines.push_back({partner, group, nullptr});
  for (const Assessment& assessment : assessments) {
    if (assessment.template_id != cycle.template_id || assessment.cycle != cycle.cycle) continue;
    const auto line = std::find_if(lines.begin(), lines.end(), [&](const Line& known) {
      return known.partner == assessment.partner && known.group == assessment.group;
    });
    if (line == lines.end()) {
      lines.push_back(
          {assessment.partner, assessment.group, &assessment});  // begun before the cycle was opened
    } else {
      line->assessment = &assessment;
    }
  }
  return lines;
}

absl::StatusOr<json::Object> LineJson(const HostParts& host, const Line& line) {
  json::Object object{{"partner", line.partner.str()}, {"partnerName", NameOf(host, line.partner)}};
  object["group"] = line.group.empty() ? json::Value(nullptr) : json::Value(line.group);
  object["state"] = line.assessment == nullptr ? "not_started" : line.assessment->state;
  object["completion"] = 0.0;
  object["assessment"] = nullptr;
  if (line.assessment == nullptr) return object;
  ASSIGN_OR_RETURN(const double completion, CompletionOf(host, *line.assessment));
  object["completion"] = completion;
  object["assessment"] = line.assessment->id;
  return object;
}

absl::StatusOr<json::Object> CycleJson(const HostParts& host, const Caller& caller,
                                       const AssessmentCycle& cycle,
                                       const std::vector<Assessment>& assessments) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  const policy::AssessmentTemplate* form = policies->set->FindTemplate(TemplateId(cycle.template_id));
  json::Array lines;
  size_t others = 0;
  for (const Line& line : LinesOf(cycle, assessments)) {
    if (!caller.administrator && caller.partner != line.partner) {
      ++others;
      continue;
    }
    ASSIGN_OR_RETURN(json::Object object, LineJson(host, line));
    lines.push_back(std::move(object));
  }
  return json::Object{{"template", cycle.template_id},
                      {"version", cycle.template_version},
                      {"title", form == nullptr ? cycle.template_id : form->title},
                      {"cycle", cycle.cycle},
                      {"subject", cycle.subject.empty() ? json::Value(nullptr) : json::Value(cycle.subject)},
                      {"opens", DayJson(cycle.opens)},
                      {"due", DayJson(cycle.due)},
                      {"daysLeft", DaysLeft(cycle.due, host.clock->Now())},
                      {"openedBy", cycle.opened_by},
                      {"partners", std::move(lines)},
                      {"others", others}};
}

json::Object QuestionJson(const policy::AssessmentItem& item) {
  json::Array accepts, measures;
  for (const std::string& kind : item.evidence.accepts) accepts.emplace_back(kind);
  for (const policy::Measure& measure : item.evidence.measures)
    measures.emplace_back(assess::MeasureInWords(measure));
  json::Object anchors;
  for (const auto& [level, text] : item.anchors) anchors[std::to_string(level)] = text;
  return {{"id", item.id},
          {"question", item.question},
          {"guidance", item.guidance},
          {"why", item.why},
          {"anchors", std::move(anchors)},
          {"accepts", std::move(accepts)},
          {"measured", std::move(measures)}};
}

json::Object TemplateJson(const policy::AssessmentTemplate& form, bool with_questions) {
  size_t count = 0;
  json::Array themes;
  for (const policy::AssessmentTheme& theme : form.themes) {
    json::Object object{{"id", theme.id}, {"title", theme.title}, {"description", theme.description}};
    json::Array items;
    for (const policy::AssessmentItem& item : theme.items) items.push_back(QuestionJson(item));
    object["count"] = items.size();
    if (with_questions) object["items"] = std::move(items);
    themes.push_back(std::move(object));
    count += theme.items.size();
  }
  return {{"id", form.id.str()},
          {"version", form.version},
          {"title", form.title},
          {"framework", form.framework},
          {"licence", form.licence},
          {"guidance", form.guidance},
          {"severalGroups", form.several_groups},
          {"scale", ScaleJson(form)},
          {"themes", std::move(themes)},
          {"items", count}};
}

bool Includes(const AssessmentCycle& cycle, const PartnerId& partner) {
  if (std::find(cycle.partners.begin(), cycle.partners.end(), partner) != cycle.partners.end()) return true;
  return std::any_of(cycle.groups.begin(), cycle.groups.end(),
                     [&](const auto& group) { return group.second == partner; });
}

/// The groups that a partner writes for; its own line is the empty one.
std::vector<std::string> GroupsOf(const AssessmentCycle& cycle, const PartnerId& partner) {
  std::vector<std::string> groups;
  if (std::find(cycle.partners.begin(), cycle.partners.end(), partner) != cycle.partners.end())
    groups.emplace_back();
  for (const auto& [group, writer] : cycle.groups) {
    if (writer == partner) groups.push_back(group);
  }
  return groups;
}

const Assessment* Begun(const std::vector<Assessment>& own, const std::string& template_id,
                        const std::string& cycle, const std::string& group) {
  for (const Assessment& assessment : own) {
    if (assessment.template_id == template_id && assessment.cycle == cycle && assessment.group == group)
      return &assessment;
  }
  return nullptr;
}

// Of the opened cycles in which the partner has something left to begin, the one that is due first.
const AssessmentCycle* NextToBegin(const HostParts& host, const std::vector<AssessmentCycle>& cycles,
                                   const PartnerId& partner, const std::vector<Assessment>& own) {
  const AssessmentCycle* next = nullptr;
  for (const AssessmentCycle& cycle : cycles) {
    if (cycle.opens > host.clock->Now()) continue;
    const std::vector<std::string> groups = GroupsOf(cycle, partner);
    const bool left = std::any_of(groups.begin(), groups.end(), [&](const std::string& group) {
      return Begun(own, cycle.template_id, cycle.cycle, group) == nullptr;
    });
    if (left && (next == nullptr || cycle.due < next->due)) next = &cycle;
  }
  return next;
}

absl::Status RequireInvited(const HostParts& host, const AssessmentCycle& cycle, const PartnerId& partner) {
  if (!Includes(cycle, partner)) {
    return absl::FailedPreconditionError(fmt::format(
        "the cycle {} of {} was opened for other partners; ask the administrator, or name another "
        "--cycle",
        cycle.cycle, cycle.template_id));
  }
  if (cycle.opens <= host.clock->Now()) return absl::OkStatus();
  return absl::FailedPreconditionError(fmt::format("the cycle {} of {} opens on {}", cycle.cycle,
                                                   cycle.template_id, TimeText(cycle.opens).substr(0, 10)));
}

// The group that is meant, among those that the cycle gives the partner.
absl::StatusOr<std::string> InvitedGroup(const AssessmentCycle& cycle, const PartnerId& partner,
                                         const std::string& wanted) {
  const std::vector<std::string> groups = GroupsOf(cycle, partner);
  if (std::find(groups.begin(), groups.end(), wanted) != groups.end()) return wanted;
  if (wanted.empty() && groups.size() == 1) return groups.front();
  return absl::InvalidArgumentError(fmt::format("{} writes in this cycle for {}: name one with --group",
                                                partner.str(), fmt::join(groups, ", ")));
}

absl::Status RequireNotBegun(const std::vector<Assessment>& own, const Assessment& wanted) {
  const Assessment* begun = Begun(own, wanted.template_id, wanted.cycle, wanted.group);
  if (begun == nullptr) return absl::OkStatus();
  return absl::AlreadyExistsError(fmt::format("{} has {} for {} {} already, {}: concordat assess show {}",
                                              wanted.partner.str(), begun->id, begun->template_id,
                                              begun->cycle, begun->state, begun->id));
}

// All of a cycle answer the questions it was opened with, whatever the template says by now.
void TakeTemplateOf(const AssessmentCycle& cycle, Assessment& assessment) {
  assessment.template_version = cycle.template_version;
  assessment.template_digest = cycle.template_digest;
  assessment.template_text = cycle.template_text;
}

absl::Status RequireInPolicies(const policy::PolicySet& policies, const PartnerId& partner) {
  if (policies.FindPartner(partner) != nullptr) return absl::OkStatus();
  return absl::PermissionDeniedError(
      fmt::format("{} is no partner of this partnership any more; ask the administrator", partner.str()));
}

// Which cycle and group are meant, and that the partner may begin there.
absl::Status Place(const HostParts& host, const policy::AssessmentTemplate& form, const StartRequest& request,
                   const std::vector<Assessment>& own, Assessment& assessment) {
  ASSIGN_OR_RETURN(const std::vector<AssessmentCycle> cycles, host.store->ListCycles(form.id.str()));
  const AssessmentCycle* next =
      request.cycle.empty() ? NextToBegin(host, cycles, assessment.partner, own) : nullptr;
  if (next != nullptr) {
    assessment.cycle = next->cycle;
  } else {
    ASSIGN_OR_RETURN(assessment.cycle, CycleName(host, request.cycle));
  }
  assessment.group = request.group;
  for (const AssessmentCycle& cycle : cycles) {
    if (cycle.cycle != assessment.cycle) continue;
    RETURN_IF_ERROR(RequireInvited(host, cycle, assessment.partner));
    TakeTemplateOf(cycle, assessment);
    ASSIGN_OR_RETURN(assessment.group, InvitedGroup(cycle, assessment.partner, request.group));
  }
  if (assessment.group.empty() || form.several_groups) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("{} is answered once a partner and knows no groups; leave --group out", form.id.str()));
}

// The newest earlier one of the same template and group.
const Assessment* LastOf(const std::vector<Assessment>& own, const Assessment& next) {
  const Assessment* last = nullptr;
  for (const Assessment& assessment : own) {
    if (assessment.template_id == next.template_id && assessment.group == next.group) last = &assessment;
  }
  return last;
}

}  // namespace

absl::StatusOr<const policy::AssessmentTemplate*> FindTemplate(const policy::PolicySet& policies,
                                                               const std::string& id) {
  if (const policy::AssessmentTemplate* form = policies.FindTemplate(TemplateId(id))) return form;
  std::vector<std::string> ids;
  for (const policy::AssessmentTemplate& known : policies.templates) ids.push_back(known.id.str());
  return absl::NotFoundError(fmt::format("there is no template \"{}\"; {}", id, DidYouMean(id, ids)));
}

absl::StatusOr<json::Value> ListTemplates(const HostParts& host, const std::string& template_id) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  json::Array list;
  if (!template_id.empty()) {
    ASSIGN_OR_RETURN(const policy::AssessmentTemplate* form, FindTemplate(*policies->set, template_id));
    list.push_back(TemplateJson(*form, true));
    return list;
  }
  for (const policy::AssessmentTemplate& form : policies->set->templates)
    list.push_back(TemplateJson(form, false));
  return list;
}

absl::StatusOr<json::Value> OpenCycle(const HostParts& host, const Caller& caller,
                                      const CycleRequest& request) {
  RETURN_IF_ERROR(RequireAdministrator(caller, "open a cycle of self-assessments"));
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  ASSIGN_OR_RETURN(const policy::AssessmentTemplate* form, FindTemplate(*policies->set, request.template_id));
  RETURN_IF_ERROR(RequirePartners(*policies->set, request));
  RETURN_IF_ERROR(RequireGroups(*form, request));
  AssessmentCycle cycle;
  cycle.template_id = form->id.str();
  cycle.template_version = form->version;
  cycle.template_digest = form->digest;
  cycle.template_text = form->place.source->text;
  ASSIGN_OR_RETURN(cycle.cycle, CycleName(host, request.cycle));
  cycle.subject = request.subject;
  RETURN_IF_ERROR(SetDates(host, request, cycle));
  SetPartners(*policies->set, *form, request, cycle);
  cycle.opened_by = caller.spiffe_id;
  cycle.opened = host.clock->Now();
  RETURN_IF_ERROR(host.store->OpenCycle(cycle));
  ASSIGN_OR_RETURN(const std::vector<Assessment> assessments, host.store->ListAssessments(std::nullopt));
  ASSIGN_OR_RETURN(json::Object object, CycleJson(host, caller, cycle, assessments));
  return object;
}

absl::StatusOr<json::Value> ListCycles(const HostParts& host, const Caller& caller,
                                       const std::string& template_id) {
  ASSIGN_OR_RETURN(const std::vector<AssessmentCycle> cycles, host.store->ListCycles(template_id));
  ASSIGN_OR_RETURN(const std::vector<Assessment> assessments, host.store->ListAssessments(std::nullopt));
  json::Array list;
  for (const AssessmentCycle& cycle : cycles) {
    ASSIGN_OR_RETURN(json::Object object, CycleJson(host, caller, cycle, assessments));
    list.push_back(std::move(object));
  }
  return list;
}

absl::StatusOr<json::Value> StartAssessment(const HostParts& host, const Caller& caller,
                                            const StartRequest& request) {
  RETURN_IF_ERROR(RequireRole(caller, caller.partner, {"steward"}, "start a self-assessment"));
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  RETURN_IF_ERROR(RequireInPolicies(*policies->set, caller.partner));
  ASSIGN_OR_RETURN(const policy::AssessmentTemplate* form, FindTemplate(*policies->set, request.template_id));
  ASSIGN_OR_RETURN(const std::vector<Assessment> own, host.store->ListAssessments(caller.partner));
  Assessment assessment;
  assessment.id = NewRandomId("A-");
  assessment.template_id = form->id.str();
  assessment.template_version = form->version;
  assessment.template_digest = form->digest;
  assessment.template_text = form->place.source->text;
  assessment.partner = caller.partner;
  assessment.state = "open";
  assessment.started_by = caller.spiffe_id;
  assessment.started = host.clock->Now();
  RETURN_IF_ERROR(Place(host, *form, request, own, assessment));
  RETURN_IF_ERROR(RequireNotBegun(own, assessment));
  std::vector<store::AssessmentEvent> carried;
  if (const Assessment* last = request.fresh ? nullptr : LastOf(own, assessment)) {
    ASSIGN_OR_RETURN(const policy::AssessmentTemplate taken,
                     policy::ParseAssessmentTemplate(assessment.template_id, assessment.template_text));
    ASSIGN_OR_RETURN(carried, CarriedOverFrom(host, caller, *last, taken));
  }
  RETURN_IF_ERROR(host.store->StartAssessment(assessment, carried));
  ASSIGN_OR_RETURN(const OpenedAssessment opened, OpenAssessment(host, assessment.id));
  ASSIGN_OR_RETURN(json::Object document, DocumentOf(host, opened));
  return document;
}

}  // namespace concordat::flows
