// independent: two fields vary independently of each other: Cramer's V of their values is below `max` (0.1
// unless said). A code that always follows another is perhaps a copy of it.
//   with: {fields: [a, b], max: 0.1}
// V is 0 for no association and 1 where one field settles the other (H. Cramer, Mathematical Methods of
// Statistics, 1946, chapter 21). Records without one of the two take no part. Keeps every pair of texts with
// its number.
#include <cmath>
#include <map>

#include "fmt/format.h"
#include "host/quality/kinds/dataset_rule.h"
#include "host/quality/kinds/kinds.h"

namespace concordat::quality {
namespace {

struct Wanted {
  size_t left = 0;
  size_t right = 0;
  std::string names;
  double max = 0.1;
};

class IndependentRun : public DatasetRun {
 public:
  explicit IndependentRun(const Wanted& wanted) : wanted_(wanted) {}

  void Add(const data::Batch& batch, const uint8_t* applies) override {
    const data::Column& left = batch.columns[wanted_.left];
    const data::Column& right = batch.columns[wanted_.right];
    for (size_t row = 0; row < batch.rows(); ++row) {
      if (!left.present(row) || !right.present(row) || (applies != nullptr && applies[row] == 0)) continue;
      ++pairs_[{std::string(left.text->at(row)), std::string(right.text->at(row))}];
    }
  }

  Result Finish() override {
    const std::optional<double> v = CramersV();
    if (!v) return {Answer::kSkip, {}, {}};
    if (*v < wanted_.max) return {Answer::kPass, {}, {}, v};
    return {
        Answer::kFail,
        {fmt::format("the values of {} go together: Cramer's V is {:.4g}, where less than {:.4g} is expected",
                     wanted_.names, *v, wanted_.max),
         "look whether one of the two was copied from the other"},
        {},
        v};
  }

 private:
  // Nothing when a field has fewer than two values.
  std::optional<double> CramersV() const {
    std::map<std::string_view, double> lefts;
    std::map<std::string_view, double> rights;
    double all = 0;
    for (const auto& [pair, count] : pairs_) {
      lefts[pair.first] += static_cast<double>(count);
      rights[pair.second] += static_cast<double>(count);
      all += static_cast<double>(count);
    }
    const size_t smaller = std::min(lefts.size(), rights.size());
    if (smaller < 2) return std::nullopt;
    // chi2 / n = sum(o^2 / (r * c)) - 1: pairs that never occur add nothing.
    double sum = 0;
    for (const auto& [pair, count] : pairs_) {
      const auto observed = static_cast<double>(count);
      sum += observed * observed / (lefts[pair.first] * rights[pair.second]);
    }
    return std::sqrt(std::max(0.0, sum - 1) / static_cast<double>(smaller - 1));
  }

  const Wanted& wanted_;
  std::map<std::pair<std::string, std::string>, uint64_t> pairs_;
};

}  // namespace

std::unique_ptr<const Rule> CompileIndependent(RuleReader& reader) {
  const std::vector<size_t> fields = reader.FieldList(2);
  Wanted wanted;
  wanted.max = reader.with().Number("max").value_or(0.1);
  if (wanted.max <= 0 || wanted.max > 1)
    reader.with().Error("max", "out-of-range",
                        fmt::format("rule {}: Cramer's V lies between 0 and 1", reader.spec().id));
  if (!fields.empty() && fields.size() != 2)
    reader.with().Error("fields", "too-few", fmt::format("rule {}: it takes two fields", reader.spec().id));
  if (fields.size() != 2) return nullptr;
  wanted.left = fields[0];
  wanted.right = fields[1];
  wanted.names = fmt::format("{} and {}", reader.schema().fields[fields[0]].name,
                             reader.schema().fields[fields[1]].name);
  return MakeDatasetRule<IndependentRun>(std::move(wanted));
}

}  // namespace concordat::quality
