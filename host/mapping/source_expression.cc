#include "host/mapping/source_expression.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/base/source.h"
#include "host/data/parse.h"
#include "host/mapping/name_match.h"

namespace concordat::mapping {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// source["X"] beginning at `at`: its length and X; 0 when none stands there.
size_t ReferenceAt(std::string_view text, size_t at, std::string& column) {
  constexpr std::string_view kSource = "source";
  if (!text.substr(at).starts_with(kSource)) return 0;
  if (at > 0 && (IsNameCharacter(text[at - 1]) || text[at - 1] == '.')) return 0;
  size_t end = at + kSource.size();
  const auto skip = [&] {
    while (end < text.size() && IsBlank(text[end])) ++end;
  };
  skip();
  if (end >= text.size() || text[end] != '[') return 0;
  ++end;
  skip();
  if (end >= text.size() || (text[end] != '"' && text[end] != '\'')) return 0;
  const char quote = text[end++];
  column.clear();
  while (end < text.size() && text[end] != quote) {
    if (text[end] == '\\' && end + 1 < text.size()) ++end;
    column += text[end++];
  }
  if (end >= text.size()) return 0;
  ++end;
  skip();
  if (end >= text.size() || text[end] != ']') return 0;
  return end + 1 - at;
}

// Literals and comments are passed over as they stand.
size_t LiteralAt(std::string_view text, size_t at) {
  const char quote = text[at];
  if (quote != '"' && quote != '\'') return 0;
  size_t end = at + 1;
  while (end < text.size() && text[end] != quote) end += text[end] == '\\' ? 2 : 1;
  return std::min(end + 1, text.size()) - at;
}

std::string TextOf(const expr::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.v)) return *text;
  if (const auto* flag = std::get_if<bool>(&value.v)) return *flag ? "true" : "false";
  if (const auto* integer = std::get_if<int64_t>(&value.v)) return std::to_string(*integer);
  if (const auto* number = std::get_if<double>(&value.v)) return data::NumberText(*number);
  if (const auto* moment = std::get_if<expr::Value::Timestamp>(&value.v))
    return data::TimestampText(moment->micros);
  return "";
}

}  // namespace

// source["X"] becomes record.sN with blanks behind it, so that every offset stays what it was.
SourceExpression::Result SourceExpression::Compile(const std::string& text, bool condition) {
  Result result;
  SourceExpression& made = result.expression;
  made.schema_ = std::make_shared<data::Schema>();
  std::string rewritten;
  for (size_t at = 0; at < text.size();) {
    std::string column;
    if (const size_t length = ReferenceAt(text, at, column); length > 0) {
      size_t index = static_cast<size_t>(std::find(made.columns_.begin(), made.columns_.end(), column) -
                                         made.columns_.begin());
      if (index == made.columns_.size()) {
        made.columns_.push_back(column);
        made.schema_->fields.push_back({.name = fmt::format("s{}", index)});
      }
      std::string name = fmt::format("record.s{}", index);
      name.resize(std::max(length, name.size()), ' ');
      rewritten += name;
      at += length;
    } else if (const size_t literal = LiteralAt(text, at); literal > 0) {
      rewritten += text.substr(at, literal);
      at += literal;
    } else {
      rewritten += text[at++];
    }
  }
  expr::Scope scope;
  scope.record = made.schema_.get();
  scope.condition = condition;
  expr::Program::Result compiled = expr::Program::Compile(rewritten, scope);
  result.issues = std::move(compiled.issues);
  for (expr::ExprIssue& issue : result.issues) {
    for (size_t i = made.columns_.size(); i-- > 0;) {
      const std::string internal = fmt::format("record.s{}", i);
      for (std::string* words : {&issue.message, &issue.hint}) {
        for (size_t at = words->find(internal); at != std::string::npos; at = words->find(internal))
          words->replace(at, internal.size(), fmt::format("source[\"{}\"]", made.columns_[i]));
      }
    }
    if (issue.message.find("source") != std::string::npos && made.columns_.empty() && issue.hint.empty())
      issue.hint = "a column is written source[\"Column name\"]";
  }
  made.program_ = std::move(compiled.program);
  return result;
}

absl::StatusOr<std::vector<size_t>> SourceExpression::Places(
    const std::vector<std::string>& source_columns) const {
  std::vector<size_t> places;
  for (const std::string& column : columns_) {
    const std::vector<size_t> found = ColumnsNamed(column, source_columns);
    if (found.empty()) {
      return absl::InvalidArgumentError(
          fmt::format("the file has no column \"{}\"; {}", column, DidYouMean(column, source_columns)));
    }
    places.push_back(found.front());
  }
  return places;
}

data::Batch SourceExpression::BatchOf(const data::RawBatch& raw, const std::vector<size_t>& places) const {
  data::Batch batch;
  batch.schema = schema_;
  batch.records = raw.records;
  batch.lines = raw.lines;
  for (size_t i = 0; i < places.size(); ++i) {
    data::Column column;
    column.field = &schema_->fields[i];
    column.text = raw.columns[places[i]];
    column.states.assign(raw.rows(), data::CellState::kValue);
    batch.columns.push_back(std::move(column));
  }
  return batch;
}

void SourceExpression::Judge(const data::RawBatch& raw, const std::vector<size_t>& places,
                             std::vector<expr::Truth>& out) const {
  out.resize(raw.rows());
  program_.EvaluateBatch(BatchOf(raw, places), expr::MissingIs::kNull, out);
}

void SourceExpression::Compute(const data::RawBatch& raw, const std::vector<size_t>& places,
                               data::TextColumn& out,
                               std::vector<std::pair<size_t, std::string>>& errors) const {
  program_.EvaluateEach(BatchOf(raw, places), [&](size_t row, absl::StatusOr<expr::Value> value) {
    if (!value.ok()) errors.emplace_back(row, std::string(MessageOf(value.status())));
    out.Append(value.ok() ? TextOf(*value) : "");
  });
}

}  // namespace concordat::mapping
