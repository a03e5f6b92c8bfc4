// most_common_value: the text that `field` has most often is one of `values`.
//   with: {field, values: [England], ties: refuse}
// Of several that are equally frequent all must be of the list, or only one with `ties: accept`. Keeps every
// different text with its number.
#include <algorithm>
#include <unordered_map>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/quality/kinds/dataset_rule.h"
#include "host/quality/kinds/kinds.h"

namespace concordat::quality {
namespace {

struct Wanted {
  size_t field = 0;
  std::string name;
  std::vector<std::string> values;
  bool accept_ties = false;
};

class MostCommonRun : public DatasetRun {
 public:
  explicit MostCommonRun(const Wanted& wanted) : wanted_(wanted) {}

  void Add(const data::Batch& batch, const uint8_t* applies) override {
    const data::Column& column = batch.columns[wanted_.field];
    for (size_t row = 0; row < batch.rows(); ++row) {
      if (!column.present(row) || (applies != nullptr && applies[row] == 0)) continue;
      ++counts_[std::string(column.text->at(row))];
    }
  }

  Result Finish() override {
    const std::vector<std::string> top = Top();
    if (top.empty()) return {Answer::kSkip, {}, {}};
    const auto good = [this](const std::string& value) {
      return std::find(wanted_.values.begin(), wanted_.values.end(), value) != wanted_.values.end();
    };
    const bool passes = wanted_.accept_ties ? std::any_of(top.begin(), top.end(), good)
                                            : std::all_of(top.begin(), top.end(), good);
    if (passes) return {Answer::kPass, {}, {}};
    return {Answer::kFail,
            {fmt::format("{} is most often {}, where {} is expected", wanted_.name, fmt::join(top, " and "),
                         fmt::join(wanted_.values, " or ")),
             "check that this is the right extract"},
            {{wanted_.name, top.front()}}};
  }

 private:
  std::vector<std::string> Top() const {
    uint64_t most = 0;
    for (const auto& [text, count] : counts_) most = std::max(most, count);
    std::vector<std::string> top;
    for (const auto& [text, count] : counts_) {
      if (count == most) top.push_back(text);
    }
    std::sort(top.begin(), top.end());
    return top;
  }

  const Wanted& wanted_;
  std::unordered_map<std::string, uint64_t> counts_;
};

}  // namespace

std::unique_ptr<const Rule> CompileMostCommonValue(RuleReader& reader) {
  const std::optional<size_t> field = reader.Field();
  Wanted wanted;
  wanted.values = reader.with().Texts("values");
  wanted.accept_ties = reader.with().WordOr("ties", "refuse", {"refuse", "accept"}) == "accept";
  if (wanted.values.empty())
    reader.Error("missing-key", "most_common_value needs values", "values: [the value expected]");
  if (!field || wanted.values.empty()) return nullptr;
  wanted.field = *field;
  wanted.name = reader.schema().fields[*field].name;
  return MakeDatasetRule<MostCommonRun>(std::move(wanted));
}

}  // namespace concordat::quality
