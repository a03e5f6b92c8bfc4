#include "host/sharing/quality_condition.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/record/scorecard.h"

namespace concordat::sharing {
namespace {

constexpr double kSecondsPerDay = 86'400;

std::string Named(const SubmissionQuality& submission) {
  return fmt::format("{}, {}, {}", submission.submission.str(), submission.partner.str(), submission.period);
}

const double* ScoreOf(const SubmissionQuality& submission, const std::string& what) {
  const auto found = submission.scores.find(what);
  return found == submission.scores.end() ? nullptr : &found->second;
}

std::string ShownOrNotMeasured(const double* score) {
  return score == nullptr ? "not measured" : data::NumberText(record::ShownScore(*score));
}

// What was not measured is worse than any number.
const SubmissionQuality* Worst(const std::vector<const SubmissionQuality*>& submissions,
                               const std::string& what) {
  const auto rank = [&](const SubmissionQuality* submission) {
    const double* score = ScoreOf(*submission, what);
    return score == nullptr ? -1.0 : *score;
  };
  return *std::min_element(
      submissions.begin(), submissions.end(),
      [&](const SubmissionQuality* a, const SubmissionQuality* b) { return rank(a) < rank(b); });
}

void JudgeMinimum(const std::string& what, double least,
                  const std::vector<const SubmissionQuality*>& submissions, QualityVerdict& verdict) {
  const std::string condition = fmt::format("{} >= {}", what, data::NumberText(least));
  if (submissions.empty()) {
    verdict.measured.emplace_back(condition, "no submission yet");
    return;
  }
  const SubmissionQuality& worst = *Worst(submissions, what);
  const double* score = ScoreOf(worst, what);
  const std::string measured = fmt::format("{} ({})", ShownOrNotMeasured(score), Named(worst));
  verdict.measured.emplace_back(condition, measured);
  if (score != nullptr && *score >= least) return;
  verdict.shortfalls.push_back({"quality", fmt::format("{} is needed, but it is {}", condition, measured)});
}

void JudgeAge(const policy::Duration& max_age, const std::vector<const SubmissionQuality*>& submissions,
              absl::Time now, QualityVerdict& verdict) {
  const std::string condition = fmt::format("max_age {}", max_age.text);
  if (submissions.empty()) {
    verdict.measured.emplace_back(condition, "no submission yet");
    return;
  }
  const SubmissionQuality& oldest =
      **std::min_element(submissions.begin(), submissions.end(),
                         [](const auto* a, const auto* b) { return a->received < b->received; });
  const double age = absl::ToDoubleSeconds(now - oldest.received);
  const std::string measured =
      fmt::format("{} days old ({})", static_cast<int64_t>(age / kSecondsPerDay), Named(oldest));
  verdict.measured.emplace_back(condition, measured);
  if (age <= max_age.Seconds()) return;
  verdict.shortfalls.push_back(
      {"evidence_stale", fmt::format("{} is needed, but one is {}", condition, measured)});
}

bool IsMet(const SubmissionQuality& submission, const std::string& rule) {
  const auto status = submission.rules.find(rule);
  return status != submission.rules.end() && (status->second == "met" || status->second == "warned");
}

void JudgeRule(const std::string& rule, const std::vector<const SubmissionQuality*>& submissions,
               QualityVerdict& verdict) {
  const std::string condition = fmt::format("{} met", rule);
  if (submissions.empty()) {
    verdict.measured.emplace_back(condition, "no submission yet");
    return;
  }
  for (const SubmissionQuality* submission : submissions) {
    if (IsMet(*submission, rule)) continue;
    const auto status = submission->rules.find(rule);
    const std::string measured = fmt::format(
        "{} ({})", status == submission->rules.end() ? "not measured" : status->second, Named(*submission));
    verdict.measured.emplace_back(condition, measured);
    verdict.shortfalls.push_back({"quality", fmt::format("{} is needed, but it is {}", condition, measured)});
    return;
  }
  verdict.measured.emplace_back(condition, "met");
}

}  // namespace

bool MeetsQuality(const policy::QualityCondition& condition,
                  const std::vector<const SubmissionQuality*>& submissions, absl::Time now) {
  for (const SubmissionQuality* submission : submissions) {
    for (const auto& [what, least] : condition.minimum) {
      const double* score = ScoreOf(*submission, what);
      if (score == nullptr || *score < least) return false;
    }
    for (const std::string& rule : condition.rules_met) {
      if (!IsMet(*submission, rule)) return false;
    }
    if (condition.max_age && absl::ToDoubleSeconds(now - submission->received) > condition.max_age->Seconds())
      return false;
  }
  return true;
}

std::vector<const SubmissionQuality*> Affected(const policy::Share& share,
                                               const std::vector<SubmissionQuality>& submissions) {
  std::vector<const SubmissionQuality*> affected;
  for (const SubmissionQuality& submission : submissions) {
    const bool given =
        std::find(share.from.begin(), share.from.end(), submission.partner) != share.from.end();
    if (given) affected.push_back(&submission);
  }
  return affected;
}

QualityVerdict JudgeQuality(const policy::QualityCondition& condition,
                            const std::vector<const SubmissionQuality*>& submissions, absl::Time now) {
  QualityVerdict verdict;
  for (const auto& [what, least] : condition.minimum) JudgeMinimum(what, least, submissions, verdict);
  for (const std::string& rule : condition.rules_met) JudgeRule(rule, submissions, verdict);
  if (condition.max_age) JudgeAge(*condition.max_age, submissions, now, verdict);
  return verdict;
}

}  // namespace concordat::sharing
