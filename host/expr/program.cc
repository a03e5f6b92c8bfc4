#include "host/expr/program.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"
#include "host/expr/batch_evaluator.h"
#include "host/expr/checker.h"
#include "host/expr/frames.h"
#include "host/expr/interpreter.h"
#include "host/expr/parser.h"
#include "host/expr/scalar_evaluator.h"
#include "host/expr/term.h"

namespace concordat::expr {
namespace {

void CollectFields(const Term& term, std::set<size_t>& fields) {
  if (term.kind == TermKind::kField) fields.insert(term.index);
  for (const Term& child : term.children) CollectFields(child, fields);
}

void CollectFields(const Checked& node, std::set<size_t>& fields) {
  if (node.term != nullptr) CollectFields(*node.term, fields);
  if (node.kind == CheckedKind::kField) fields.insert(node.field);
  for (const Checked& child : node.children) CollectFields(child, fields);
}

void CollectRecordNames(const Node& node, std::vector<std::string>& names) {
  const bool field = node.kind == NodeKind::kSelect && node.children[0]->kind == NodeKind::kIdent &&
                     node.children[0]->name == "record";
  if (field && std::find(names.begin(), names.end(), node.name) == names.end()) names.push_back(node.name);
  for (const NodePtr& child : node.children) CollectRecordNames(*child, names);
}

}  // namespace

struct Program::Tree {
  std::string text;
  Checked root;
  std::vector<size_t> fields;
  bool condition = true;
};

Program::Result Program::Compile(std::string_view text, const Scope& scope) {
  Result result;
  Parsed parsed = Parse(text);
  if (parsed.issue) {
    result.issues.push_back(*std::move(parsed.issue));
    return result;
  }
  auto tree = std::make_shared<Tree>();
  tree->text = std::string(text);
  tree->condition = scope.condition;
  tree->root = Check(*parsed.root, scope, result.issues);
  std::set<size_t> fields;
  CollectFields(tree->root, fields);
  tree->fields.assign(fields.begin(), fields.end());
  if (result.issues.empty()) result.program.tree_ = std::move(tree);
  return result;
}

std::vector<std::string> Program::RecordNamesIn(std::string_view text) {
  std::vector<std::string> names;
  const Parsed parsed = Parse(text);
  if (parsed.root) CollectRecordNames(*parsed.root, names);
  return names;
}

void Program::EvaluateBatch(const data::Batch& batch, MissingIs missing, std::span<Truth> out) const {
  EvaluateRows(tree_->root, batch, missing, out);
}

void Program::EvaluateEach(
    const data::Batch& batch,
    const std::function<void(size_t row, absl::StatusOr<Value> value)>& take) const {
  const Checked& root = tree_->root;
  if (root.kind == CheckedKind::kComputed) {
    Interpreter interpreter(MissingIs::kNull);
    BatchFrame frame(batch);
    for (size_t row = 0; row < batch.rows(); ++row) {
      frame.MoveTo(row);
      const auto value = interpreter.Run(*root.term, frame);
      take(row, value.ok() ? ValueOf(*value) : absl::StatusOr<Value>(value.status()));
    }
    return;
  }
  if (root.kind == CheckedKind::kConstant) {
    for (size_t row = 0; row < batch.rows(); ++row) take(row, root.constant);
    return;
  }
  if (root.kind == CheckedKind::kField && batch.columns[root.field].field->type == data::LogicalType::kString) {
    const data::Column& column = batch.columns[root.field];
    for (size_t row = 0; row < batch.rows(); ++row)
      take(row, column.states[row] == data::CellState::kValue ? Value{std::string(column.text->at(row))} : Value{});
    return;
  }
  std::vector<Truth> truths(batch.rows());
  EvaluateRows(root, batch, MissingIs::kNull, truths);
  for (size_t row = 0; row < batch.rows(); ++row) {
    if (truths[row] == Truth::kError)
      take(row, absl::InvalidArgumentError("it cannot be computed for this record"));
    else
      take(row, Value{truths[row] == Truth::kTrue});
  }
}

absl::StatusOr<Value> Program::Evaluate(const std::map<std::string, Value>& attributes) const {
  auto value = EvaluateScalar(tree_->root, attributes);
  if (!value.ok() || !tree_->condition) return value;
  if (value->is_null()) return Value{false};
  if (std::holds_alternative<bool>(value->v)) return value;
  return absl::InvalidArgumentError(
      fmt::format("{} must be true or false, but is {}", tree_->root.name, TypeForPeople(TypeOf(*value))));
}

const std::vector<size_t>& Program::fields() const { return tree_->fields; }
const std::string& Program::text() const { return tree_->text; }

}  // namespace concordat::expr
