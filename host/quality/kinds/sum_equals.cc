// sum_equals: the numbers in `fields` add up to the one in `total`, or to `value`, within `within` (0.005
// unless said).
//   with: {fields: [a, b], total: c, within: 0.01}
// A missing part counts as nothing when at least one is there; without total, or without any part, the record
// is skipped.
#include <cmath>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/quality/kinds/number_cells.h"

namespace concordat::quality {
namespace {

class SumEquals : public PlainRule {
 public:
  SumEquals(std::vector<size_t> fields, std::optional<size_t> total, double value, double within)
      : fields_(std::move(fields)), total_(total), value_(value), within_(within) {}

  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    for (size_t row = 0; row < answers.size(); ++row) answers[row] = JudgeRow(batch, row);
  }
  Explanation Explain(const data::Batch& batch, size_t row, Answer answer) const override {
    std::vector<std::string> names;
    for (const size_t field : fields_) names.push_back(batch.schema->fields[field].name);
    if (answer == Answer::kUnresolved)
      return {fmt::format("{}: one of them is no number", fmt::join(names, ", ")), "write them as numbers"};
    const std::string wanted = total_ ? FieldShown(batch, *total_, row) : fmt::format("{:.10g}", value_);
    return {fmt::format("{} add up to {:.10g}, not to {}", fmt::join(names, " and "),
                        Sum(batch, row).value_or(0), wanted),
            "correct a part or the total"};
  }

 private:
  Answer JudgeRow(const data::Batch& batch, size_t row) const {
    if (total_ && batch.columns[*total_].states[row] == data::CellState::kUnparseable)
      return Answer::kUnresolved;
    for (const size_t field : fields_) {
      const data::CellState state = batch.columns[field].states[row];
      if (state == data::CellState::kUnparseable) return Answer::kUnresolved;
      if (state == data::CellState::kMarker) return Answer::kSkip;
    }
    const std::optional<double> sum = Sum(batch, row);
    const std::optional<double> wanted = total_ ? NumberAt(batch.columns[*total_], row) : value_;
    if (!sum || !wanted) return Answer::kSkip;
    return std::abs(*sum - *wanted) <= within_ ? Answer::kPass : Answer::kFail;
  }

  std::optional<double> Sum(const data::Batch& batch, size_t row) const {
    ExactSum sum;
    bool any = false;
    for (const size_t field : fields_) {
      const std::optional<double> part = NumberAt(batch.columns[field], row);
      if (part) sum.Add(*part);
      any = any || part.has_value();
    }
    return any ? std::optional<double>(sum.value()) : std::nullopt;
  }

  const std::vector<size_t> fields_;
  const std::optional<size_t> total_;
  const double value_;
  const double within_;
};

}  // namespace

std::unique_ptr<const Rule> CompileSumEquals(RuleReader& reader) {
  reader.WarnHandlingIgnored();
  std::vector<size_t> fields = reader.FieldList(2);
  const std::optional<double> value = reader.with().Number("value");
  std::optional<size_t> total;
  if (!reader.with().Has("value")) total = reader.NamedField("total");
  const double within = reader.with().Number("within").value_or(0.005);
  bool numbers = !fields.empty() && (value || total);
  for (const size_t field : fields) numbers = NeedsNumber(reader, field) && numbers;
  if (total) numbers = NeedsNumber(reader, *total) && numbers;
  if (!numbers) return nullptr;
  return std::make_unique<SumEquals>(std::move(fields), total, value.value_or(0), within);
}

}  // namespace concordat::quality
