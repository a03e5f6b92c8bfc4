#include "host/sharing/release.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/expr/report.h"
#include "host/sharing/duties/duty.h"
#include "host/sharing/filters.h"
#include "host/sharing/lookup.h"
#include "host/sharing/output_shape.h"

namespace concordat::sharing {

struct Release::Plan {
  struct Output {
    size_t column = 0;  // of the schema
    std::unique_ptr<FieldTreatment> treatment;
  };
  std::shared_ptr<const data::Schema> schema;
  std::vector<Output> outputs;  // one a treated column
  std::vector<std::string> treated;
  std::vector<std::string> columns;
  std::vector<policy::FieldDuty> carried;  // subject fields
  std::vector<std::string> subjects;       // their names among the treated columns
  expr::Program rows;
  bool all_rows = true;
  std::shared_ptr<data::Schema> shown;  // the treated columns in the types in which they leave
  expr::Program where;
  bool asks_all = true;

  std::vector<uint32_t> Leaving(const data::Batch& batch) const;
  absl::StatusOr<std::vector<bool>> Wanted(const ReleasedRows& treated) const;
};

namespace {

using policy::FieldDuty;

constexpr std::string_view kSubjectMark = "\x01";  // no field's name begins so

bool Holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

absl::StatusOr<expr::Program> Compiled(std::string_view text, std::string_view what,
                                       const data::Schema& schema) {
  auto compiled = expr::Program::Compile(text, {.record = &schema});
  if (compiled.issues.empty()) return std::move(compiled.program);
  return absl::InvalidArgumentError(
      fmt::format("{} is not understood: {}", what, expr::FirstMistake(compiled.issues)));
}

absl::StatusOr<std::string> SourceOf(const policy::PolicySet& policies, const FieldDuty& duty,
                                     const data::Schema& schema) {
  if (!duty.field.empty()) return duty.field;
  ASSIGN_OR_RETURN(const ResolvedLookup lookup, ResolveLookup(policies, duty, schema));
  return lookup.source;
}

// The fields that an aggregate measures pass on as they are, to be summed.
std::vector<FieldDuty> Measured(const policy::Share& share) {
  std::vector<FieldDuty> fields;
  if (!share.aggregate) return fields;
  for (const policy::AggregateMeasure& measure : share.aggregate->measures) {
    for (const std::string& field : {measure.field, measure.denominator}) {
      if (!field.empty()) fields.push_back({field, "release", {}, measure.place});
    }
  }
  return fields;
}

// A share of records without a duty over the whole needs only what is asked for.
bool IsNeeded(const policy::Share& share, const AccessRequest& request, const std::string& name) {
  if (share.judges_whole() || request.select.empty()) return true;
  return Holds(request.select, name) || Holds(expr::Program::RecordNamesIn(request.where), name);
}

}  // namespace

absl::StatusOr<Release> Release::Create(const policy::PolicySet& policies, const policy::Share& share,
                                        std::shared_ptr<const data::Schema> schema,
                                        const AccessRequest& request, const Materials& materials,
                                        const std::vector<std::string>& subject_fields) {
  if (const WhereProblem problem = JudgeWhere(request.where, share, *schema); !problem.cause.empty())
    return absl::InvalidArgumentError(problem.message);
  auto plan = std::make_shared<Plan>();
  ASSIGN_OR_RETURN(const std::vector<record::ReleasedField> forms, SelectForms(share, request.select));
  for (const record::ReleasedField& form : forms) plan->columns.push_back(form.field);

  const auto add = [&](const std::string& name, const FieldDuty& duty) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string source, SourceOf(policies, duty, *schema));
    const auto column = schema->Find(source);
    if (!column)
      return absl::InvalidArgumentError(
          fmt::format("dataset {} has no field \"{}\"", schema->dataset, source));
    const DutyKind* kind = FindDuty(duty.duty);
    if (kind == nullptr)
      return absl::FailedPreconditionError(fmt::format("the duty \"{}\" cannot be carried out", duty.duty));
    ASSIGN_OR_RETURN(
        std::unique_ptr<FieldTreatment> treatment,
        kind->bind({request.protocol, &duty, &schema->fields[*column], &materials, request.time}));
    plan->outputs.push_back({*column, std::move(treatment)});
    plan->treated.push_back(name);
    return absl::OkStatus();
  };
  plan->shown = std::make_shared<data::Schema>();
  const data::Schema released = ReleasedSchema(share, *schema);
  const std::vector<ShapedField> shaped = ShapedFields(share);
  for (size_t i = 0; i < shaped.size(); ++i) {
    if (!IsNeeded(share, request, shaped[i].name)) continue;
    RETURN_IF_ERROR(add(shaped[i].name, *shaped[i].duty));
    plan->shown->fields.push_back(released.fields[i]);
  }
  for (const FieldDuty& field : Measured(share)) RETURN_IF_ERROR(add(field.field, field));
  for (const std::string& subject : subject_fields) {
    plan->carried.push_back({subject, "release", {}, share.place});
    plan->subjects.push_back(fmt::format("{}{}", kSubjectMark, subject));
  }
  for (size_t i = 0; i < plan->carried.size(); ++i) RETURN_IF_ERROR(add(plan->subjects[i], plan->carried[i]));
  if (!share.rows.empty()) {
    ASSIGN_OR_RETURN(plan->rows, Compiled(share.rows, "rows", *schema));
    plan->all_rows = false;
  }
  if (!request.where.empty()) {
    ASSIGN_OR_RETURN(plan->where, Compiled(request.where, "where", *plan->shown));
    plan->asks_all = false;
  }
  plan->schema = std::move(schema);
  Release release;
  release.plan_ = std::move(plan);
  return release;
}

