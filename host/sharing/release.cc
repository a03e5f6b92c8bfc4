#include "host/sharing/release.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/data/row_set.h"
#include "host/expr/report.h"
#include "host/sharing/duties/duty.h"
#include "host/sharing/filters.h"

namespace concordat::sharing {

struct Release::Plan {
  struct Output {
    size_t column = 0;  // of the schema
    std::unique_ptr<CellDuty> duty;
  };
  std::shared_ptr<const data::Schema> schema;
  std::vector<Output> outputs;
  std::vector<expr::Program> filters;  // all must hold

  data::RowSet Leaving(const data::Batch& batch) const;
  std::vector<std::string> Execute(const data::Batch& batch, size_t row) const;
  absl::Status Verify(const data::Batch& batch, size_t row, const std::vector<std::string>& output) const;
};

namespace {

absl::StatusOr<expr::Program> CompileFilter(std::string_view text, std::string_view what,
                                            const data::Schema& schema) {
  auto compiled = expr::Program::Compile(text, {.record = &schema});
  if (compiled.issues.empty()) return std::move(compiled.program);
  return absl::InvalidArgumentError(
      fmt::format("{} is not understood: {}", what, expr::FirstMistake(compiled.issues)));
}

absl::StatusOr<std::unique_ptr<CellDuty>> BindDuty(const policy::FieldDuty& field,
                                                   const AccessRequest& request, const PseudonymKey* key) {
  const DutyKind* kind = FindDuty(field.duty);
  if (kind == nullptr)
    return absl::FailedPreconditionError(fmt::format("the duty \"{}\" cannot be carried out", field.duty));
  return kind->bind({request.protocol, field.field, key});
}

}  // namespace

absl::StatusOr<Release> Release::Create(const policy::Share& share,
                                        std::shared_ptr<const data::Schema> schema,
                                        const AccessRequest& request, const PseudonymKey* key) {
  if (const WhereProblem problem = JudgeWhere(request.where, share, *schema); !problem.cause.empty()) {
    return absl::InvalidArgumentError(problem.message);
  }
  Release release;
  release.plan_ = std::make_shared<Plan>();
  ASSIGN_OR_RETURN(const std::vector<const policy::FieldDuty*> fields, SelectFields(share, request.select));
  for (const policy::FieldDuty* field : fields) {
    const auto column = schema->Find(field->field);
    if (!column)
      return absl::InvalidArgumentError(
          fmt::format("dataset {} has no field \"{}\"", schema->dataset, field->field));
    ASSIGN_OR_RETURN(std::unique_ptr<CellDuty> duty, BindDuty(*field, request, key));
    release.plan_->outputs.push_back({*column, std::move(duty)});
    release.columns_.push_back(field->field);
  }
  for (const auto& [text, what] :
       {std::pair<std::string_view, std::string_view>{share.rows, "rows"}, {request.where, "where"}}) {
    if (text.empty()) continue;
    ASSIGN_OR_RETURN(expr::Program filter, CompileFilter(text, what, *schema));
    release.plan_->filters.push_back(std::move(filter));
  }
  release.plan_->schema = std::move(schema);
  return release;
}

// A filter that cannot be evaluated for a row, a missing value among its reasons, keeps the row in.
data::RowSet Release::Plan::Leaving(const data::Batch& batch) const {
  data::RowSet leaving(batch.rows(), /*all=*/true);
  std::vector<expr::Truth> truths(batch.rows());
  for (const expr::Program& filter : filters) {
    filter.EvaluateBatch(batch, expr::MissingIs::kError, truths);
    for (size_t row = 0; row < truths.size(); ++row) {
      if (truths[row] != expr::Truth::kTrue) leaving.Set(row, false);
    }
  }
  return leaving;
}

std::vector<std::string> Release::Plan::Execute(const data::Batch& batch, size_t row) const {
  std::vector<std::string> cells;
  cells.reserve(outputs.size());
  for (const Output& output : outputs) {
    const data::Column& column = batch.columns[output.column];
    cells.push_back(output.duty->Execute(column.text->at(row), column.states[row]));
  }
  return cells;
}

absl::Status Release::Plan::Verify(const data::Batch& batch, size_t row,
                                   const std::vector<std::string>& cells) const {
  if (cells.size() != outputs.size())
    return absl::InternalError("a row was to leave with other columns than were agreed");
  for (size_t i = 0; i < outputs.size(); ++i) {
    const data::Column& column = batch.columns[outputs[i].column];
    RETURN_IF_ERROR(outputs[i].duty->Verify(column.text->at(row), column.states[row], cells[i]));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::vector<std::string>>> Release::Apply(const data::Batch& batch) {
  const data::RowSet leaving = plan_->Leaving(batch);
  std::vector<std::vector<std::string>> rows;
  rows.reserve(leaving.count());
  for (size_t row = 0; row < batch.rows(); ++row) {
    if (leaving.has(row)) rows.push_back(plan_->Execute(batch, row));
  }
  size_t next = 0;
  for (size_t row = 0; row < batch.rows(); ++row) {
    if (leaving.has(row)) RETURN_IF_ERROR(plan_->Verify(batch, row, rows[next++]));
  }
  return rows;
}

}  // namespace concordat::sharing
