#include "host/store/sqlite/assessments.h"

#include <utility>

#include "fmt/format.h"
#include "host/store/sqlite/text_list.h"

namespace concordat::store {
namespace {

constexpr char kCycleColumns[] =
    "template, cycle, template_version, template_digest, template_text, subject, partners, group_partners, "
    "opens,"
    " due, opened_by, opened";
constexpr char kColumns[] =
    "id, template, template_version, template_digest, template_text, partner, group_name, cycle, state,"
    " started_by, started, submitted, frozen";

std::string PartnerList(const std::vector<PartnerId>& partners) {
  TextList list;
  for (const PartnerId& partner : partners) list.Append(partner.str());
  return std::string(list.Close());
}

json::Object GroupObject(const std::map<std::string, PartnerId>& groups) {
  json::Object object;
  for (const auto& [group, partner] : groups) object[group] = partner.str();
  return object;
}

absl::StatusOr<AssessmentCycle> ReadCycle(const Query& row) {
  AssessmentCycle cycle;
  cycle.template_id = row.String(0);
  cycle.cycle = row.String(1);
  cycle.template_version = row.String(2);
  cycle.template_digest = row.String(3);
  cycle.template_text = row.String(4);
  cycle.subject = row.String(5);
  ASSIGN_OR_RETURN(const std::vector<std::string> partners, ParseTextList(row.Text(6)));
  for (const std::string& partner : partners) cycle.partners.emplace_back(partner);
  ASSIGN_OR_RETURN(const json::Value groups, row.Json(7));
  if (!groups.is_object()) return absl::DataLossError("the groups of a stored cycle are damaged");
  for (const auto& member : groups.get_object())
    cycle.groups[std::string(member.key())] = PartnerId(json::TextOr(groups, std::string(member.key()), ""));
  ASSIGN_OR_RETURN(cycle.opens, row.Time(8));
  ASSIGN_OR_RETURN(cycle.due, row.Time(9));
  cycle.opened_by = row.String(10);
  ASSIGN_OR_RETURN(cycle.opened, row.Time(11));
  return cycle;
}

absl::StatusOr<Assessment> ReadAssessment(const Query& row) {
  Assessment assessment;
  assessment.id = row.String(0);
  assessment.template_id = row.String(1);
  assessment.template_version = row.String(2);
  assessment.template_digest = row.String(3);
  assessment.template_text = row.String(4);
  assessment.partner = PartnerId(row.Text(5));
  assessment.group = row.String(6);
  assessment.cycle = row.String(7);
  assessment.state = row.String(8);
  assessment.started_by = row.String(9);
  ASSIGN_OR_RETURN(assessment.started, row.Time(10));
  ASSIGN_OR_RETURN(assessment.submitted, row.OptionalTime(11));
  ASSIGN_OR_RETURN(assessment.frozen, row.Json(12));
  return assessment;
}

absl::StatusOr<AssessmentEvent> ReadEvent(const Query& row) {
  AssessmentEvent event;
  event.sequence = static_cast<uint64_t>(row.Integer(0));
  event.kind = row.String(1);
  event.item = row.String(2);
  event.by = row.String(3);
  ASSIGN_OR_RETURN(event.at, row.Time(4));
  ASSIGN_OR_RETURN(event.body, row.Json(5));
  return event;
}

absl::Status RequireState(Connection& control, const std::string& id, const std::string& wanted) {
  Query query = control.Prepare("SELECT state FROM assessments WHERE id = ?");
  query.Bind(id);
  ASSIGN_OR_RETURN(const bool found, query.Next());
  if (!found) return absl::NotFoundError(fmt::format("there is no assessment {}", id));
  if (query.Text(0) == wanted) return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("assessment {} is {}, and this needs it {}", id, query.Text(0), wanted));
}

absl::Status Insert(Connection& control, const std::string& id, const AssessmentEvent& event) {
  return control
      .Prepare(
          "INSERT INTO assessment_events (assessment, kind, item, by, at, body) VALUES (?, ?, ?, ?, ?, ?)")
      .Bind(id)
      .Bind(event.kind)
      .Bind(event.item)
      .Bind(event.by)
      .Bind(event.at)
      .BindJson(event.body)
      .Run();
}

absl::Status Take(Connection& control, const std::string& id, const AssessmentStore::AssessmentStep& step) {
  if (!step.to.empty()) {
    RETURN_IF_ERROR(
        control.Prepare("UPDATE assessments SET state = ? WHERE id = ?").Bind(step.to).Bind(id).Run());
  }
  if (step.to == "open") {
    RETURN_IF_ERROR(control.Prepare("UPDATE assessments SET submitted = NULL, frozen = 'null' WHERE id = ?")
                        .Bind(id)
                        .Run());
  }
  if (step.submitted) {
    RETURN_IF_ERROR(control.Prepare("UPDATE assessments SET submitted = ? WHERE id = ?")
                        .Bind(*step.submitted)
                        .Bind(id)
                        .Run());
  }
  if (!step.frozen) return absl::OkStatus();
  return control.Prepare("UPDATE assessments SET frozen = ? WHERE id = ?")
      .BindJson(*step.frozen)
      .Bind(id)
      .Run();
}

}  // namespace

