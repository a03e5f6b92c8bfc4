// distinct_within_row: no two of `fields` have the same text in one record; missing ones are left out.
//   with: {fields: [a, b, ...]}
#include "fmt/format.h"
#include "host/quality/kinds/kinds.h"

namespace concordat::quality {
namespace {

class DistinctWithinRow : public PlainRule {
 public:
  explicit DistinctWithinRow(std::vector<size_t> fields) : fields_(std::move(fields)) {}

  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    for (size_t row = 0; row < answers.size(); ++row) {
      size_t present = 0;
      for (const size_t field : fields_) present += batch.columns[field].present(row) ? 1 : 0;
      answers[row] = present < 2 ? Answer::kSkip : Same(batch, row) ? Answer::kFail : Answer::kPass;
    }
  }
  Explanation Explain(const data::Batch& batch, size_t row, Answer) const override {
    const auto pair = Same(batch, row).value_or(std::pair<size_t, size_t>{fields_[0], fields_[1]});
    const std::string& other = batch.schema->fields[pair.second].name;
    return {fmt::format("{} stands in {} too", FieldShown(batch, pair.first, row), other),
            fmt::format("correct one of {} and {}", batch.schema->fields[pair.first].name, other)};
  }

 private:
  std::optional<std::pair<size_t, size_t>> Same(const data::Batch& batch, size_t row) const {
    for (size_t a = 0; a < fields_.size(); ++a) {
      for (size_t b = a + 1; b < fields_.size() && batch.columns[fields_[a]].present(row); ++b) {
        const data::Column& other = batch.columns[fields_[b]];
        if (other.present(row) && batch.columns[fields_[a]].text->at(row) == other.text->at(row))
          return std::pair(fields_[a], fields_[b]);
      }
    }
    return std::nullopt;
  }

  const std::vector<size_t> fields_;
};

}  // namespace

std::unique_ptr<const Rule> CompileDistinctWithinRow(RuleReader& reader) {
  reader.WarnHandlingIgnored();
  std::vector<size_t> fields = reader.FieldList(2);
  if (fields.empty()) return nullptr;
  return std::make_unique<DistinctWithinRow>(std::move(fields));
}

}  // namespace concordat::quality
