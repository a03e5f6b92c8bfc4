#include "host/store/sqlite/assessments.h"

#include <utility>

#include "fmt/format.h"

namespace concordat::store {
namespace {

constexpr char kSelectAssessments[] =
    "SELECT id, template, template_version, template_digest, partner, cycle, state, started_by, started,"
    " submitted, frozen FROM assessments ";

absl::StatusOr<std::vector<Assessment>> ReadAssessments(Query& query) {
  std::vector<Assessment> assessments;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, query.Next());
    if (!more) return assessments;
    Assessment assessment;
    assessment.id = query.String(0);
    assessment.template_id = query.String(1);
    assessment.template_version = query.String(2);
    assessment.template_digest = query.String(3);
    assessment.partner = PartnerId(query.Text(4));
    assessment.cycle = query.String(5);
    assessment.state = query.String(6);
    assessment.started_by = query.String(7);
    ASSIGN_OR_RETURN(assessment.started, query.Time(8));
    ASSIGN_OR_RETURN(assessment.submitted, query.OptionalTime(9));
    ASSIGN_OR_RETURN(assessment.frozen, query.Json(10));
    assessments.push_back(std::move(assessment));
  }
}

absl::StatusOr<std::vector<Answer>> ReadAnswers(Connection& control, std::string_view where,
                                                const std::string& id) {
  std::vector<Answer> answers;
  Query query = control.Prepare(
      fmt::format("SELECT item, level, comment, by, at FROM answers WHERE {} ORDER BY sequence", where));
  query.Bind(id);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, query.Next());
    if (!more) return answers;
    Answer answer;
    answer.item = query.String(0);
    answer.level = static_cast<int>(query.Integer(1));
    answer.comment = query.String(2);
    answer.by = query.String(3);
    ASSIGN_OR_RETURN(answer.at, query.Time(4));
    answers.push_back(std::move(answer));
  }
}

absl::Status RequireOpen(Connection& control, const std::string& id) {
  Query query = control.Prepare("SELECT state FROM assessments WHERE id = ?");
  query.Bind(id);
  ASSIGN_OR_RETURN(const bool found, query.Next());
  if (!found) return absl::NotFoundError(fmt::format("there is no assessment {}", id));
  if (query.Text(0) == "open") return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("assessment {} is submitted and cannot be changed any more", id));
}

}  // namespace

absl::Status SqliteAssessments::StartAssessment(const Assessment& assessment) {
  const absl::Status status = control_.Write([&](Connection& control) {
    return control
        .Prepare(
            "INSERT INTO assessments (id, template, template_version, template_digest, partner, cycle, state,"
            " started_by, started, submitted, frozen) VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?, NULL, 'null')")
        .Bind(assessment.id)
        .Bind(assessment.template_id)
        .Bind(assessment.template_version)
        .Bind(assessment.template_digest)
        .Bind(assessment.partner.str())
        .Bind(assessment.cycle)
        .Bind(assessment.started_by)
        .Bind(assessment.started)
        .Run();
  });
  if (!absl::IsAlreadyExists(status)) return status;
  return absl::AlreadyExistsError(fmt::format("{} has an assessment of {} for {} already",
                                              assessment.partner.str(), assessment.template_id,
                                              assessment.cycle));
}

absl::StatusOr<Assessment> SqliteAssessments::GetAssessment(const std::string& id) const {
  ASSIGN_OR_RETURN(std::vector<Assessment> found, control_.Read([&](Connection& control) {
    Query query = control.Prepare(std::string(kSelectAssessments) + "WHERE id = ?");
    query.Bind(id);
    return ReadAssessments(query);
  }));
  if (found.empty()) return absl::NotFoundError(fmt::format("there is no assessment {}", id));
  return std::move(found.front());
}

absl::StatusOr<std::vector<Assessment>> SqliteAssessments::ListAssessments(
    const std::optional<PartnerId>& partner) const {
  return control_.Read([&](Connection& control) {
    const std::string where = partner.has_value() ? "WHERE partner = ? " : "";
    Query query = control.Prepare(kSelectAssessments + where + "ORDER BY sequence");
    if (partner.has_value()) query.Bind(partner->str());
    return ReadAssessments(query);
  });
}

absl::Status SqliteAssessments::AddAnswer(const std::string& id, const Answer& answer) {
  return control_.Write([&](Connection& control) -> absl::Status {
    RETURN_IF_ERROR(RequireOpen(control, id));
    return control
        .Prepare("INSERT INTO answers (assessment, item, level, comment, by, at) VALUES (?, ?, ?, ?, ?, ?)")
        .Bind(id)
        .Bind(answer.item)
        .Bind(int64_t{answer.level})
        .Bind(answer.comment)
        .Bind(answer.by)
        .Bind(answer.at)
        .Run();
  });
}

absl::StatusOr<std::vector<Answer>> SqliteAssessments::Answers(const std::string& id) const {
  return control_.Read([&](Connection& control) {
    return ReadAnswers(
        control, "sequence IN (SELECT max(sequence) FROM answers WHERE assessment = ? GROUP BY item)", id);
  });
}

absl::StatusOr<std::vector<Answer>> SqliteAssessments::AllAnswers(const std::string& id) const {
  return control_.Read([&](Connection& control) { return ReadAnswers(control, "assessment = ?", id); });
}

absl::Status SqliteAssessments::SubmitAssessment(const std::string& id, absl::Time time,
                                                 const json::Value& frozen) {
  return control_.Write([&](Connection& control) -> absl::Status {
    RETURN_IF_ERROR(RequireOpen(control, id));
    return control
        .Prepare("UPDATE assessments SET state = 'submitted', submitted = ?, frozen = ? WHERE id = ?")
        .Bind(time)
        .BindJson(frozen)
        .Bind(id)
        .Run();
  });
}

}  // namespace concordat::store
