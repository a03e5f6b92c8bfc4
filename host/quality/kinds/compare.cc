// compare: `left` stands in the relation `op` (== != < <= > >=) to another field or to a constant.
//   with: {left: closed_on, op: ">=", right: opened_on}
//   with: {left: amount, op: ">", right: {value: 0}}      or value: 0 beside `op`
// Numbers compare with numbers, dates with dates and timestamps, texts with texts byte by byte.
#include "fmt/format.h"
#include "host/quality/field_bounds.h"
#include "host/quality/kinds/pair_rule.h"

namespace concordat::quality {
namespace {

constexpr int64_t kMicrosADay = 86'400'000'000;

enum class Relation { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };
struct RelationWord {
  std::string_view op;
  Relation relation;
  std::string_view words;
};
constexpr RelationWord kRelations[] = {
    {"==", Relation::kEqual, "equal to"},      {"!=", Relation::kNotEqual, "different from"},
    {"<", Relation::kLess, "less than"},       {"<=", Relation::kLessOrEqual, "at most"},
    {">", Relation::kGreater, "greater than"}, {">=", Relation::kGreaterOrEqual, "at least"},
};

template <typename T>
bool Related(Relation relation, const T& left, const T& right) {
  switch (relation) {
    case Relation::kEqual:
      return left == right;
    case Relation::kNotEqual:
      return left != right;
    case Relation::kLess:
      return left < right;
    case Relation::kLessOrEqual:
      return left <= right;
    case Relation::kGreater:
      return left > right;
    case Relation::kGreaterOrEqual:
      return left >= right;
  }
  return false;
}

// Both sides as doubles when either is a number, as
// microseconds when either is a timestamp, else as they are.
enum class Domain { kText, kWhole, kNumber, kMicros };

struct Side {
  size_t field = 0;
  data::LogicalType type = data::LogicalType::kString;
};

Domain DomainOf(data::LogicalType left, data::LogicalType right) {
  using data::LogicalType;
  if (left == LogicalType::kString) return Domain::kText;
  if (left == LogicalType::kNumber || right == LogicalType::kNumber) return Domain::kNumber;
  return left == right ? Domain::kWhole : Domain::kMicros;
}

// A side's values in the common domain.
template <Domain domain>
auto ValueAt(const data::Column& column, data::LogicalType type, size_t row) {
  if constexpr (domain == Domain::kText) {
    return column.text->at(row);
  } else if constexpr (domain == Domain::kNumber) {
    return type == data::LogicalType::kNumber ? column.numbers[row]
                                              : static_cast<double>(column.integers[row]);
  } else if constexpr (domain == Domain::kMicros) {
    return type == data::LogicalType::kDate ? column.integers[row] * kMicrosADay : column.integers[row];
  } else {
    return column.integers[row];
  }
}

class Compare : public PlainRule {
 public:
  Compare(Side left, Side right, std::optional<Constant> constant, RelationWord relation, Answer missing,
          Answer unparseable)
      : left_(left),
        right_(right),
        constant_(std::move(constant)),
        relation_(relation),
        missing_(missing),
        unparseable_(unparseable) {}

  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    switch (DomainOf(left_.type, right_.type)) {
      case Domain::kText:
        return JudgeIn<Domain::kText>(batch, answers);
      case Domain::kWhole:
        return JudgeIn<Domain::kWhole>(batch, answers);
      case Domain::kNumber:
        return JudgeIn<Domain::kNumber>(batch, answers);
      case Domain::kMicros:
        return JudgeIn<Domain::kMicros>(batch, answers);
    }
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer) const override {
    const size_t right = constant_ ? left_.field : right_.field;
    if (auto why = ExplainStates(batch, left_.field, right, row)) return *std::move(why);
    const std::string other = constant_ ? constant_->text : FieldShown(batch, right_.field, row);
    const auto& fields = batch.schema->fields;
    const std::string& other_name = constant_ ? constant_->text : fields[right_.field].name;
    return {fmt::format("{} is not {} {}", FieldShown(batch, left_.field, row), relation_.words, other),
            fmt::format("{} must be {} {}; correct {}", fields[left_.field].name, relation_.words, other_name,
                        constant_ ? "it" : "whichever is wrong")};
  }

