#include "host/store/sqlite/actions.h"

#include <utility>

#include "fmt/format.h"

namespace concordat::store {
namespace {

constexpr char kColumns[] =
    "id, assessment, partner, template, cycle, item, title, owner, resource, due, state, created_by, created,"
    " closed_at, closed_by, evidence, evidence_digest";

absl::StatusOr<ImprovementAction> ReadAction(const Query& row) {
  ImprovementAction action;
  action.id = row.String(0);
  action.assessment = row.String(1);
  action.partner = PartnerId(row.Text(2));
  action.template_id = row.String(3);
  action.cycle = row.String(4);
  action.item = row.String(5);
  action.title = row.String(6);
  action.owner = row.String(7);
  action.resource = row.String(8);
  ASSIGN_OR_RETURN(action.due, row.Time(9));
  action.state = row.String(10);
  action.created_by = row.String(11);
  ASSIGN_OR_RETURN(action.created, row.Time(12));
  ASSIGN_OR_RETURN(action.closed_at, row.OptionalTime(13));
  action.closed_by = row.String(14);
  action.evidence = row.String(15);
  action.evidence_digest = row.String(16);
  return action;
}

absl::StatusOr<ActionRevision> ReadRevision(const Query& row) {
  ActionRevision revision;
  revision.action = row.String(0);
  revision.by = row.String(1);
  ASSIGN_OR_RETURN(revision.at, row.Time(2));
  revision.reason = row.String(3);
  ASSIGN_OR_RETURN(revision.before, row.Json(4));
  ASSIGN_OR_RETURN(revision.after, row.Json(5));
  return revision;
}

absl::StatusOr<ImprovementAction> Find(Connection& control, const std::string& id) {
  Query query = control.Prepare(fmt::format("SELECT {} FROM actions WHERE id = ?", kColumns));
  query.Bind(id);
  ASSIGN_OR_RETURN(std::vector<ImprovementAction> found, ReadAll(query, ReadAction));
  if (found.empty()) return absl::NotFoundError(fmt::format("there is no action {}", id));
  return std::move(found.front());
}

absl::Status Insert(Connection& control, const ActionRevision& revision) {
  return control
      .Prepare(
          "INSERT INTO action_revisions (action, by, at, reason, before, after) VALUES (?, ?, ?, ?, ?, ?)")
      .Bind(revision.action)
      .Bind(revision.by)
      .Bind(revision.at)
      .Bind(revision.reason)
      .BindJson(revision.before)
      .BindJson(revision.after)
      .Run();
}

// Column and value of every member of the filter that is set.
std::vector<std::pair<const char*, std::string>> TermsOf(const ActionStore::ActionFilter& filter) {
  std::vector<std::pair<const char*, std::string>> terms;
  if (filter.partner) terms.emplace_back("partner", filter.partner->str());
  if (!filter.assessment.empty()) terms.emplace_back("assessment", filter.assessment);
  if (!filter.state.empty()) terms.emplace_back("state", filter.state);
  return terms;
}

}  // namespace

absl::Status SqliteActions::AddAction(const ImprovementAction& action) {
  const absl::Status status = control_.Write([&](Connection& control) {
    return control
        .Prepare(fmt::format("INSERT INTO actions ({}) VALUES"
                             " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                             kColumns))
        .Bind(action.id)
        .Bind(action.assessment)
        .Bind(action.partner.str())
        .Bind(action.template_id)
        .Bind(action.cycle)
        .Bind(action.item)
        .Bind(action.title)
        .Bind(action.owner)
        .Bind(action.resource)
        .Bind(action.due)
        .Bind(action.state)
        .Bind(action.created_by)
        .Bind(action.created)
        .Bind(action.closed_at)
        .Bind(action.closed_by)
        .Bind(action.evidence)
        .Bind(action.evidence_digest)
        .Run();
  });
  if (!absl::IsAlreadyExists(status)) return status;
  return absl::AlreadyExistsError(fmt::format("there is an action {} already", action.id));
}

absl::StatusOr<ImprovementAction> SqliteActions::GetAction(const std::string& id) const {
  return control_.Read([&](Connection& control) { return Find(control, id); });
}

absl::StatusOr<std::vector<ImprovementAction>> SqliteActions::ListActions(const ActionFilter& filter) const {
  const auto terms = TermsOf(filter);
  std::string where;
  for (const auto& [column, value] : terms)
    where += fmt::format(" {} {} = ?", where.empty() ? "WHERE" : "AND", column);
  return control_.Read([&](Connection& control) {
    Query query =
        control.Prepare(fmt::format("SELECT {} FROM actions{} ORDER BY due, sequence", kColumns, where));
    for (const auto& [column, value] : terms) query.Bind(value);
    return ReadAll(query, ReadAction);
  });
}

absl::Status SqliteActions::ChangeAction(const ImprovementAction& action, const ActionRevision& revision) {
  return control_.Write([&](Connection& control) -> absl::Status {
    ASSIGN_OR_RETURN(const ImprovementAction known, Find(control, action.id));
    if (known.state != "open") {
      return absl::FailedPreconditionError(
          fmt::format("{} is {} already, by {}", action.id, known.state, known.closed_by));
    }
    RETURN_IF_ERROR(Insert(control, revision));
    return control
        .Prepare(
            "UPDATE actions SET title = ?, owner = ?, resource = ?, due = ?, state = ?, closed_at = ?,"
            " closed_by = ?, evidence = ?, evidence_digest = ? WHERE id = ?")
        .Bind(action.title)
        .Bind(action.owner)
        .Bind(action.resource)
        .Bind(action.due)
        .Bind(action.state)
        .Bind(action.closed_at)
        .Bind(action.closed_by)
        .Bind(action.evidence)
        .Bind(action.evidence_digest)
        .Bind(action.id)
        .Run();
  });
}

absl::StatusOr<std::vector<ActionRevision>> SqliteActions::ActionRevisions(const std::string& id) const {
  return control_.Read([&](Connection& control) -> absl::StatusOr<std::vector<ActionRevision>> {
    Query query = control.Prepare(
        "SELECT action, by, at, reason, before, after FROM action_revisions WHERE action = ? ORDER BY "
        "sequence");
    query.Bind(id);
    return ReadAll(query, ReadRevision);
  });
}

}  // namespace concordat::store