absl::Status SqliteAssessments::OpenCycle(const AssessmentCycle& cycle) {
  const absl::Status status = control_.Write([&](Connection& control) {
    return control
        .Prepare(fmt::format("INSERT INTO assessment_cycles ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                             kCycleColumns))
        .Bind(cycle.template_id)
        .Bind(cycle.cycle)
        .Bind(cycle.template_version)
        .Bind(cycle.template_digest)
        .Bind(cycle.template_text)
        .Bind(cycle.subject)
        .Bind(PartnerList(cycle.partners))
        .BindJson(GroupObject(cycle.groups))
        .Bind(cycle.opens)
        .Bind(cycle.due)
        .Bind(cycle.opened_by)
        .Bind(cycle.opened)
        .Run();
  });
  if (!absl::IsAlreadyExists(status)) return status;
  return absl::AlreadyExistsError(
      fmt::format("the cycle {} of {} was opened already", cycle.cycle, cycle.template_id));
}

absl::StatusOr<std::vector<AssessmentCycle>> SqliteAssessments::ListCycles(
    const std::string& template_id) const {
  return control_.Read([&](Connection& control) {
    Query query = control.Prepare(fmt::format(
        "SELECT {} FROM assessment_cycles WHERE ? IN ('', template) ORDER BY sequence DESC", kCycleColumns));
    query.Bind(template_id);
    return ReadAll(query, &ReadCycle);
  });
}

absl::Status SqliteAssessments::StartAssessment(const Assessment& assessment,
                                                const std::vector<AssessmentEvent>& events) {
  const absl::Status status = control_.Write([&](Connection& control) -> absl::Status {
    RETURN_IF_ERROR(control
                        .Prepare(fmt::format("INSERT INTO assessments ({}) VALUES"
                                             " (?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, NULL, 'null')",
                                             kColumns))
                        .Bind(assessment.id)
                        .Bind(assessment.template_id)
                        .Bind(assessment.template_version)
                        .Bind(assessment.template_digest)
                        .Bind(assessment.template_text)
                        .Bind(assessment.partner.str())
                        .Bind(assessment.group)
                        .Bind(assessment.cycle)
                        .Bind(assessment.started_by)
                        .Bind(assessment.started)
                        .Run());
    for (const AssessmentEvent& event : events) RETURN_IF_ERROR(Insert(control, assessment.id, event));
    return absl::OkStatus();
  });
  if (!absl::IsAlreadyExists(status)) return status;
  return absl::AlreadyExistsError(fmt::format(
      "{} has an assessment of {} for {}{} already", assessment.partner.str(), assessment.template_id,
      assessment.cycle, assessment.group.empty() ? "" : ", group " + assessment.group));
}

absl::StatusOr<Assessment> SqliteAssessments::GetAssessment(const std::string& id) const {
  ASSIGN_OR_RETURN(std::vector<Assessment> found, control_.Read([&](Connection& control) {
    Query query = control.Prepare(fmt::format("SELECT {} FROM assessments WHERE id = ?", kColumns));
    query.Bind(id);
    return ReadAll(query, &ReadAssessment);
  }));
  if (found.empty()) return absl::NotFoundError(fmt::format("there is no assessment {}", id));
  return std::move(found.front());
}

absl::StatusOr<std::vector<Assessment>> SqliteAssessments::ListAssessments(
    const std::optional<PartnerId>& partner) const {
  return control_.Read([&](Connection& control) {
    Query query = control.Prepare(fmt::format("SELECT {} FROM assessments{} ORDER BY sequence", kColumns,
                                              partner.has_value() ? " WHERE partner = ?" : ""));
    if (partner.has_value()) query.Bind(partner->str());
    return ReadAll(query, &ReadAssessment);
  });
}

absl::Status SqliteAssessments::AddAssessmentEvents(const std::string& id,
                                                    const std::vector<AssessmentEvent>& events,
                                                    const AssessmentStep& step) {
  return control_.Write([&](Connection& control) -> absl::Status {
    RETURN_IF_ERROR(RequireState(control, id, step.from));
    for (const AssessmentEvent& event : events) RETURN_IF_ERROR(Insert(control, id, event));
    return Take(control, id, step);
  });
}

absl::StatusOr<std::vector<AssessmentEvent>> SqliteAssessments::AssessmentEvents(
    const std::string& id) const {
  return control_.Read([&](Connection& control) {
    Query query = control.Prepare(
        "SELECT sequence, kind, item, by, at, body FROM assessment_events WHERE assessment = ? ORDER BY "
        "sequence");
    query.Bind(id);
    return ReadAll(query, &ReadEvent);
  });
}

}  // namespace concordat::store
