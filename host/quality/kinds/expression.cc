// expression: a CEL expression over record.<field> that is true for good records.
//   with: {check: record.numerator <= record.denominator}
// A record for which the answer hangs on a missing value is skipped (`onMissing`), on a marker skipped, on a
// value that does not parse unresolved (`onUnparseable`); any other evaluation error is unresolved. An answer
// that does not hang on them, as after has(record.field), stands.
#include <algorithm>

#include "fmt/format.h"
#include "host/expr/program.h"
#include "host/quality/kinds/kinds.h"

namespace concordat::quality {
namespace {

class Expression : public PlainRule {
 public:
  /// `statement`: what is true of good records, in the author's words.
  Expression(expr::Program program, std::string statement, Answer missing, Answer unparseable)
      : program_(std::move(program)),
        statement_(std::move(statement)),
        missing_(missing),
        unparseable_(unparseable) {}

  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    std::vector<expr::Truth> truths(answers.size());
    program_.EvaluateBatch(batch, expr::MissingIs::kError, truths);
    for (size_t row = 0; row < answers.size(); ++row) {
      switch (truths[row]) {
        case expr::Truth::kTrue:
          answers[row] = Answer::kPass;
          break;
        case expr::Truth::kFalse:
          answers[row] = Answer::kFail;
          break;
        case expr::Truth::kError:
          answers[row] = OfError(batch, row);
          break;
      }
    }
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer answer) const override {
    std::string values;
    for (const size_t field : program_.fields())
      values += (values.empty() ? "" : ", ") + FieldShown(batch, field, row);
    if (values.empty()) values = "the record";
    if (answer == Answer::kUnresolved)
      return {fmt::format("it cannot be told of {} whether \"{}\" holds", values, statement_),
              "correct the values that it reads"};
    return {fmt::format("{}: \"{}\" does not hold", values, statement_), "correct whichever value is wrong"};
  }

 private:
  Answer OfError(const data::Batch& batch, size_t row) const {
    if (AnyIs(batch, row, data::CellState::kMarker)) return Answer::kSkip;
    if (AnyIs(batch, row, data::CellState::kMissing)) return missing_;
    return AnyIs(batch, row, data::CellState::kUnparseable) ? unparseable_ : Answer::kUnresolved;
  }
  bool AnyIs(const data::Batch& batch, size_t row, data::CellState state) const {
    const std::vector<size_t>& fields = program_.fields();
    return std::any_of(fields.begin(), fields.end(),
                       [&](size_t field) { return batch.columns[field].states[row] == state; });
  }

  const expr::Program program_;
  const std::string statement_;
  const Answer missing_;
  const Answer unparseable_;
};

}  // namespace

std::unique_ptr<const Rule> CompileExpression(RuleReader& reader) {
  const std::string check = reader.with().Text("check");
  if (check.empty()) return nullptr;
  expr::Scope scope;
  scope.record = &reader.schema();
  expr::Program::Result compiled = expr::Program::Compile(check, scope);
  ReportExpression(compiled.issues, reader.with().map()["check"].place(), reader.issues());
  if (!compiled.issues.empty()) return nullptr;
  for (const size_t field : compiled.program.fields()) reader.UseColumn(field);
  const std::string& description = reader.spec().description;
  return std::make_unique<Expression>(std::move(compiled.program), description.empty() ? check : description,
                                      reader.OnMissing(), reader.OnUnparseable(Answer::kUnresolved));
}

}  // namespace concordat::quality
