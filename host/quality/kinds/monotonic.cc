// monotonic: `field` does not fall (increasing) or rise (decreasing) from one record to the next; `strict`:
// nor does it stay. With `by` this is asked within each entity: readings of a meter, versions of a case.
//   with: {field, order: increasing, strict: false, by: [case_id]}
// Compared is with the value before, right or wrong; a missing one is skipped.
#include "fmt/format.h"
#include "host/quality/field_bounds.h"
#include "host/quality/kinds/entity_index.h"

namespace concordat::quality {
namespace {

struct Order {
  size_t field = 0;
  data::LogicalType type = data::LogicalType::kString;
  bool increasing = true;
  bool strict = false;
  std::vector<size_t> by;
};

class MonotonicRun : public RecordRun {
 public:
  MonotonicRun(const Order& order, CellStates states) : order_(order), states_(states), entities_(order.by) {}

  void Judge(const data::Batch& batch, const uint8_t* applies, std::span<Answer> answers) override {
    before_.assign(batch.rows(), "");
    EntityIndex::OfBatch entities(entities_, batch);
    const data::Column& column = batch.columns[order_.field];
    for (size_t row = 0; row < answers.size(); ++row) {
      answers[row] = Answer::kSkip;
      if (applies != nullptr && applies[row] == 0) continue;
      if (!states_.judged(column.states[row])) {
        answers[row] = states_.answer(column.states[row]);
        continue;
      }
      const std::optional<size_t> entity = entities.At(row);
      if (entity)
        answers[row] = Follows(OfEntity(last_, *entity), column, row) ? Answer::kPass : Answer::kFail;
    }
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer) override {
    if (auto why = ExplainState(batch, order_.field, row, states_)) return *std::move(why);
    const std::string of = order_.by.empty() ? "" : " of " + EntityShown(batch, order_.by, row);
    return {fmt::format("{} comes after {}{}, where {} is expected", FieldShown(batch, order_.field, row),
                        Shown(before_[row]), of, Wanted()),
            "correct the value, or the order of the records"};
  }

 private:
  struct Last {
    bool known = false;
    int64_t whole = 0;
    double number = 0;
    std::string text;
  };

  std::string Wanted() const {
    if (order_.strict) return order_.increasing ? "a greater one" : "a smaller one";
    return order_.increasing ? "none that is smaller" : "none that is greater";
  }

  // Negative, zero or positive as the value lies below, at or above the last one.
  int Compare(const Last& last, const data::Column& column, size_t row) const {
    const auto sign = [](const auto& a, const auto& b) { return a < b ? -1 : (b < a ? 1 : 0); };
    if (order_.type == data::LogicalType::kNumber) return sign(column.numbers[row], last.number);
    if (HasIntegers(order_.type)) return sign(column.integers[row], last.whole);
    return sign(column.text->at(row), std::string_view(last.text));
  }

  bool Follows(Last& last, const data::Column& column, size_t row) {
    int step = last.known ? Compare(last, column, row) : 1;
    const bool first = !last.known;
    before_[row] = last.text;
    last.known = true;
    last.text = column.text->at(row);
    if (order_.type == data::LogicalType::kNumber) last.number = column.numbers[row];
    if (HasIntegers(order_.type)) last.whole = column.integers[row];
    if (!order_.increasing) step = -step;
    return first || step > 0 || (step == 0 && !order_.strict);
  }

  const Order& order_;
  const CellStates states_;
  EntityIndex entities_;
  std::vector<Last> last_;           // by entity
  std::vector<std::string> before_;  // by row of the batch judged last
};

class Monotonic : public Rule {
 public:
  Monotonic(Order order, CellStates states) : order_(std::move(order)), states_(states) {}
  absl::StatusOr<RuleRun> Start(const RunContext&) const override {
    return RuleRun(std::make_unique<MonotonicRun>(order_, states_));
  }

 private:
  const Order order_;
  const CellStates states_;
};

}  // namespace

std::unique_ptr<const Rule> CompileMonotonic(RuleReader& reader) {
  const std::optional<size_t> field = reader.Field();
  Order order;
  order.increasing =
      reader.with().WordOr("order", "increasing", {"increasing", "decreasing"}) == "increasing";
  order.strict = reader.with().BoolOr("strict", false);
  if (reader.with().Has("by")) order.by = reader.FieldList(1, "by");
  if (!field) return nullptr;
  order.field = *field;
  order.type = reader.schema().fields[*field].type;
  return std::make_unique<Monotonic>(std::move(order), TypedStates(reader));
}

}  // namespace concordat::quality
