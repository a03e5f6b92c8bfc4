// Counts into scores: interfaces.md, "Scores and the gate".
#include <algorithm>
#include <map>

#include "host/quality/judge.h"

namespace concordat::quality {
namespace {

using record::Dimension;
using record::DimensionScore;
using record::Grade;
using record::RuleResult;
using record::RuleStatus;
using record::Severity;

// A mean that is 95 on paper may be 94.99999999999999 in binary.
constexpr double kNoise = 1e-9;
constexpr std::string_view kAdapterPrefix = "adapter/";

bool Broken(const RuleResult& rule) { return rule.threshold_broken.value_or(rule.counts.fail > 0); }

RuleStatus StatusOf(const RuleResult& rule) {
  if (rule.counts.error > 0 || rule.counts.measured() == 0) return RuleStatus::kNotEvaluated;
  if (Broken(rule)) return RuleStatus::kBreached;
  return rule.warn_broken ? RuleStatus::kWarned : RuleStatus::kMet;
}

bool IsAdapterDimension(const DimensionScore& score) { return score.dimension.starts_with(kAdapterPrefix); }

// Weighted share of passing records over the measured rules of one dimension.
DimensionScore ScoreDimension(const std::vector<RuleResult>& rules, Dimension dimension) {
  DimensionScore score;
  score.dimension = record::DimensionName(dimension);
  double weights = 0;
  double passing = 0;
  for (const RuleResult& rule : rules) {
    if (!rule.enforced || rule.dimension != dimension || rule.counts.measured() == 0) continue;
    ++score.rules;
    weights += rule.weight;
    passing +=
        rule.weight * static_cast<double>(rule.counts.pass) / static_cast<double>(rule.counts.measured());
  }
  if (weights > 0) score.score = 100 * passing / weights;
  return score;
}

class Mean {
 public:
  void Add(double value, double weight) {
    sum_ += value * weight;
    weights_ += weight;
  }
  std::optional<double> value() const {
    return weights_ > 0 ? std::optional<double>(sum_ / weights_) : std::nullopt;
  }

 private:
  double sum_ = 0;
  double weights_ = 0;
};

std::vector<DimensionScore> ScoreDimensions(const record::Scorecard& card) {
  std::vector<DimensionScore> scores;
  for (size_t i = 0; i < record::kDimensionCount; ++i) {
    const auto dimension = static_cast<Dimension>(i);
    const bool used = std::any_of(card.rules.begin(), card.rules.end(), [dimension](const RuleResult& rule) {
      return rule.enforced && rule.dimension == dimension;
    });
    if (used) scores.push_back(ScoreDimension(card.rules, dimension));
  }
  return scores;
}

double WeightOf(const DimensionScore& score, const std::vector<std::pair<Dimension, double>>& weights) {
  for (const auto& [dimension, weight] : weights) {
    if (record::DimensionName(dimension) == score.dimension) return weight;
  }
  return 1;
}

// An adapter's own dimensions can lower the mean, never lift it.
std::optional<double> ScoreDataset(const std::vector<DimensionScore>& dimensions,
                                   const std::vector<std::pair<Dimension, double>>& weights) {
  Mean host;
  Mean all;
  for (const DimensionScore& dimension : dimensions) {
    if (!dimension.score) continue;
    all.Add(*dimension.score, IsAdapterDimension(dimension) ? 1 : WeightOf(dimension, weights));
    if (!IsAdapterDimension(dimension)) host.Add(*dimension.score, WeightOf(dimension, weights));
  }
  if (!host.value()) return std::nullopt;
  return std::min(*host.value(), *all.value());
}

Grade GradeOf(double score, const std::vector<RuleResult>& rules) {
  Grade grade = Grade::kD;
  if (score + kNoise >= 70) grade = Grade::kC;
  if (score + kNoise >= 85) grade = Grade::kB;
  if (score + kNoise >= 95) grade = Grade::kA;
  for (const RuleResult& rule : rules) {
    if (!rule.enforced) continue;
    const bool breached = rule.status == RuleStatus::kBreached;
    if (breached && rule.severity == Severity::kError) grade = std::max(grade, Grade::kB);
    if ((breached && rule.severity == Severity::kCritical) || rule.counts.error > 0) grade = Grade::kD;
  }
  return grade;
}

double EvaluatedShare(const std::vector<RuleResult>& rules) {
  record::Counts all;
  for (const RuleResult& rule : rules) {
    if (rule.enforced) all += rule.counts;
  }
  if (all.total() == 0) return 0;
  return static_cast<double>(all.pass + all.fail + all.skip) / static_cast<double>(all.total());
}

}  // namespace

void ScoreCard(record::Scorecard& card, const std::vector<std::pair<Dimension, double>>& dimension_weights) {
  for (RuleResult& rule : card.rules) {
    const bool evaluated = rule.enforced || rule.life == record::RuleLife::kShadow;
    rule.status = evaluated ? StatusOf(rule) : RuleStatus::kNotEvaluated;
  }
  std::vector<DimensionScore> dimensions = ScoreDimensions(card);
  for (DimensionScore& dimension : card.dimensions) {
    if (IsAdapterDimension(dimension)) dimensions.push_back(std::move(dimension));
  }
  card.dimensions = std::move(dimensions);
  card.score = ScoreDataset(card.dimensions, dimension_weights);
  card.grade = card.score ? std::optional<Grade>(GradeOf(*card.score, card.rules)) : std::nullopt;
  card.evaluated_share = EvaluatedShare(card.rules);
}

}  // namespace concordat::quality
