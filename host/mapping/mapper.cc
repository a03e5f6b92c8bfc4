#include "host/mapping/mapper.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/mapping/conversion.h"
#include "host/mapping/matching.h"
#include "host/mapping/name_match.h"
#include "host/mapping/source_expression.h"
#include "host/mapping/text_cache.h"

namespace concordat::mapping {
namespace {

using data::CellState;

constexpr int kAbsent = -1;

// A steward sees the value in full in the findings; in a message it must fit the line.
std::string Shown(std::string_view value) {
  constexpr size_t kMost = 60;
  std::string shown(value.substr(0, kMost));
  while (value.size() > kMost && !shown.empty() &&
         (static_cast<unsigned char>(value[shown.size()]) & 0xC0) == 0x80)
    shown.pop_back();
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return fmt::format("\"{}{}\"", shown, value.size() > kMost ? "..." : "");
}

bool CanFail(const policy::FieldMapping& mapping) {
  const bool codes = mapping.codes && mapping.codes->otherwise == policy::Otherwise::kFinding;
  return codes || (mapping.split && !mapping.split->pattern.empty()) || !mapping.expression.empty();
}

}  // namespace

std::vector<MappingRule> MappingRules(const policy::Feed& feed, const data::Schema& schema) {
  std::vector<MappingRule> rules;
  for (const data::Field& field : schema.fields) {
    const policy::FieldMapping* mapping = policy::MappingIn(feed).Of(field.name);
    if (mapping == nullptr || field.type != data::LogicalType::kString || !CanFail(*mapping)) continue;
    rules.push_back({field.name + "_mapping", field.name,
                     fmt::format("The feed's mapping knows what {} is", field.name),
                     "correct the cell, or extend the feed's mapping"});
  }
  return rules;
}

/// What is done to the cells of one field.
struct Mapper::Plan {
  // Where the text comes from: a column, else a constant, else columns joined or computed.
  int source = kAbsent;
  std::optional<std::string> constant;
  std::vector<size_t> joined;
  std::string join_with;
  std::optional<SourceExpression> expression;
  std::vector<size_t> places;  // of the expression's columns

  bool trim = false;
  Conversion conversion;
  std::optional<std::string> default_value;
  std::vector<std::string> markers;
  data::CellParser parser;
  std::string column;  // as messages name it
  std::shared_ptr<const std::string> source_form;
  int rule = -1;  // index into MappingRules; -1: failures are those of the type

  TextCache cache;
  std::string scratch;
  std::vector<size_t> failed;                                // rows of the batch in hand
  std::vector<std::pair<size_t, std::string>> not_computed;  // row, cause

