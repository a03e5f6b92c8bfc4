#include "host/flows/self_assessment.h"

#include <algorithm>
#include <map>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/assess/evidence.h"
#include "host/base/digest.h"
#include "host/data/parse.h"
#include "host/flows/receipts.h"

namespace concordat::flows {
namespace {

// The history that evidence is drawn from: every attempt of the partner.
absl::StatusOr<std::vector<assess::HistoryEntry>> HistoryOf(const HostParts& host, const PartnerId& partner) {
  store::SubmissionStore::Filter filter;
  filter.partner = partner;
  filter.limit = 100'000;
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, host.store->List(filter));
  std::vector<assess::HistoryEntry> history;
  for (const store::Attempt& attempt : attempts) {
    assess::HistoryEntry entry;
    entry.dataset = attempt.dataset.str();
    entry.period = attempt.period;
    entry.received = attempt.received;
    entry.first_attempt = attempt.number == 1;
    entry.accepted = attempt.verdict != record::Verdict::kReject;
    entry.clean = attempt.verdict == record::Verdict::kAccept;
    if (attempt.due) entry.on_time = attempt.received <= *attempt.due;
    const json::Value* score = json::Find(attempt.result, "score");
    if (score != nullptr && score->is_number()) entry.score = score->to_number<double>();
    const json::Value* dimensions = json::Find(attempt.result, "dimensions");
    if (dimensions != nullptr && dimensions->is_array()) {
      for (const json::Value& dimension : dimensions->get_array()) {
        const json::Value* value = json::Find(dimension, "score");
        if (value != nullptr && value->is_number()) {
          entry.dimensions.emplace_back(json::TextOr(dimension, "dimension", ""), value->to_number<double>());
        }
      }
    }
    history.push_back(std::move(entry));
  }
  return history;
}

struct Opened {
  store::Assessment assessment;
  std::shared_ptr<const LoadedPolicies> policies;
  const policy::AssessmentTemplate* form = nullptr;
};

absl::StatusOr<Opened> Open(const HostParts& host, const Caller& caller, const std::string& id) {
  Opened opened;
  ASSIGN_OR_RETURN(opened.assessment, host.store->GetAssessment(id));
  if (!caller.administrator && caller.partner != opened.assessment.partner) {
    return absl::PermissionDeniedError(fmt::format("{} belongs to {}", id, opened.assessment.partner.str()));
  }
  opened.policies = host.policies->Get();
  opened.form = opened.policies->set->FindTemplate(TemplateId(opened.assessment.template_id));
  if (opened.form == nullptr || opened.form->digest != opened.assessment.template_digest)
    opened.form = nullptr;
  return opened;
}

absl::StatusOr<const policy::AssessmentTemplate*> FormOf(const Opened& opened) {
  if (opened.form != nullptr) return opened.form;
  return absl::FailedPreconditionError(
      fmt::format("{} was started from {} {}, which has changed since; start a new one", opened.assessment.id,
                  opened.assessment.template_id, opened.assessment.template_version));
}

json::Object EvidenceJson(const assess::Evidence& evidence) {
  json::Object object{{"basis", evidence.basis}, {"observations", evidence.observations}};
  object["value"] = evidence.value ? json::Value(*evidence.value) : json::Value(nullptr);
  object["level"] = evidence.level ? json::Value(*evidence.level) : json::Value(nullptr);
  return object;
}

json::Object ItemJson(const policy::AssessmentItem& item, const store::Answer* answer,
                      const policy::AssessmentTemplate& form,
                      const std::vector<assess::HistoryEntry>& history, absl::Time now) {
  json::Object object{{"id", item.id}, {"question", item.question}, {"mandatory", item.mandatory}};
  std::optional<int> claimed;
  object["claimed"] = nullptr;
  if (answer != nullptr) {
    claimed = answer->level;
    object["claimed"] = answer->level;
    object["comment"] = answer->comment;
    object["by"] = answer->by;
    object["at"] = TimeText(answer->at);
  }
  std::optional<assess::Evidence> evidence;
  if (item.evidence) {
    evidence = assess::MeasureItem(*item.evidence, form.scale, history, now);
    object["evidence"] = EvidenceJson(*evidence);
  }
  const assess::Gap gap = assess::CompareClaim(item, claimed, evidence);
  object["assurance"] = json::Value(boost::json::string(assess::AssuranceName(gap.assurance)));
  object["gap"] = gap.levels;
  object["message"] = gap.message;
  return object;
}

absl::StatusOr<json::Object> Report(const HostParts& host, const store::Assessment& assessment,
                                    const policy::AssessmentTemplate& form) {
  ASSIGN_OR_RETURN(const std::vector<store::Answer> answers, host.store->Answers(assessment.id));
  ASSIGN_OR_RETURN(const std::vector<assess::HistoryEntry> history, HistoryOf(host, assessment.partner));
  std::map<std::string, const store::Answer*> by_item;
  for (const store::Answer& answer : answers) by_item[answer.item] = &answer;
  json::Array themes;
  size_t answered = 0;
  size_t total = 0;
  for (const policy::AssessmentTheme& theme : form.themes) {
    json::Array items;
    std::vector<int> levels;
    for (const policy::AssessmentItem& item : theme.items) {
      const auto found = by_item.find(item.id);
      const store::Answer* answer = found == by_item.end() ? nullptr : found->second;
      if (answer != nullptr) levels.push_back(answer->level);
      items.push_back(ItemJson(item, answer, form, history, host.clock->Now()));
    }
    answered += levels.size();
    total += theme.items.size();
    const std::optional<int> level =
        levels.size() == theme.items.size() ? assess::ThemeLevel(levels) : std::nullopt;
    json::Object object{{"id", theme.id}, {"title", theme.title}, {"items", std::move(items)}};
    object["level"] = level ? json::Value(*level) : json::Value(nullptr);
    themes.push_back(std::move(object));
  }
  json::Array scale;
  for (const policy::ScaleLevel& level : form.scale)
    scale.push_back(json::Object{{"level", level.level}, {"name", level.name}});
  return json::Object{{"id", assessment.id},
                      {"template", assessment.template_id},
                      {"version", assessment.template_version},
                      {"title", form.title},
                      {"partner", assessment.partner.str()},
                      {"cycle", assessment.cycle},
                      {"state", assessment.state},
                      {"answered", answered},
                      {"items", total},
                      {"scale", std::move(scale)},
                      {"themes", std::move(themes)}};
}

std::vector<std::string> Unanswered(const policy::AssessmentTemplate& form,
                                    const std::vector<store::Answer>& answers) {
  std::vector<std::string> missing;
  for (const policy::AssessmentTheme& theme : form.themes) {
    for (const policy::AssessmentItem& item : theme.items) {
      const bool answered = std::any_of(answers.begin(), answers.end(),
                                        [&](const store::Answer& answer) { return answer.item == item.id; });
      if (item.mandatory && !answered) missing.push_back(item.id);
    }
  }
  return missing;
}

absl::StatusOr<std::string> CycleOf(const HostParts& host, const std::string& wanted) {
  const policy::Partnership& partnership = host.policies->Get()->set->partnership;
  const int month = partnership.year_start_month;
  const int day = partnership.year_start_day;
  if (!wanted.empty()) {
    ASSIGN_OR_RETURN(const policy::Period period, policy::ParsePeriod(wanted, month, day));
    return period.id;
  }
  ASSIGN_OR_RETURN(const policy::Duration year, policy::ParseDuration("P1Y"));
  const absl::CivilDay today = absl::ToCivilDay(host.clock->Now(), absl::UTCTimeZone());
  ASSIGN_OR_RETURN(
      const policy::Period period,
      policy::PeriodContaining(
          data::DaysFromCivil(static_cast<int>(today.year()), today.month(), today.day()), year, month, day));
  return period.id;
}

json::Object Summary(const store::Assessment& assessment) {
  return {{"id", assessment.id},
          {"template", assessment.template_id},
          {"version", assessment.template_version},
          {"partner", assessment.partner.str()},
          {"cycle", assessment.cycle},
          {"state", assessment.state},
          {"started", TimeText(assessment.started)}};
}

}  // namespace

