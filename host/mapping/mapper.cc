#include "host/mapping/mapper.h"

#include "host/data/parse.h"
#include "host/mapping/conversion.h"
#include "host/mapping/matching.h"

namespace concordat::mapping {
namespace {

using data::CellState;

constexpr int kAbsent = -1;

}  // namespace

/// What is done to the cells of one field.
struct Mapper::Plan {
  int source = kAbsent;
  bool trim = false;
  Conversion conversion;
  data::CellParser parser;

  bool LeavesAsItIs(const data::TextColumn& raw) const;
  std::shared_ptr<const data::TextColumn> Rewritten(const data::TextColumn& raw,
                                                    std::vector<size_t>& failed) const;
  void Fill(const std::shared_ptr<const data::TextColumn>& raw, data::Column& column) const;
};

absl::StatusOr<Mapper::Plan> Mapper::MakePlan(const policy::Feed& feed, const data::Field& field,
                                              int source) {
  Plan plan;
  plan.source = source;
  plan.trim = field.trim;
  std::vector<std::string> missing = feed.missing_tokens;
  if (const policy::FieldMapping* mapping = MappingOf(feed, field.name)) {
    missing.insert(missing.end(), mapping->missing.begin(), mapping->missing.end());
    ASSIGN_OR_RETURN(plan.conversion, Conversion::Create(field, *mapping));
  }
  ASSIGN_OR_RETURN(plan.parser, data::CellParser::Create(field, missing));
  return plan;
}

absl::StatusOr<Mapper> Mapper::Create(const policy::Feed& feed, std::shared_ptr<const data::Schema> schema,
                                      const std::vector<std::string>& source_columns) {
  Mapper mapper;
  ASSIGN_OR_RETURN(mapper.matching_, Match(feed, *schema, source_columns));
  auto plans = std::make_shared<std::vector<Plan>>();
  for (size_t i = 0; i < schema->fields.size(); ++i) {
    const data::Field& field = schema->fields[i];
    auto plan = MakePlan(feed, field, mapper.matching_.source_of_field[i]);
    if (!plan.ok()) return WrongMapping(feed, field.name, MessageOf(plan.status()));
    plans->push_back(*std::move(plan));
  }
  mapper.schema_ = std::move(schema);
  mapper.plans_ = std::move(plans);
  return mapper;
}

// `failed`: rows whose text could not be rewritten and stands as it was.
std::shared_ptr<const data::TextColumn> Mapper::Plan::Rewritten(const data::TextColumn& raw,
                                                                std::vector<size_t>& failed) const {
  auto out = std::make_shared<data::TextColumn>();
  out->name = raw.name;
  out->bytes.reserve(raw.bytes.size() + raw.bytes.size() / 4);
  out->offsets.reserve(raw.offsets.size());
  // Files repeat themselves: a text equal to the one above it is not parsed again.
  std::string_view last;
  std::string last_rewritten;
  for (size_t row = 0; row < raw.rows(); ++row) {
    const std::string_view text = trim ? data::Trim(raw.at(row)) : raw.at(row);
    const size_t start = out->bytes.size();
    if (!conversion.changes() || !parser.HoldsValue(text)) {
      out->bytes.append(text);
    } else if (text == last) {
      out->bytes.append(last_rewritten);
    } else if (conversion.Rewrite(text, out->bytes)) {
      last = text;
      last_rewritten.assign(out->bytes, start);
    } else {
      out->bytes.append(text);
      failed.push_back(row);
    }
    out->offsets.push_back(static_cast<uint32_t>(out->bytes.size()));
  }
  return out;
}

bool Mapper::Plan::LeavesAsItIs(const data::TextColumn& raw) const {
  if (conversion.changes()) return false;
  if (!trim) return true;
  for (size_t row = 0; row < raw.rows(); ++row) {
    if (data::Trim(raw.at(row)).size() != raw.at(row).size()) return false;
  }
  return true;
}

void Mapper::Plan::Fill(const std::shared_ptr<const data::TextColumn>& raw, data::Column& column) const {
  std::vector<size_t> failed;
  column.text = LeavesAsItIs(*raw) ? raw : Rewritten(*raw, failed);
  parser.Fill(column);
  // What the feed's own style could not read is no value, even if the contract's form happens to fit.
  for (const size_t row : failed) {
    column.states[row] = CellState::kUnparseable;
    if (!column.integers.empty()) column.integers[row] = 0;
    if (!column.numbers.empty()) column.numbers[row] = 0;
  }
}

data::Batch Mapper::Map(const data::RawBatch& raw) const {
  data::Batch batch;
  batch.schema = schema_;
  batch.records = raw.records;
  batch.lines = raw.lines;
  batch.columns.resize(schema_->fields.size());
  std::shared_ptr<const data::TextColumn> nothing;  // made once, for all fields that the source has not
  for (size_t i = 0; i < batch.columns.size(); ++i) {
    const Plan& plan = (*plans_)[i];
    if (plan.source == kAbsent && !nothing) {
      auto empty = std::make_shared<data::TextColumn>();
      empty->offsets.assign(raw.rows() + 1, 0);
      nothing = std::move(empty);
    }
    batch.columns[i].field = &schema_->fields[i];
    plan.Fill(plan.source == kAbsent ? nothing : raw.columns[static_cast<size_t>(plan.source)],
              batch.columns[i]);
  }
  return batch;
}

}  // namespace concordat::mapping
