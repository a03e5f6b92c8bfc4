// length: the text of `field` has between `min` and `max` characters (Unicode code points).
//   with: {field, min, max}
#include "fmt/format.h"
#include "host/base/utf8.h"
#include "host/quality/kinds/cell_rule.h"

namespace concordat::quality {
namespace {

class Length : public PlainRule {
 public:
  Length(size_t field, CellStates states, size_t min, size_t max)
      : field_(field), states_(states), min_(min), max_(max) {}

  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    const data::Column& column = batch.columns[field_];
    const data::TextColumn& text = *column.text;
    if (IsAscii(text)) {
      const uint32_t* const offsets = text.offsets.data();
      JudgeCells(column, states_, answers, [&](size_t row) { return Fits(offsets[row + 1] - offsets[row]); });
    } else {
      JudgeCells(column, states_, answers, [&](size_t row) { return Fits(Utf8Length(text.at(row))); });
    }
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer) const override {
    if (std::optional<Explanation> state = ExplainState(batch, field_, row, states_))
      return *std::move(state);
    const std::string_view text = batch.columns[field_].text->at(row);
    const size_t length = Utf8Length(text);
    const std::string wanted =
        length < min_ ? fmt::format("at least {}", min_) : fmt::format("at most {}", max_);
    std::string mend = BlankHint(text);
    if (mend.empty())
      mend = fmt::format("{} must have {} characters", batch.schema->fields[field_].name, wanted);
    return {fmt::format("{} has {} characters, not {}", FieldShown(batch, field_, row), length, wanted),
            std::move(mend)};
  }

 private:
  bool Fits(size_t length) const { return length >= min_ && length <= max_; }
  // In ASCII a code point is a byte, so that the offsets alone tell the lengths.
  static bool IsAscii(const data::TextColumn& text) {
    uint8_t bits = 0;
    for (const char c : text.bytes) bits |= static_cast<uint8_t>(c);
    return (bits & 0x80) == 0;
  }

  const size_t field_;
  const CellStates states_;
  const size_t min_;
  const size_t max_;
};

}  // namespace

std::unique_ptr<const Rule> CompileLength(RuleReader& reader) {
  const std::optional<size_t> field = reader.Field();
  const std::optional<int64_t> min = reader.with().Integer("min");
  const std::optional<int64_t> max = reader.with().Integer("max");
  if (!min && !max) {
    reader.Error("missing-key", "a length needs min or max", "min: 1, max: 20");
    return nullptr;
  }
  if (min.value_or(0) < 0 || max.value_or(0) < 0 || min.value_or(0) > max.value_or(INT64_MAX)) {
    reader.with().Error(max ? "max" : "min", "bad-bounds",
                        fmt::format("rule {}: no text is at least {} and at most {} characters long",
                                    reader.spec().id, min.value_or(0), max.value_or(0)));
    return nullptr;
  }
  if (!field) return nullptr;
  return std::make_unique<Length>(*field, TextStates(reader), static_cast<size_t>(min.value_or(0)),
                                  static_cast<size_t>(max.value_or(INT64_MAX)));
}

}  // namespace concordat::quality