json::Value ListTemplates(const HostParts& host) {
  json::Array list;
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  for (const policy::AssessmentTemplate& form : policies->set->templates) {
    size_t items = 0;
    for (const policy::AssessmentTheme& theme : form.themes) items += theme.items.size();
    list.push_back(json::Object{{"id", form.id.str()},
                                {"version", form.version},
                                {"title", form.title},
                                {"themes", form.themes.size()},
                                {"items", items}});
  }
  return list;
}

absl::StatusOr<json::Value> StartAssessment(const HostParts& host, const Caller& caller,
                                            const std::string& template_id, const std::string& cycle) {
  RETURN_IF_ERROR(RequireRole(caller, caller.partner, {"steward"}, "start a self-assessment"));
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  const policy::AssessmentTemplate* form = policies->set->FindTemplate(TemplateId(template_id));
  if (form == nullptr) {
    std::vector<std::string> ids;
    for (const policy::AssessmentTemplate& known : policies->set->templates) ids.push_back(known.id.str());
    return absl::NotFoundError(
        fmt::format("there is no template \"{}\"; {}", template_id, DidYouMean(template_id, ids)));
  }
  store::Assessment assessment;
  assessment.id = NewRandomId("A-");
  assessment.template_id = form->id.str();
  assessment.template_version = form->version;
  assessment.template_digest = form->digest;
  assessment.partner = caller.partner;
  ASSIGN_OR_RETURN(assessment.cycle, CycleOf(host, cycle));
  assessment.state = "open";
  assessment.started_by = caller.spiffe_id;
  assessment.started = host.clock->Now();
  RETURN_IF_ERROR(host.store->StartAssessment(assessment));
  ASSIGN_OR_RETURN(json::Object report, Report(host, assessment, *form));
  return report;
}

