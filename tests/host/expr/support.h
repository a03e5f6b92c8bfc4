// A small batch with every type and every state, for the tests of expressions.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/data/parse.h"
#include "host/expr/program.h"

namespace concordat::expr {

inline std::shared_ptr<const data::Schema> TestSchema() {
  using data::LogicalType;
  return std::make_shared<data::Schema>(
      data::Schema{.dataset = "incidents",
                   .fields = {{.name = "status", .missing_tokens = {"n/a"}, .markers = {{"c", "suppressed"}}},
                              {.name = "kind"},
                              {.name = "crews", .type = LogicalType::kInteger},
                              {.name = "cost", .type = LogicalType::kNumber},
                              {.name = "fatal", .type = LogicalType::kBoolean},
                              {.name = "opened", .type = LogicalType::kDate},
                              {.name = "month", .type = LogicalType::kDate, .format = "yyyy-MM"},
                              {.name = "closed", .type = LogicalType::kTimestamp},
                              {.name = "at", .type = LogicalType::kTime}}});
}

/// Each row is the texts of its fields in schema order.
inline data::Batch BatchOf(const std::shared_ptr<const data::Schema>& schema,
                           const std::vector<std::vector<std::string>>& rows) {
  data::Batch batch;
  batch.schema = schema;
  for (size_t row = 0; row < rows.size(); ++row) {
    batch.records.push_back(row + 1);
    batch.lines.push_back(row + 2);
  }
  for (size_t i = 0; i < schema->fields.size(); ++i) {
    auto text = std::make_shared<data::TextColumn>();
    for (const auto& row : rows) text->Append(row[i]);
    data::Column column;
    column.field = &schema->fields[i];
    column.text = std::move(text);
    data::CellParser::Create(schema->fields[i])->Fill(column);
    batch.columns.push_back(std::move(column));
  }
  return batch;
}

/// "T", "F" or "E" a row.
inline std::string TruthsOf(const Program& program, const data::Batch& batch, MissingIs missing) {
  std::vector<Truth> out(batch.rows());
  program.EvaluateBatch(batch, missing, out);
  std::string text;
  for (const Truth truth : out) text += "FTE"[static_cast<size_t>(truth)];
  return text;
}

/// The attributes that say the same as one row of `batch`; what is an error there is absent here.
inline std::map<std::string, Value> AttributesOf(const data::Batch& batch, size_t row, MissingIs missing) {
  using data::LogicalType;
  std::map<std::string, Value> attributes;
  for (const data::Column& column : batch.columns) {
    const std::string name = "record." + column.field->name;
    const data::CellState state = column.states[row];
    if (state == data::CellState::kUnparseable) continue;
    if (state != data::CellState::kValue) {
      if (missing == MissingIs::kNull) attributes[name] = Value{};
      continue;
    }
    switch (column.field->type) {
      case LogicalType::kString:
        attributes[name] = Value{std::string(column.text->at(row))};
        break;
      case LogicalType::kInteger:
        attributes[name] = Value{column.integers[row]};
        break;
      case LogicalType::kNumber:
        attributes[name] = Value{column.numbers[row]};
        break;
      case LogicalType::kBoolean:
        attributes[name] = Value{column.integers[row] != 0};
        break;
      case LogicalType::kDate:
        attributes[name] = Value{Value::Timestamp{column.integers[row] * 86'400'000'000}};
        break;
      case LogicalType::kTimestamp:
      case LogicalType::kTime:
        attributes[name] = Value{Value::Timestamp{column.integers[row]}};
        break;
    }
  }
  return attributes;
}

}  // namespace concordat::expr
