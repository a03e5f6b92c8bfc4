// distinct_values: the different texts of `field` are all `within` a list, `contain` all of a list, or
// `equal` one.
//   with: {field, within: [a, b]}   or contain: [a, b], or equal: [a, b]
// As `within`, it judges the dataset where in_list judges each record. Missing cells and markers take no
// part.
#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/quality/kinds/dataset_rule.h"
#include "host/quality/kinds/kinds.h"
#include "host/quality/value_set.h"

namespace concordat::quality {
namespace {

struct Wanted {
  size_t field = 0;
  std::string name;
  std::vector<std::string> values;
  bool within = false;
  bool contain = false;
};

class DistinctValuesRun : public DatasetRun {
 public:
  explicit DistinctValuesRun(const Wanted& wanted)
      : wanted_(wanted), set_(wanted.values), seen_(wanted.values.size(), false) {}

  void Add(const data::Batch& batch, const uint8_t* applies) override {
    const data::Column& column = batch.columns[wanted_.field];
    for (size_t row = 0; row < batch.rows(); ++row) {
      if (!column.present(row) || (applies != nullptr && applies[row] == 0)) continue;
      any_ = true;
      Note(column.text->at(row));
    }
  }

  Result Finish() override {
    std::vector<std::string> absent;
    for (size_t i = 0; wanted_.contain && i < seen_.size(); ++i) {
      if (!seen_[i]) absent.push_back(wanted_.values[i]);
    }
    if (!any_ && !wanted_.contain) return {Answer::kSkip, {}, {}};
    if (absent.empty() && others_.empty()) return {Answer::kPass, {}, {}};
    std::string message = wanted_.name;
    if (!absent.empty()) message += fmt::format(" never has {}", fmt::join(absent, ", "));
    if (!absent.empty() && !others_.empty()) message += ", and";
    if (!others_.empty()) message += fmt::format(" has {}, which the list has not", fmt::join(others_, ", "));
    return {Answer::kFail,
            {std::move(message), absent.empty() ? "correct these values, or have them added to the list"
                                                : "look for parts of the extract that are missing"},
            {}};
  }

 private:
  void Note(std::string_view text) {
    constexpr size_t kNamed = 5;
    if (!set_.has(text)) {
      const bool known = std::find(others_.begin(), others_.end(), text) != others_.end();
      if (wanted_.within && !known && others_.size() < kNamed) others_.emplace_back(text);
      return;
    }
    if (!wanted_.contain || found_ == seen_.size()) return;
    const auto at = std::find(wanted_.values.begin(), wanted_.values.end(), text) - wanted_.values.begin();
    found_ += seen_[static_cast<size_t>(at)] ? 0 : 1;
    seen_[static_cast<size_t>(at)] = true;
  }

  const Wanted& wanted_;
  const ValueSet set_;
  std::vector<bool> seen_;
  size_t found_ = 0;
  std::vector<std::string> others_;  // the first few
  bool any_ = false;
};

}  // namespace

std::unique_ptr<const Rule> CompileDistinctValues(RuleReader& reader) {
  const std::optional<size_t> field = reader.Field();
  Wanted wanted;
  int given = 0;
  for (const std::string_view key : {"within", "contain", "equal"}) {
    const std::vector<std::string> values = reader.with().Texts(key);
    if (!reader.with().Has(key)) continue;
    ++given;
    wanted.within = key != "contain";
    wanted.contain = key != "within";
    for (const std::string& value : values) {
      const bool twice = std::find(wanted.values.begin(), wanted.values.end(), value) != wanted.values.end();
      if (!twice) wanted.values.push_back(value);
    }
  }
  if (given != 1 || wanted.values.empty())
    reader.Error("missing-key", "distinct_values needs one of within, contain and equal, with values",
                 "contain: [first, second]");
  if (!field || given != 1 || wanted.values.empty()) return nullptr;
  wanted.field = *field;
  wanted.name = reader.schema().fields[*field].name;
  return MakeDatasetRule<DistinctValuesRun>(std::move(wanted));
}

}  // namespace concordat::quality