 private:
  template <Domain domain>
  void JudgeIn(const data::Batch& batch, std::span<Answer> answers) const {
    const data::Column& left = batch.columns[left_.field];
    if (constant_) {
      const auto value = ConstantIn<domain>();
      JudgePairs(left, left, missing_, unparseable_, answers, [&](size_t row) {
        return Related(relation_.relation, ValueAt<domain>(left, left_.type, row), value);
      });
      return;
    }
    const data::Column& right = batch.columns[right_.field];
    JudgePairs(left, right, missing_, unparseable_, answers, [&](size_t row) {
      return Related(relation_.relation, ValueAt<domain>(left, left_.type, row),
                     ValueAt<domain>(right, right_.type, row));
    });
  }

  template <Domain domain>
  auto ConstantIn() const {
    if constexpr (domain == Domain::kText) {
      return std::string_view(constant_->text);
    } else if constexpr (domain == Domain::kNumber) {
      return constant_->number;
    } else {
      return constant_->whole;
    }
  }

  const Side left_;
  const Side right_;
  const std::optional<Constant> constant_;
  const RelationWord relation_;
  const Answer missing_;
  const Answer unparseable_;
};

std::optional<RelationWord> ReadRelation(RuleReader& reader) {
  std::vector<std::string> ops;
  const std::string op = reader.with().Text("op");
  for (const RelationWord& word : kRelations) {
    if (word.op == op) return word;
    ops.emplace_back(word.op);
  }
  if (!op.empty()) {
    reader.with().Error("op", "unknown-word",
                        fmt::format("rule {}: \"{}\" is no comparison", reader.spec().id, op),
                        DidYouMean(op, ops));
  }
  return std::nullopt;
}

// An integer may be compared with 2.5: then both are taken as numbers.
data::Field ConstantField(const data::Field& left, const policy::Node& value) {
  data::Field field = left;
  const bool fraction = !value.AsInteger() && value.AsNumber();
  if (left.type == data::LogicalType::kInteger && fraction) field.type = data::LogicalType::kNumber;
  return field;
}

// `value` beside `op`, or `right: {value: ...}`, of the left field's type (`right_type` if that had to
// change); nothing when the right side is a field.
std::optional<Constant> ReadRightConstant(RuleReader& reader, const data::Field& left,
                                          data::LogicalType& right_type, bool& failed) {
  const bool beside = reader.with().Has("value");
  const bool nested = reader.with().map()["right"].is_map();
  if (beside && reader.with().Has("right")) {
    reader.with().Any("right");
    reader.with().Any("value");
    reader.with().Error("value", "unknown-key",
                        fmt::format("rule {}: give either right or value", reader.spec().id));
    failed = true;
    return std::nullopt;
  }
  if (!beside && !nested) return std::nullopt;
  const policy::Node& with = reader.with().map();
  const data::Field field = ConstantField(left, beside ? with["value"] : with["right"]["value"]);
  right_type = field.type;
  std::optional<Constant> constant;
  if (beside) {
    constant = ReadConstant(reader, "value", field);
  } else {
    policy::RuleSpec inner = reader.spec();
    inner.with = reader.with().Map("right");
    ListCache no_lists;
    RuleReader right(inner, reader.schema(), reader.policies(), no_lists, reader.issues());
    constant = ReadConstant(right, "value", field);
    right.Finish();
  }
  failed = !constant;
  return constant;
}

}  // namespace

std::unique_ptr<const Rule> CompileCompare(RuleReader& reader) {
  const std::optional<size_t> left = reader.Field("left");
  const std::optional<RelationWord> relation = ReadRelation(reader);
  const data::Field unknown;
  const data::Field& left_field = left ? reader.schema().fields[*left] : unknown;
  data::LogicalType right_type = left_field.type;
  bool failed = false;
  std::optional<Constant> constant = ReadRightConstant(reader, left_field, right_type, failed);
  if (failed) return nullptr;
  const std::optional<size_t> right = constant ? left : reader.NamedField("right");
  if (!left || !right || !relation) return nullptr;
  const data::Field& right_field = reader.schema().fields[*right];
  if (!constant) right_type = right_field.type;
  if (ComparableGroup(left_field.type) != ComparableGroup(right_field.type)) {
    reader.Error("wrong-type",
                 fmt::format("\"{}\" is {} and \"{}\" is {}: they cannot be compared", left_field.name,
                             data::LogicalTypeName(left_field.type), right_field.name,
                             data::LogicalTypeName(right_field.type)),
                 "compare fields of like types");
    return nullptr;
  }
  return std::make_unique<Compare>(Side{*left, left_field.type}, Side{*right, right_type},
                                   std::move(constant), *relation, reader.OnMissing(),
                                   reader.OnUnparseable(Answer::kUnresolved));
}

}  // namespace concordat::quality
