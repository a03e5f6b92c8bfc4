#include "host/assess/agreement.h"

#include <algorithm>
#include <cstdlib>

namespace concordat::assess {
namespace {

using policy::AssessmentTemplate;

std::optional<int> RatingOf(const GroupRating& group, const std::string& item) {
  const auto found = group.levels.find(item);
  if (found == group.levels.end()) return std::nullopt;
  return found->second;
}

bool IsRed(const AssessmentTemplate& form, int level) {
  const policy::ScaleLevel* step = form.FindLevel(level);
  return step != nullptr && step->colour == "red";
}

StageAgreement StageOf(const AssessmentTemplate& form, const std::string& item,
                       const std::vector<GroupRating>& groups) {
  StageAgreement stage;
  stage.item = item;
  std::vector<int> levels;
  for (const GroupRating& group : groups) {
    const auto rating = RatingOf(group, item);
    stage.ratings.emplace_back(group.group, rating);
    if (rating) levels.push_back(*rating);
  }
  if (levels.empty()) return stage;
  const auto [lowest, highest] = std::minmax_element(levels.begin(), levels.end());
  stage.distance = *highest - *lowest;
  // One group alone agrees with nobody.
  const bool by_all = levels.size() == groups.size() && groups.size() > 1;
  stage.exact = by_all && stage.distance == 0;
  stage.agreed_red =
      by_all && std::all_of(levels.begin(), levels.end(), [&](int level) { return IsRed(form, level); });
  const int whole = form.scale.empty() ? 0 : form.scale.back().level - form.scale.front().level;
  stage.contested = whole > 0 && stage.distance >= whole;
  return stage;
}

bool RatedByAll(const StageAgreement& stage) {
  return stage.ratings.size() > 1 &&
         std::all_of(stage.ratings.begin(), stage.ratings.end(),
                     [](const auto& rating) { return rating.second.has_value(); });
}

// Which step of the scale a level is; weights are linear in steps.
std::optional<size_t> StepOf(const AssessmentTemplate& form, int level) {
  const policy::ScaleLevel* step = form.FindLevel(level);
  if (step == nullptr) return std::nullopt;
  return static_cast<size_t>(step - form.scale.data());
}

// 1 - observed / expected disagreement, over the stages that both rated; nothing where chance alone would
// leave no disagreement, because both gave one and the same rating throughout.
std::optional<double> WeightedKappa(const AssessmentTemplate& form, const std::vector<StageAgreement>& stages,
                                    size_t first, size_t second) {
  std::vector<double> of_first(form.scale.size());
  std::vector<double> of_second(form.scale.size());
  double observed = 0;
  double rated = 0;
  for (const StageAgreement& stage : stages) {
    const std::optional<int> one = stage.ratings[first].second;
    const std::optional<int> other = stage.ratings[second].second;
    if (!one || !other) continue;
    const auto a = StepOf(form, *one);
    const auto b = StepOf(form, *other);
    if (!a || !b) continue;
    ++of_first[*a];
    ++of_second[*b];
    observed += static_cast<double>(*a > *b ? *a - *b : *b - *a);
    ++rated;
  }
  double expected = 0;
  for (size_t a = 0; a < of_first.size(); ++a) {
    for (size_t b = 0; b < of_second.size(); ++b)
      expected += static_cast<double>(a > b ? a - b : b - a) * of_first[a] * of_second[b];
  }
  if (expected == 0) return std::nullopt;
  return 1 - observed * rated / expected;
}

std::optional<double> MeanKappa(const AssessmentTemplate& form, const std::vector<StageAgreement>& stages,
                                size_t groups) {
  double sum = 0;
  size_t pairs = 0;
  for (size_t first = 0; first < groups; ++first) {
    for (size_t second = first + 1; second < groups; ++second) {
      const auto kappa = WeightedKappa(form, stages, first, second);
      if (!kappa) continue;
      sum += *kappa;
      ++pairs;
    }
  }
  if (pairs == 0) return std::nullopt;
  return sum / static_cast<double>(pairs);
}

}  // namespace

GroupAgreement AgreementOf(const AssessmentTemplate& form, const std::vector<GroupRating>& groups) {
  GroupAgreement agreement;
  size_t exact = 0;
  int distance = 0;
  for (const policy::AssessmentTheme& theme : form.themes) {
    for (const policy::AssessmentItem& item : theme.items) {
      agreement.stages.push_back(StageOf(form, item.id, groups));
      const StageAgreement& stage = agreement.stages.back();
      if (!RatedByAll(stage)) continue;
      ++agreement.rated_by_all;
      exact += stage.exact ? 1 : 0;
      distance += stage.distance;
    }
  }
  if (agreement.rated_by_all > 0) {
    agreement.exact_share = static_cast<double>(exact) / static_cast<double>(agreement.rated_by_all);
    agreement.mean_distance = static_cast<double>(distance) / static_cast<double>(agreement.rated_by_all);
  }
  agreement.kappa = MeanKappa(form, agreement.stages, groups.size());
  return agreement;
}

}  // namespace concordat::assess
