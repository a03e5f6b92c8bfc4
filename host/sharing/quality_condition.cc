#include "host/sharing/quality_condition.h"

#include <algorithm>
#include <iterator>

#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/record/scorecard.h"

namespace concordat::sharing {
namespace {

constexpr double kSecondsPerDay = 86'400;
constexpr char kMendSubmission[] = "the giving partner mends the submission: concordat submission mend";
constexpr char kSubmitAgain[] = "the giving partner submits again";

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
  verdict.shortfalls.push_back(
      {"quality", fmt::format("{} is needed, but it is {}", condition, measured), kMendSubmission});
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
      {"evidence_stale", fmt::format("{} is needed, but one is {}", condition, measured), kSubmitAgain});
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
    verdict.shortfalls.push_back(
        {"quality", fmt::format("{} is needed, but it is {}", condition, measured), kMendSubmission});
    return;
  }
  verdict.measured.emplace_back(condition, "met");
}

const StandingLevel* LevelOf(const PartnerId& partner, const std::string& template_id,
                             const std::vector<StandingLevel>& levels) {
  const auto found = std::find_if(levels.begin(), levels.end(), [&](const StandingLevel& level) {
    return level.partner == partner && level.template_id == template_id;
  });
  return found == levels.end() ? nullptr : &*found;
}

// The last moment at which an assessment of that time still counts; months by the calendar.
absl::Time StandsUntil(absl::Time submitted, const policy::Duration& max_age) {
  const int64_t day = absl::ToUnixSeconds(submitted) / static_cast<int64_t>(kSecondsPerDay);
  const absl::Duration of_day = submitted - (absl::UnixEpoch() + absl::Hours(24 * day));
  return absl::UnixEpoch() + absl::Hours(24 * max_age.AddTo(day)) + of_day + absl::Seconds(max_age.seconds);
}

std::string Counted(int64_t count, std::string_view unit) {
  return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
}

// In the unit of the limit, and with the days where the months alone would look like the limit itself.
std::string AgeInWords(absl::Time since, absl::Time now, const policy::Duration& limit) {
  const absl::CivilDay from = absl::ToCivilDay(since, absl::UTCTimeZone());
  const absl::CivilDay to = absl::ToCivilDay(now, absl::UTCTimeZone());
  if (limit.months == 0) return Counted(to - from, "day");
  int64_t months = absl::CivilMonth(to) - absl::CivilMonth(from);
  if (to.day() < from.day()) --months;
  if (months != limit.months) return Counted(months, "month");
  const policy::Duration whole{static_cast<int>(months), 0, 0, ""};
  const int64_t days = (to - absl::CivilDay()) - whole.AddTo(from - absl::CivilDay());
  return days > 0 ? fmt::format("{} and {}", Counted(months, "month"), Counted(days, "day"))
                  : Counted(months, "month");
}

std::string LimitInWords(const policy::Duration& limit) {
  if (limit.months > 0 && limit.days == 0 && limit.seconds == 0) return Counted(limit.months, "month");
  if (limit.months == 0 && limit.days > 0 && limit.seconds == 0) return Counted(limit.days, "day");
  return limit.text;
}

std::string AssessAnew(const std::string& partner, const std::string& template_id, std::string_view why) {
  return fmt::format(
      "{}{} assesses itself anew, and a second person of it signs that off: concordat assess start {}", why,
      partner, template_id);
}

bool IsTooOld(const StandingLevel& standing, const policy::LevelCondition& condition, absl::Time now) {
  return condition.max_age && now > StandsUntil(standing.submitted, *condition.max_age);
}

bool HasLevel(const StandingLevel* standing, const policy::LevelCondition& condition) {
  return standing != nullptr && standing->level && *standing->level >= condition.minimum;
}

std::string LevelShown(const StandingLevel* standing) {
  if (standing == nullptr) return "none signed off";
  return standing->level ? std::to_string(*standing->level) : "no level";
}