const std::vector<std::string>& Release::treated() const { return plan_->treated; }
const std::vector<std::string>& Release::columns() const { return plan_->columns; }

// A condition that cannot be evaluated for a row, a missing value among its reasons, keeps the row in.
std::vector<uint32_t> Release::Plan::Leaving(const data::Batch& batch) const {
  std::vector<uint32_t> leaving;
  leaving.reserve(batch.rows());
  std::vector<expr::Truth> truths(all_rows ? 0 : batch.rows());
  if (!all_rows) rows.EvaluateBatch(batch, expr::MissingIs::kError, truths);
  for (uint32_t row = 0; row < batch.rows(); ++row) {
    if (all_rows || truths[row] == expr::Truth::kTrue) leaving.push_back(row);
  }
  return leaving;
}

absl::StatusOr<ReleasedRows> Release::Apply(const data::Batch& batch) const {
  const std::vector<uint32_t> leaving = plan_->Leaving(batch);
  ReleasedRows rows = EmptyRows(plan_->treated);
  for (size_t i = 0; i < plan_->outputs.size(); ++i) {
    const Plan::Output& output = plan_->outputs[i];
    output.treatment->Execute(batch.columns[output.column], leaving, *rows.columns[i]);
  }
  for (size_t i = 0; i < plan_->outputs.size(); ++i) {
    const Plan::Output& output = plan_->outputs[i];
    if (rows.columns[i]->rows() != leaving.size())
      return absl::InternalError("a column was to leave with other rows than were agreed");
    RETURN_IF_ERROR(output.treatment->Verify(batch.columns[output.column], leaving, *rows.columns[i]));
  }
  return rows;
}

absl::StatusOr<std::vector<bool>> Release::Plan::Wanted(const ReleasedRows& treated) const {
  data::Batch batch;
  batch.schema = shown;
  for (size_t i = 0; i < shown->fields.size(); ++i) {
    data::Column column;
    column.field = &shown->fields[i];
    column.text = treated.columns[i];
    ASSIGN_OR_RETURN(const data::CellParser parser, data::CellParser::Create(*column.field));
    parser.Fill(column);
    batch.columns.push_back(std::move(column));
  }
  batch.records.resize(treated.rows());
  batch.lines.resize(treated.rows());
  std::vector<expr::Truth> truths(treated.rows());
  where.EvaluateBatch(batch, expr::MissingIs::kError, truths);
  std::vector<bool> wanted;
  for (const expr::Truth truth : truths) wanted.push_back(truth == expr::Truth::kTrue);
  return wanted;
}

absl::StatusOr<AskedRows> Release::Ask(const ReleasedRows& treated) const {
  ReleasedRows rows = treated;
  if (!plan_->asks_all) {
    ASSIGN_OR_RETURN(const std::vector<bool> wanted, plan_->Wanted(treated));
    rows = Narrowed(treated, wanted);
  }
  AskedRows asked;
  for (const auto& [names, to] :
       {std::pair(&plan_->columns, &asked.rows), {&plan_->subjects, &asked.subjects}}) {
    for (const std::string& name : *names) {
      const auto found = std::find_if(rows.columns.begin(), rows.columns.end(),
                                      [&](const auto& column) { return column->name == name; });
      if (found == rows.columns.end())
        return absl::InternalError(fmt::format("the column {} is not there", name));
      to->columns.push_back(*found);
    }
  }
  return asked;
}

}  // namespace concordat::sharing