absl::StatusOr<json::Value> AnswerItem(const HostParts& host, const Caller& caller,
                                       const std::string& assessment, const std::string& item, int level,
                                       const std::string& comment) {
  ASSIGN_OR_RETURN(const Opened opened, Open(host, caller, assessment));
  RETURN_IF_ERROR(RequireRole(caller, opened.assessment.partner, {"steward"}, "answer " + item));
  ASSIGN_OR_RETURN(const policy::AssessmentTemplate* form, FormOf(opened));
  const policy::AssessmentItem* found = form->FindItem(item);
  if (found == nullptr) {
    std::vector<std::string> ids;
    for (const policy::AssessmentTheme& theme : form->themes) {
      for (const policy::AssessmentItem& known : theme.items) ids.push_back(known.id);
    }
    return absl::InvalidArgumentError(
        fmt::format("{} has no item \"{}\"; {}", form->id.str(), item, DidYouMean(item, ids)));
  }
  const bool on_scale = std::any_of(form->scale.begin(), form->scale.end(),
                                    [&](const policy::ScaleLevel& step) { return step.level == level; });
  if (!on_scale) {
    std::vector<std::string> levels;
    for (const policy::ScaleLevel& step : form->scale)
      levels.push_back(fmt::format("{} ({})", step.level, step.name));
    return absl::InvalidArgumentError(
        fmt::format("{} is no level of the scale: {}", level, fmt::join(levels, ", ")));
  }
  RETURN_IF_ERROR(
      host.store->AddAnswer(assessment, {item, level, comment, caller.spiffe_id, host.clock->Now()}));
  ASSIGN_OR_RETURN(json::Object report, Report(host, opened.assessment, *form));
  return report;
}

absl::StatusOr<json::Value> ShowAssessment(const HostParts& host, const Caller& caller,
                                           const std::string& assessment) {
  if (assessment.empty()) {
    const auto partner = caller.administrator ? std::nullopt : std::optional<PartnerId>(caller.partner);
    ASSIGN_OR_RETURN(const std::vector<store::Assessment> all, host.store->ListAssessments(partner));
    json::Array list;
    for (const store::Assessment& one : all) list.push_back(Summary(one));
    return list;
  }
  ASSIGN_OR_RETURN(const Opened opened, Open(host, caller, assessment));
  if (opened.assessment.state == "submitted") return opened.assessment.frozen;
  ASSIGN_OR_RETURN(const policy::AssessmentTemplate* form, FormOf(opened));
  ASSIGN_OR_RETURN(json::Object report, Report(host, opened.assessment, *form));
  return report;
}

absl::StatusOr<json::Value> SubmitAssessment(const HostParts& host, const Caller& caller,
                                             const std::string& assessment) {
  ASSIGN_OR_RETURN(Opened opened, Open(host, caller, assessment));
  RETURN_IF_ERROR(RequireRole(caller, opened.assessment.partner, {"steward"}, "submit " + assessment));
  if (opened.assessment.state == "submitted")
    return absl::FailedPreconditionError(assessment + " is already submitted");
  ASSIGN_OR_RETURN(const policy::AssessmentTemplate* form, FormOf(opened));
  ASSIGN_OR_RETURN(const std::vector<store::Answer> answers, host.store->Answers(assessment));
  const std::vector<std::string> missing = Unanswered(*form, answers);
  if (!missing.empty()) {
    return absl::FailedPreconditionError(fmt::format(
        "{} mandatory items are unanswered: {}. Answer each with: concordat assess answer {} ITEM --level N",
        missing.size(), fmt::join(missing, ", "), assessment));
  }
  opened.assessment.state = "submitted";
  ASSIGN_OR_RETURN(json::Object report, Report(host, opened.assessment, *form));
  ReceiptDraft draft;
  draft.kind = record::ReceiptKind::kSubmission;
  draft.subject = {{"assessment", assessment},
                   {"template", form->id.str()},
                   {"partner", caller.partner.str()},
                   {"cycle", opened.assessment.cycle}};
  draft.digests = {{"data", DigestOf(json::Canonical(report))}, {"template", form->digest}};
  draft.decision = "submitted";
  draft.partner = caller.partner;
  draft.summary = fmt::format("self-assessment {} {} by {}", form->id.str(), opened.assessment.cycle,
                              caller.partner.str());
  ASSIGN_OR_RETURN(const json::Value receipt, IssueReceipt(host, draft));
  report["receipt"] = json::TextOr(receipt, "id", "");
  RETURN_IF_ERROR(host.store->SubmitAssessment(assessment, host.clock->Now(), report));
  return report;
}

}  // namespace concordat::flows
