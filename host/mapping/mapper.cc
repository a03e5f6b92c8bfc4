#include "host/mapping/mapper.h"

#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/mapping/matching.h"
#include "host/mapping/number_style.h"

namespace concordat::mapping {
namespace {

using data::CellState;
using data::LogicalType;

constexpr int kAbsent = -1;
constexpr int64_t kMicrosPerDay = int64_t{86'400} * 1'000'000;

bool IsTemporal(LogicalType type) {
  return type == LogicalType::kDate || type == LogicalType::kTimestamp || type == LogicalType::kTime;
}

bool IsNumeric(LogicalType type) { return type == LogicalType::kInteger || type == LogicalType::kNumber; }

}  // namespace

/// What is done to the cells of one field.
struct Mapper::Plan {
  int source = kAbsent;
  bool trim = false;
  bool whole_days = false;                // dates: the day as written, whatever its offset
  std::optional<data::TimePattern> from;  // with `to`: dates rewritten
  std::optional<data::TimePattern> to;
  std::optional<policy::NumberStyle> numbers;  // numbers rewritten
  data::CellParser parser;

  bool rewrites() const { return from.has_value() || numbers.has_value(); }
  bool Rewrite(std::string_view text, std::string& out) const;
  bool LeavesAsItIs(const data::TextColumn& raw) const;
  std::shared_ptr<const data::TextColumn> Rewritten(const data::TextColumn& raw,
                                                    std::vector<size_t>& failed) const;
  void Fill(const std::shared_ptr<const data::TextColumn>& raw, data::Column& column) const;
};

namespace {

absl::Status PlanDates(const policy::Feed& feed, const data::Field& field, const std::string& parse,
                       std::optional<data::TimePattern>& from, std::optional<data::TimePattern>& to) {
  if (parse.empty()) return absl::OkStatus();
  if (!IsTemporal(field.type)) {
    return WrongMapping(feed, field.name,
                        fmt::format("parse is a date pattern, but the contract's field is a {}",
                                    data::LogicalTypeName(field.type)));
  }
  auto pattern = data::TimePattern::Compile(parse);
  if (!pattern.ok()) return WrongMapping(feed, field.name, MessageOf(pattern.status()));
  ASSIGN_OR_RETURN(data::TimePattern own, data::PatternOf(field));
  if (pattern->text() == own.text()) return absl::OkStatus();
  from = *std::move(pattern);
  to = std::move(own);
  return absl::OkStatus();
}

absl::Status PlanNumbers(const policy::Feed& feed, const data::Field& field,
                         const std::optional<policy::NumberStyle>& style) {
  if (!style || IsNumeric(field.type)) return absl::OkStatus();
  return WrongMapping(feed, field.name,
                      fmt::format("numbers says how numbers are written, but the contract's field is a {}",
                                  data::LogicalTypeName(field.type)));
}

}  // namespace

absl::StatusOr<Mapper> Mapper::Create(const policy::Feed& feed, std::shared_ptr<const data::Schema> schema,
                                      const std::vector<std::string>& source_columns) {
  Mapper mapper;
  ASSIGN_OR_RETURN(mapper.matching_, Match(feed, *schema, source_columns));
  auto plans = std::make_shared<std::vector<Plan>>();
  for (size_t i = 0; i < schema->fields.size(); ++i) {
    const data::Field& field = schema->fields[i];
    Plan plan;
    plan.source = mapper.matching_.source_of_field[i];
    plan.trim = field.trim;
    plan.whole_days = field.type == LogicalType::kDate;
    std::vector<std::string> missing = feed.missing_tokens;
    if (const policy::FieldMapping* mapping = MappingOf(feed, field.name)) {
      missing.insert(missing.end(), mapping->missing.begin(), mapping->missing.end());
      RETURN_IF_ERROR(PlanDates(feed, field, mapping->parse, plan.from, plan.to));
      RETURN_IF_ERROR(PlanNumbers(feed, field, mapping->numbers));
      plan.numbers = mapping->numbers;
    }
    ASSIGN_OR_RETURN(plan.parser, data::CellParser::Create(field, missing));
    plans->push_back(std::move(plan));
  }
  mapper.schema_ = std::move(schema);
  mapper.plans_ = std::move(plans);
  return mapper;
}

bool Mapper::Plan::Rewrite(std::string_view text, std::string& out) const {
  if (numbers) return AppendCanonicalNumber(text, *numbers, out);
  std::optional<int64_t> micros = whole_days ? from->ParseDays(text) : from->ParseMicros(text);
  if (!micros) return false;
  to->AppendMicros(whole_days ? *micros * kMicrosPerDay : *micros, out);
  return true;
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
    if (!rewrites() || !parser.HoldsValue(text)) {
      out->bytes.append(text);
    } else if (text == last) {
      out->bytes.append(last_rewritten);
    } else if (Rewrite(text, out->bytes)) {
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
  if (rewrites()) return false;
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