Shortfall LevelMissing(const policy::LevelCondition& condition, const std::string& partner,
                       const StandingLevel* standing) {
  const std::string needed =
      fmt::format("{} level {} is needed of {}", condition.template_id, condition.minimum, partner);
  if (standing == nullptr) {
    return {"quality", fmt::format("{}, which has no assessment that was signed off", needed),
            AssessAnew(partner, condition.template_id, "")};
  }
  return {"quality",
          fmt::format("{}, but its assessment of {} stands at {}", needed, standing->cycle,
                      standing->level ? fmt::format("level {}", *standing->level) : "no level"),
          AssessAnew(partner, condition.template_id,
                     "what is missing is mended first (concordat assess actions), then ")};
}

Shortfall LevelStale(const policy::LevelCondition& condition, const StandingLevel& standing, absl::Time now) {
  return {
      "evidence_stale",
      fmt::format("{} level {} is needed of {}, but its assessment of {} is {} old, at most {}",
                  condition.template_id, condition.minimum, standing.partner.str(), standing.cycle,
                  AgeInWords(standing.submitted, now, *condition.max_age), LimitInWords(*condition.max_age)),
      AssessAnew(standing.partner.str(), condition.template_id, "")};
}

}  // namespace

bool MeetsQuality(const policy::QualityCondition& condition, const QualityFacts& facts) {
  for (const SubmissionQuality* submission : facts.submissions) {
    for (const auto& [what, least] : condition.minimum) {
      const double* score = ScoreOf(*submission, what);
      if (score == nullptr || *score < least) return false;
    }
    for (const std::string& rule : condition.rules_met) {
      if (!IsMet(*submission, rule)) return false;
    }
    if (condition.max_age &&
        absl::ToDoubleSeconds(facts.now - submission->received) > condition.max_age->Seconds())
      return false;
  }
  if (!condition.assessment) return true;
  return std::all_of(facts.givers.begin(), facts.givers.end(), [&](const PartnerId& giver) {
    const StandingLevel* standing = LevelOf(giver, condition.assessment->template_id, facts.levels);
    return HasLevel(standing, *condition.assessment) &&
           !IsTooOld(*standing, *condition.assessment, facts.now);
  });
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

QualityVerdict JudgeLevels(const policy::LevelCondition& condition, const std::vector<PartnerId>& givers,
                           const std::vector<StandingLevel>& levels, absl::Time now) {
  QualityVerdict verdict;
  for (const PartnerId& giver : givers) {
    const StandingLevel* standing = LevelOf(giver, condition.template_id, levels);
    const std::string whose =
        standing == nullptr ? giver.str() : fmt::format("{}, {}", giver.str(), standing->cycle);
    verdict.measured.emplace_back(
        fmt::format("assessment {} >= {}", condition.template_id, condition.minimum),
        fmt::format("{} ({})", LevelShown(standing), whose));
    if (!HasLevel(standing, condition))
      verdict.shortfalls.push_back(LevelMissing(condition, giver.str(), standing));
    if (!condition.max_age || standing == nullptr) continue;
    verdict.measured.emplace_back(
        fmt::format("assessment {} max_age {}", condition.template_id, condition.max_age->text),
        fmt::format("{} old ({})", AgeInWords(standing->submitted, now, *condition.max_age), whose));
    if (IsTooOld(*standing, condition, now))
      verdict.shortfalls.push_back(LevelStale(condition, *standing, now));
  }
  return verdict;
}

QualityVerdict JudgeQuality(const policy::QualityCondition& condition, const QualityFacts& facts) {
  QualityVerdict verdict;
  for (const auto& [what, least] : condition.minimum) JudgeMinimum(what, least, facts.submissions, verdict);
  for (const std::string& rule : condition.rules_met) JudgeRule(rule, facts.submissions, verdict);
  if (condition.max_age) JudgeAge(*condition.max_age, facts.submissions, facts.now, verdict);
  if (!condition.assessment) return verdict;
  QualityVerdict of_givers = JudgeLevels(*condition.assessment, facts.givers, facts.levels, facts.now);
  std::move(of_givers.measured.begin(), of_givers.measured.end(), std::back_inserter(verdict.measured));
  std::move(of_givers.shortfalls.begin(), of_givers.shortfalls.end(), std::back_inserter(verdict.shortfalls));
  return verdict;
}

}  // namespace concordat::sharing
