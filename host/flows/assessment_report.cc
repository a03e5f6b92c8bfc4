#include "host/flows/assessment_report.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/flows/text_array.h"

namespace concordat::flows {
namespace {

using assess::Assurance;
using assess::ItemPosition;
using assess::Position;

constexpr Assurance kAssurances[] = {Assurance::kSupported,   Assurance::kUnderstated, Assurance::kOverstated,
                                     Assurance::kUnevidenced, Assurance::kStale,       Assurance::kNotBound};

template <typename T>
json::Value OrNull(const std::optional<T>& value) {
  return value ? json::Value(*value) : json::Value(nullptr);
}

json::Value TextOrNull(const std::string& text) {
  return text.empty() ? json::Value(nullptr) : json::Value(text);
}

std::string AssuranceText(Assurance assurance) { return std::string(assess::AssuranceName(assurance)); }

json::Value LevelName(const policy::AssessmentTemplate& form, const std::optional<int>& level) {
  const policy::ScaleLevel* step = level ? form.FindLevel(*level) : nullptr;
  return step == nullptr ? json::Value(nullptr) : json::Value(step->name);
}

json::Value LevelColour(const policy::AssessmentTemplate& form, const std::optional<int>& level) {
  const policy::ScaleLevel* step = level ? form.FindLevel(*level) : nullptr;
  return step == nullptr ? json::Value(nullptr) : TextOrNull(step->colour);
}

json::Object EvidenceJson(const assess::Evidence& evidence) {
  json::Array stretches;
  for (const assess::Stretch& stretch : evidence.stretches) {
    stretches.push_back(json::Object{{"from", TimeText(stretch.from)},
                                     {"to", TimeText(stretch.to)},
                                     {"value", OrNull(stretch.value)},
                                     {"level", OrNull(stretch.level)},
                                     {"observations", stretch.observations}});
  }
  return {{"value", OrNull(evidence.value)},
          {"level", OrNull(evidence.level)},
          {"basis", evidence.basis},
          {"observations", evidence.observations},
          {"stretches", std::move(stretches)}};
}

json::Array MeasuredJson(const ItemPosition& position) {
  json::Array list;
  for (size_t i = 0; i < position.measured.size(); ++i) {
    const policy::Measure& measure = position.item->evidence.measures[i];
    json::Object object = EvidenceJson(position.measured[i]);
    object["measure"] = measure.measure;
    object["dataset"] = TextOrNull(measure.dataset);
    object["dimension"] = TextOrNull(measure.dimension);
    object["window"] = measure.window.text;
    list.push_back(std::move(object));
  }
  return list;
}

// With a binding that measured nothing its basis still says what was looked for.
json::Value DecisiveJson(const ItemPosition& position) {
  if (position.decisive) return EvidenceJson(*position.decisive);
  if (!position.measured.empty()) return EvidenceJson(position.measured.front());
  return nullptr;
}

json::Array AttachedJson(const OpenedAssessment& opened, const ItemPosition& position,
                         const ItemRecord& record, absl::Time now) {
  json::Array list;
  for (const EvidenceRecord& evidence : record.evidence) {
    const absl::Time expires = assess::ExpiryOf(evidence.attached, *position.item, opened.form);
    list.push_back(json::Object{{"id", evidence.attached.id},
                                {"kind", evidence.attached.kind},
                                {"title", evidence.attached.title},
                                {"reference", evidence.attached.reference},
                                {"digest", TextOrNull(evidence.attached.digest)},
                                {"by", evidence.attached.by},
                                {"given", TimeText(evidence.attached.given)},
                                {"expires", DayJson(expires)},
                                {"expired", expires < now},
                                {"withdrawn", evidence.withdrawn}});
  }
  return list;
}

json::Array CommentsJson(const std::vector<Remark>& comments) {
  json::Array list;
  for (const Remark& comment : comments)
    list.push_back(json::Object{{"by", comment.by}, {"at", TimeText(comment.at)}, {"text", comment.text}});
  return list;
}

json::Value ModeratedJson(const ItemRecord& record) {
  if (!record.moderated) return nullptr;
  return json::Object{{"from", record.moderated->from},
                      {"to", record.moderated->to},
                      {"reason", record.moderated->said.text},
                      {"by", record.moderated->said.by},
                      {"at", TimeText(record.moderated->said.at)}};
}

json::Value CarriedJson(const ItemRecord& record) {
  if (!record.carried) return nullptr;
  return json::Object{{"level", OrNull(record.carried->level)},
                      {"comment", record.carried->said.text},
                      {"cycle", record.carried->cycle},
                      {"by", record.carried->said.by},
                      {"at", TimeText(record.carried->said.at)}};
}

// The open action for the item, else one that was done.
json::Value ActionFor(const OpenedAssessment& opened, const std::string& item) {
  json::Value id = nullptr;
  for (const store::ImprovementAction& action : opened.actions) {
    if (action.item != item || action.state == "cancelled") continue;
    if (action.state == "open") return json::Value(action.id);
    id = action.id;
  }
  return id;
}

json::Object AnchorsJson(const policy::AssessmentItem& item) {
  json::Object anchors;
  for (const auto& [level, text] : item.anchors) anchors[std::to_string(level)] = text;
  return anchors;
}

void AddQuestion(const OpenedAssessment& opened, const ItemPosition& position, json::Object& object) {
  const policy::AssessmentItem& item = *position.item;
  object["id"] = item.id;
  object["question"] = item.question;
  object["guidance"] = item.guidance;
  object["why"] = item.why;
  object["characteristics"] = TextArray(item.characteristics);
  object["anchors"] = AnchorsJson(item);
  object["accepts"] = TextArray(item.evidence.accepts);
  object["evidenceRequired"] = policy::NamesCategory(item.evidence.required_for, opened.category);
  object["mandatory"] = position.mandatory;
  object["applies"] = position.applies;
  object["asked"] = position.asked;
  object["notAskedBecause"] = TextOrNull(position.not_asked_because);
}

void AddAnswer(const ItemPosition& position, const ItemRecord& record, json::Object& object) {
  object["owner"] = TextOrNull(record.owner);
  object["target"] = OrNull(position.target);
  object["claimed"] = OrNull(record.level);
  object["moderated"] = ModeratedJson(record);
  object["standing"] = OrNull(position.claim.standing());
  const bool said = !record.said.by.empty();
  object["comment"] = said ? json::Value(record.said.text) : json::Value(nullptr);
  object["by"] = said ? json::Value(record.said.by) : json::Value(nullptr);
  object["at"] = said ? json::Value(TimeText(record.said.at)) : json::Value(nullptr);
  object["revisions"] = record.revisions;
  object["carriedOver"] = CarriedJson(record);
  object["reviewNeeded"] = record.review_needed;
}

json::Object ItemJson(const OpenedAssessment& opened, const ItemPosition& position, absl::Time now) {
  const ItemRecord& record = opened.record.Of(position.item->id);
  json::Object object;
  AddQuestion(opened, position, object);
  AddAnswer(position, record, object);
  object["evidence"] = DecisiveJson(position);
  object["measured"] = MeasuredJson(position);
  object["attached"] = AttachedJson(opened, position, record, now);
  object["comments"] = CommentsJson(record.comments);
  object["assurance"] = AssuranceText(position.gap.assurance);
  object["gap"] = position.gap.levels;
  object["ageDays"] = OrNull(position.gap.age_days);
  object["message"] = position.gap.message;
  object["action"] = ActionFor(opened, position.item->id);
  return object;
}

json::Object ThemeJson(const OpenedAssessment& opened, const assess::ThemePosition& theme, absl::Time now) {
  json::Array items;
  for (const ItemPosition& item : theme.items) items.push_back(ItemJson(opened, item, now));
  return {{"id", theme.theme->id},
          {"title", theme.theme->title},
          {"description", theme.theme->description},
          {"level", OrNull(theme.level)},
          {"levelName", LevelName(opened.form, theme.level)},
          {"colour", LevelColour(opened.form, theme.level)},
          {"mean", OrNull(theme.mean)},
          {"lowest", OrNull(theme.lowest)},
          {"target", OrNull(theme.target)},
          {"why", theme.why},
          {"answered", theme.answered},
          {"asked", theme.asked},
          {"items", std::move(items)}};
}

bool IsClaimed(const ItemPosition& item) { return item.asked && item.claim.standing().has_value(); }

// A claim that rests on expired evidence counts as unevidenced; how many of those have expired stands beside
// it.
json::Object CountsJson(const Position& position) {
  std::map<Assurance, int> counts;
  for (const assess::ThemePosition& theme : position.themes) {
    for (const ItemPosition& item : theme.items) {
      if (IsClaimed(item)) ++counts[item.gap.assurance];
    }
  }
  counts[Assurance::kUnevidenced] += counts[Assurance::kStale];
  json::Object object;
  for (const Assurance assurance : kAssurances) object[AssuranceText(assurance)] = counts[assurance];
  return object;
}

// Overstated first, the widest gap first; then stale, unevidenced, understated.
int RankOf(const assess::Gap& gap) {
  if (gap.assurance == Assurance::kOverstated) return -gap.levels;
  if (gap.assurance == Assurance::kStale) return 1;
  return gap.assurance == Assurance::kUnevidenced ? 2 : 3;
}

json::Array GapsJson(const Position& position) {
  std::vector<std::pair<const assess::ThemePosition*, const ItemPosition*>> gaps;
  for (const assess::ThemePosition& theme : position.themes) {
    for (const ItemPosition& item : theme.items) {
      const Assurance assurance = item.gap.assurance;
      if (IsClaimed(item) && assurance != Assurance::kSupported && assurance != Assurance::kNotBound)
        gaps.emplace_back(&theme, &item);
    }
  }
  std::stable_sort(gaps.begin(), gaps.end(), [](const auto& left, const auto& right) {
    return RankOf(left.second->gap) < RankOf(right.second->gap);
  });
  json::Array list;
  for (const auto& [theme, item] : gaps) {
    list.push_back(json::Object{{"item", item->item->id},
                                {"question", item->item->question},
                                {"theme", theme->theme->id},
                                {"assurance", AssuranceText(item->gap.assurance)},
                                {"gap", item->gap.levels},
                                {"ageDays", OrNull(item->gap.age_days)},
                                {"message", item->gap.message}});
  }
  return list;
}

json::Array ActionsJson(const HostParts& host, const std::vector<store::ImprovementAction>& actions) {
  json::Array list;
  for (const store::ImprovementAction& action : actions) list.push_back(ActionJson(host, action));
  return list;
}

json::Value StepJson(const std::optional<Remark>& step, const char* words) {
  if (!step) return nullptr;
  return json::Object{{"by", step->by}, {"at", TimeText(step->at)}, {words, step->text}};
}

// Days and lateness change with every day, also of what was kept.
void AddDays(const HostParts& host, const OpenedAssessment& opened, json::Object& object) {
  object["opens"] = opened.cycle ? DayJson(opened.cycle->opens) : json::Value(nullptr);
  object["due"] = opened.cycle ? DayJson(opened.cycle->due) : json::Value(nullptr);
  object["daysLeft"] = nullptr;
  object["late"] = false;
  if (!opened.cycle) return;
  object["late"] = opened.assessment.submitted.value_or(host.clock->Now()) > opened.cycle->due;
  if (!opened.assessment.submitted) object["daysLeft"] = DaysLeft(opened.cycle->due, host.clock->Now());
}

void AddIdentity(const HostParts& host, const OpenedAssessment& opened, json::Object& object) {
  const store::Assessment& assessment = opened.assessment;
  object["id"] = assessment.id;
  object["template"] = assessment.template_id;
  object["version"] = assessment.template_version;
  object["title"] = opened.form.title;
  object["framework"] = opened.form.framework;
  object["partner"] = assessment.partner.str();
  object["partnerName"] = NameOf(host, assessment.partner);
  object["category"] = opened.category;
  object["group"] = TextOrNull(assessment.group);
  object["subject"] = opened.cycle ? TextOrNull(opened.cycle->subject) : json::Value(nullptr);
  object["cycle"] = assessment.cycle;
  object["state"] = assessment.state;
  AddDays(host, opened, object);
}

void AddSteps(const OpenedAssessment& opened, json::Object& object) {
  const AssessmentRecord& record = opened.record;
  object["startedBy"] = opened.assessment.started_by;
  object["started"] = TimeText(opened.assessment.started);
  object["submitted"] = record.submitted ? json::Value(TimeText(record.submitted->at)) : json::Value(nullptr);
  object["submittedBy"] = record.submitted ? json::Value(record.submitted->by) : json::Value(nullptr);
  object["signedOff"] = StepJson(record.signed_off, "comment");
  object["moderation"] = StepJson(record.moderated, "summary");
  object["published"] = record.published ? json::Value(TimeText(record.published->at)) : json::Value(nullptr);
}

double CompletionIn(const Position& position) {
  return position.asked == 0 ? 1.0
                             : static_cast<double>(position.answered) / static_cast<double>(position.asked);
}

void AddLevels(const OpenedAssessment& opened, const Position& position, json::Object& object) {
  object["answered"] = position.answered;
  object["items"] = position.asked;
  object["completion"] = CompletionIn(position);
  object["mandatoryOpen"] = TextArray(position.open_mandatory);
  object["missingEvidence"] = TextArray(position.missing_evidence);
  object["level"] = OrNull(position.level);
  object["levelName"] = LevelName(opened.form, position.level);
  object["colour"] = LevelColour(opened.form, position.level);
  object["target"] = OrNull(position.target);
  object["status"] = nullptr;
  if (position.status != nullptr) {
    object["status"] = json::Object{{"id", position.status->id},
                                    {"name", position.status->name},
                                    {"colour", TextOrNull(position.status->colour)}};
  }
  object["why"] = position.why;
}

absl::StatusOr<json::Object> SummaryJson(const HostParts& host, const store::Assessment& assessment,
                                         const std::vector<store::AssessmentCycle>& cycles) {
  ASSIGN_OR_RETURN(const double completion, CompletionOf(host, assessment));
  json::Object object{{"id", assessment.id},
                      {"template", assessment.template_id},
                      {"version", assessment.template_version},
                      {"partner", assessment.partner.str()},
                      {"partnerName", NameOf(host, assessment.partner)},
                      {"group", TextOrNull(assessment.group)},
                      {"cycle", assessment.cycle},
                      {"state", assessment.state},
                      {"started", TimeText(assessment.started)}};
  object["submitted"] =
      assessment.submitted ? json::Value(TimeText(*assessment.submitted)) : json::Value(nullptr);
  object["due"] = nullptr;
  for (const store::AssessmentCycle& cycle : cycles) {
    if (cycle.template_id == assessment.template_id && cycle.cycle == assessment.cycle)
      object["due"] = DayJson(cycle.due);
  }
  const json::Value* level = json::Find(assessment.frozen, "level");
  object["level"] = level == nullptr ? json::Value(nullptr) : *level;
  object["completion"] = completion;
  return object;
}

absl::StatusOr<json::Value> ListSeen(const HostParts& host, const Caller& caller) {
  ASSIGN_OR_RETURN(const std::vector<store::Assessment> all, host.store->ListAssessments(std::nullopt));
  ASSIGN_OR_RETURN(const std::vector<store::AssessmentCycle> cycles, host.store->ListCycles(""));
  json::Array list;
  for (const store::Assessment& assessment : all) {
    if (!RequireReader(caller, assessment).ok()) continue;
    ASSIGN_OR_RETURN(json::Object summary, SummaryJson(host, assessment, cycles));
    list.push_back(std::move(summary));
  }
  return list;
}

}  // namespace

json::Array ScaleJson(const policy::AssessmentTemplate& form) {
  json::Array scale;
  for (const policy::ScaleLevel& level : form.scale) {
    scale.push_back(json::Object{{"level", level.level},
                                 {"name", level.name},
                                 {"description", level.description},
                                 {"colour", TextOrNull(level.colour)}});
  }
  return scale;
}

json::Object AssessmentJson(const HostParts& host, const OpenedAssessment& opened, const Position& position) {
  const absl::Time now = opened.assessment.submitted.value_or(host.clock->Now());
  json::Object object;
  AddIdentity(host, opened, object);
  AddSteps(opened, object);
  AddLevels(opened, position, object);
  object["scale"] = ScaleJson(opened.form);
  object["severalGroups"] = opened.form.several_groups;
  json::Array themes;
  for (const assess::ThemePosition& theme : position.themes) themes.push_back(ThemeJson(opened, theme, now));
  object["themes"] = std::move(themes);
  object["comments"] = CommentsJson(opened.record.comments);
  object["counts"] = CountsJson(position);
  object["gaps"] = GapsJson(position);
  object["actions"] = ActionsJson(host, opened.actions);
  object["receipt"] = TextOrNull(opened.record.receipt);
  return object;
}

absl::StatusOr<json::Object> DocumentOf(const HostParts& host, const OpenedAssessment& opened) {
  if (opened.assessment.frozen.is_object()) {
    json::Object kept = opened.assessment.frozen.get_object();
    AddDays(host, opened, kept);
    kept["actions"] = ActionsJson(host, opened.actions);
    return kept;
  }
  ASSIGN_OR_RETURN(const Position position, PositionOfAssessment(host, opened));
  return AssessmentJson(host, opened, position);
}

absl::StatusOr<json::Value> ShowAssessment(const HostParts& host, const Caller& caller,
                                           const std::string& id) {
  if (id.empty()) return ListSeen(host, caller);
  ASSIGN_OR_RETURN(const store::Assessment assessment, host.store->GetAssessment(id));
  RETURN_IF_ERROR(RequireReader(caller, assessment));
  ASSIGN_OR_RETURN(const OpenedAssessment opened, OpenAssessment(host, id));
  ASSIGN_OR_RETURN(json::Object document, DocumentOf(host, opened));
  return document;
}

absl::StatusOr<json::Value> AssessmentHistory(const HostParts& host, const Caller& caller,
                                              const std::string& id) {
  ASSIGN_OR_RETURN(const store::Assessment assessment, host.store->GetAssessment(id));
  RETURN_IF_ERROR(RequireReader(caller, assessment));
  ASSIGN_OR_RETURN(const std::vector<store::AssessmentEvent> events, host.store->AssessmentEvents(id));
  json::Array list;
  for (const store::AssessmentEvent& event : events) {
    json::Object object{{"kind", event.kind}, {"item", TextOrNull(event.item)}};
    if (event.body.is_object()) {
      for (const auto& [key, value] : event.body.get_object()) {
        if (key == "history" || key == "frozen") continue;  // long, and shown elsewhere
        object[key == "kind" ? "evidenceKind" : key] = value;
      }
    }
    object["by"] = event.by;
    object["at"] = TimeText(event.at);
    list.push_back(std::move(object));
  }
  return list;
}

absl::StatusOr<double> CompletionOf(const HostParts& host, const store::Assessment& assessment) {
  const json::Value* kept = json::Find(assessment.frozen, "completion");
  if (kept != nullptr && kept->is_number()) return kept->to_number<double>();
  ASSIGN_OR_RETURN(const OpenedAssessment opened, OpenAssessment(host, assessment.id));
  ASSIGN_OR_RETURN(const Position position, PositionOfAssessment(host, opened));
  return CompletionIn(position);
}

json::Object ActionJson(const HostParts& host, const store::ImprovementAction& action) {
  const absl::Time until = action.closed_at.value_or(host.clock->Now());
  json::Object object{{"id", action.id},
                      {"assessment", action.assessment},
                      {"partner", action.partner.str()},
                      {"template", action.template_id},
                      {"cycle", action.cycle},
                      {"item", TextOrNull(action.item)},
                      {"title", action.title},
                      {"owner", action.owner},
                      {"resource", TextOrNull(action.resource)},
                      {"due", DayJson(action.due)},
                      {"daysLate", std::max<int64_t>(0, -DaysLeft(action.due, until))},
                      {"state", action.state},
                      {"createdBy", action.created_by},
                      {"created", TimeText(action.created)}};
  object["closedAt"] = action.closed_at ? json::Value(TimeText(*action.closed_at)) : json::Value(nullptr);
  object["closedBy"] = TextOrNull(action.closed_by);
  object["evidence"] = TextOrNull(action.evidence);
  object["evidenceDigest"] = TextOrNull(action.evidence_digest);
  return object;
}

std::string NameOf(const HostParts& host, const PartnerId& id) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  const policy::Partner* partner = policies->set->FindPartner(id);
  return partner == nullptr ? id.str() : partner->name;
}

absl::Time EndOfDay(int64_t day) {
  return absl::UnixEpoch() + absl::Hours(24) * (day + 1) - absl::Seconds(1);
}

json::Value DayJson(const std::optional<absl::Time>& time) {
  return time ? json::Value(TimeText(*time).substr(0, 10)) : json::Value(nullptr);
}

int64_t DaysLeft(absl::Time due, absl::Time now) {
  const auto day = [](absl::Time time) { return absl::ToCivilDay(time, absl::UTCTimeZone()); };
  return day(due) - day(now);
}

}  // namespace concordat::flows