  bool made() const { return constant || !joined.empty() || expression; }
  bool LeavesAsItIs(const data::TextColumn& raw) const;
  std::shared_ptr<const data::TextColumn> Made(const data::RawBatch& raw);
  std::shared_ptr<const data::TextColumn> WithOperands(const data::RawBatch& raw,
                                                       const data::TextColumn& computed) const;
  CellOutcome Convert(std::string_view text, std::string& out);
  std::shared_ptr<const data::TextColumn> Rewritten(const data::TextColumn& raw);
  void Fill(const std::shared_ptr<const data::TextColumn>& raw, data::Column& column);
};

absl::StatusOr<std::shared_ptr<Mapper::Plan>> Mapper::MakePlan(const policy::Feed& feed,
                                                               const data::Field& field, int source,
                                                               const std::vector<std::string>& source_columns,
                                                               const MappingContext& context) {
  auto plan = std::make_shared<Plan>();
  plan->source = source;
  plan->trim = field.trim;
  for (const data::Marker& marker : field.markers) plan->markers.push_back(marker.token);
  plan->column = source == kAbsent ? "" : source_columns[static_cast<size_t>(source)];
  std::vector<std::string> missing = feed.missing_tokens;
  if (const policy::FieldMapping* mapping = policy::MappingIn(feed).Of(field.name)) {
    missing.insert(missing.end(), mapping->missing.begin(), mapping->missing.end());
    plan->trim = plan->trim || mapping->trim;
    plan->default_value = mapping->default_value;
    plan->constant = mapping->value;
    if (!mapping->fact.empty()) {
      const auto fact = context.facts.find(mapping->fact);
      plan->constant = fact == context.facts.end() ? "" : fact->second;
    }
    if (mapping->join) {
      plan->join_with = mapping->join->with;
      for (const std::string& name : mapping->join->columns) {
        const std::vector<size_t> found = ColumnsNamed(name, source_columns);
        if (!found.empty()) plan->joined.push_back(found.front());
        plan->column += (plan->column.empty() ? "" : ", ") + name;
      }
    }
    if (!mapping->expression.empty()) {
      SourceExpression::Result compiled = SourceExpression::Compile(mapping->expression, /*condition=*/false);
      if (!compiled.issues.empty()) return absl::InvalidArgumentError(compiled.issues.front().message);
      ASSIGN_OR_RETURN(plan->places, compiled.expression.Places(source_columns));
      for (const std::string& name : compiled.expression.columns())
        plan->column += (plan->column.empty() ? "" : ", ") + name;
      plan->expression = std::move(compiled.expression);
    }
    ASSIGN_OR_RETURN(plan->conversion, Conversion::Create(field, *mapping, context.lookup));
    if (!plan->conversion.in_words().empty())
      plan->source_form = std::make_shared<const std::string>(
          plan->column.empty() || FoldedName(plan->column) == FoldedName(field.name)
              ? plan->conversion.in_words()
              : fmt::format("{} (column \"{}\")", plan->conversion.in_words(), plan->column));
    else if (plan->expression)
      plan->source_form = std::make_shared<const std::string>("what its expression can be computed from");
  }
  ASSIGN_OR_RETURN(plan->parser, data::CellParser::Create(field, missing));
  return plan;
}

absl::StatusOr<Mapper> Mapper::Create(const policy::Feed& feed, std::shared_ptr<const data::Schema> schema,
                                      const std::vector<std::string>& source_columns,
                                      const MappingContext& context) {
  Mapper mapper;
  ASSIGN_OR_RETURN(mapper.matching_, Match(feed, *schema, source_columns));
  const std::vector<MappingRule> rules = MappingRules(feed, *schema);
  for (size_t i = 0; i < schema->fields.size(); ++i) {
    const data::Field& field = schema->fields[i];
    auto plan = MakePlan(feed, field, mapper.matching_.source_of_field[i], source_columns, context);
    if (absl::IsInvalidArgument(plan.status()))
      return WrongMapping(feed, field.name, MessageOf(plan.status()));
    RETURN_IF_ERROR(plan.status());
    for (size_t rule = 0; rule < rules.size(); ++rule) {
      if (rules[rule].field == field.name) (*plan)->rule = static_cast<int>(rule);
    }
    mapper.plans_.push_back(*std::move(plan));
  }
  mapper.skipped_.resize(rules.size());
  mapper.schema_ = std::move(schema);
  return mapper;
}

// Where nothing was computed stands what it was to be computed from: the value that a finding shows.
std::shared_ptr<const data::TextColumn> Mapper::Plan::WithOperands(const data::RawBatch& raw,
                                                                   const data::TextColumn& computed) const {
  auto out = std::make_shared<data::TextColumn>();
  auto next = not_computed.begin();
  for (size_t row = 0; row < computed.rows(); ++row) {
    if (next == not_computed.end() || next->first != row) {
      out->Append(computed.at(row));
      continue;
    }
    ++next;
    std::string operands;
    for (const size_t place : places) {
      const std::string_view text = raw.columns[place]->at(row);
      if (!text.empty()) operands += fmt::format("{}{}", operands.empty() ? "" : ", ", text);
    }
    out->Append(operands);
  }
  return out;
}

// The column before anything is done to its cells, where the source has no such column.
std::shared_ptr<const data::TextColumn> Mapper::Plan::Made(const data::RawBatch& raw) {
  auto out = std::make_shared<data::TextColumn>();
  const size_t rows = raw.rows();
  out->offsets.reserve(rows + 1);
  if (expression) {
    expression->Compute(raw, places, *out, not_computed);
    return not_computed.empty() ? out : WithOperands(raw, *out);
  }
  for (size_t row = 0; row < rows; ++row) {
    if (constant) {
      out->bytes += *constant;
    } else {
      const size_t start = out->bytes.size();
      for (const size_t column_index : joined) {
        const std::string_view text = data::Trim(raw.columns[column_index]->at(row));
        if (text.empty()) continue;
        if (out->bytes.size() > start) out->bytes += join_with;
        out->bytes += text;
      }
    }
    out->offsets.push_back(static_cast<uint32_t>(out->bytes.size()));
  }
  return out;
}

// Missing tokens and markers are passed by before anything is rewritten.
CellOutcome Mapper::Plan::Convert(std::string_view text, std::string& out) {
  bool holds = parser.HoldsValue(text);
  if (holds && conversion.prepares()) {
    scratch.clear();
    if (!conversion.Prepare(text, scratch)) return CellOutcome::kFailed;
    text = scratch;
    holds = parser.HoldsValue(text);
  }
  if (holds && conversion.reads())
    return conversion.Read(text, out) ? CellOutcome::kMapped : CellOutcome::kFailed;
  const bool fill_in =
      !holds && default_value && std::find(markers.begin(), markers.end(), text) == markers.end();
  out += fill_in ? std::string_view(*default_value) : text;
  return CellOutcome::kMapped;
}

std::shared_ptr<const data::TextColumn> Mapper::Plan::Rewritten(const data::TextColumn& raw) {
  auto out = std::make_shared<data::TextColumn>();
  out->name = raw.name;
  out->bytes.reserve(raw.bytes.size() + raw.bytes.size() / 4);
  out->offsets.reserve(raw.offsets.size());
  // Amounts are nearly all different, and quicker read than looked up.
  const bool cached = conversion.changes() && conversion.repeats();
  for (size_t row = 0; row < raw.rows(); ++row) {
    const std::string_view text = trim ? data::Trim(raw.at(row)) : raw.at(row);
    const size_t start = out->bytes.size();
    CellOutcome outcome;
    if (!cached || cache.gave_up()) {
      outcome = Convert(text, out->bytes);
    } else {
      bool hit = false;
      TextCache::Entry& entry = cache.At(text, hit);
      if (hit) {
        out->bytes += entry.result;
        outcome = entry.outcome;
      } else {
        outcome = Convert(text, out->bytes);
        entry.text.assign(text);
        entry.result.assign(out->bytes, start);
        entry.outcome = outcome;
        entry.used = true;
      }
    }
    if (outcome == CellOutcome::kFailed) {
      out->bytes.resize(start);
      out->bytes += text;
      failed.push_back(row);
    }
    out->offsets.push_back(static_cast<uint32_t>(out->bytes.size()));
  }
  return out;
}

bool Mapper::Plan::LeavesAsItIs(const data::TextColumn& raw) const {
  if (conversion.changes() || default_value) return false;
  if (!trim) return true;
  for (size_t row = 0; row < raw.rows(); ++row) {
    if (data::Trim(raw.at(row)).size() != raw.at(row).size()) return false;
  }
  return true;
}

void Mapper::Plan::Fill(const std::shared_ptr<const data::TextColumn>& raw, data::Column& target) {
  failed.clear();
  target.text = LeavesAsItIs(*raw) ? raw : Rewritten(*raw);
  target.source_form = source_form;
  parser.Fill(target);
  for (const auto& [row, cause] : not_computed) failed.push_back(row);
  if (!not_computed.empty()) {
    std::sort(failed.begin(), failed.end());
    failed.erase(std::unique(failed.begin(), failed.end()), failed.end());
  }
  // What the feed's own style could not read is no value, even if the contract's form happens to fit.
  for (const size_t row : failed) {
    target.states[row] = CellState::kUnparseable;
    if (!target.integers.empty()) target.integers[row] = 0;
    if (!target.numbers.empty()) target.numbers[row] = 0;
  }
}

void Mapper::Report(const Plan& plan, const data::RawBatch& raw, const data::Column& column) {
  if (plan.rule < 0) return;
  const auto rule = static_cast<size_t>(plan.rule);
  for (const CellState state : column.states)
    skipped_[rule] += state == CellState::kMissing || state == CellState::kMarker;
  for (const size_t row : plan.failed) {
    CellFailure failure;
    failure.rule = rule;
    failure.row = row;
    failure.column = plan.column;
    failure.value =
        std::string(plan.source == kAbsent ? column.text->at(row)
                                           : raw.columns[static_cast<size_t>(plan.source)]->at(row));
    const auto cause = std::find_if(plan.not_computed.begin(), plan.not_computed.end(),
                                    [row](const auto& one) { return one.first == row; });
    if (cause != plan.not_computed.end()) {
      failure.message = fmt::format("{} cannot be computed: {}", column.field->name, cause->second);
      failure.mend = fmt::format("look at {} of this record", plan.column);
    } else {
      failure.message = fmt::format("{} of column \"{}\" is not {}", Shown(failure.value), plan.column,
                                    plan.conversion.in_words());
      failure.mend = plan.conversion.MendOf(failure.value);
    }
    failures_.push_back(std::move(failure));
  }
}

data::Batch Mapper::Map(const data::RawBatch& raw) {
  failures_.clear();
  std::fill(skipped_.begin(), skipped_.end(), 0);
  data::Batch batch;
  batch.schema = schema_;
  batch.records = raw.records;
  batch.lines = raw.lines;
  batch.columns.resize(schema_->fields.size());
  std::shared_ptr<const data::TextColumn> nothing;  // made once, for all fields that the source has not
  for (size_t i = 0; i < batch.columns.size(); ++i) {
    Plan& plan = *plans_[i];
    plan.not_computed.clear();
    data::Column& column = batch.columns[i];
    column.field = &schema_->fields[i];
    if (plan.made()) {
      plan.Fill(plan.Made(raw), column);
    } else if (plan.source != kAbsent) {
      plan.Fill(raw.columns[static_cast<size_t>(plan.source)], column);
    } else {
      if (!nothing) {
        auto empty = std::make_shared<data::TextColumn>();
        empty->offsets.assign(raw.rows() + 1, 0);
        nothing = std::move(empty);
      }
      plan.Fill(nothing, column);
    }
    Report(plan, raw, column);
  }
  std::stable_sort(failures_.begin(), failures_.end(),
                   [](const CellFailure& a, const CellFailure& b) { return a.row < b.row; });
  return batch;
}

}  // namespace concordat::mapping
