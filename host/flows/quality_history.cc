#include "host/flows/quality_history.h"

#include <algorithm>
#include <map>

#include "fmt/format.h"
#include "host/base/source.h"
#include "host/data/parse.h"
#include "host/flows/feed_course.h"
#include "host/flows/quality_lines.h"
#include "host/flows/text_array.h"

namespace concordat::flows {
namespace {

// A year of months and the one to compare with.
constexpr size_t kPeriodsShown = 13;

json::Value TextOrNull(const std::string& text) {
  return text.empty() ? json::Value(nullptr) : json::Value(text);
}
json::Value TimeOrNull(const std::optional<absl::Time>& time) {
  return time ? json::Value(TimeText(*time)) : json::Value(nullptr);
}

json::Value ChangeJson(const MeasureChange& change) {
  if (!change.any()) return nullptr;
  return json::Object{{"contract", change.contract},
                      {"versionBefore", TextOrNull(change.version_before)},
                      {"versionAfter", TextOrNull(change.version_after)},
                      {"added", TextArray(change.rules_added)},
                      {"removed", TextArray(change.rules_removed)},
                      {"changed", TextArray(change.rules_changed)},
                      {"message", change.InWords()}};
}

json::Array AttemptsJson(const FeedCourse& course, const PeriodStanding& standing,
                         const std::map<size_t, SubmissionMeasure>& measures) {
  json::Array list;
  for (const size_t i : standing.attempts) {
    const store::Attempt& attempt = course.attempts[i];
    json::Object one{{"submission", attempt.id.str()},
                     {"attempt", attempt.number},
                     {"decision", std::string(record::VerdictName(attempt.verdict))},
                     {"state", attempt.state},
                     {"received", TimeText(attempt.received)}};
    one["score"] = NumberJson(measures.at(i).score);
    one["reason"] = TextOrNull(attempt.reason);
    list.push_back(std::move(one));
  }
  return list;
}

json::Array DimensionsJson(const SubmissionMeasure& measure, const std::string& only) {
  json::Array list;
  for (const auto& [dimension, score] : measure.dimensions) {
    if (only.empty() || only == dimension)
      list.push_back(json::Object{{"dimension", dimension}, {"score", NumberJson(score)}});
  }
  return list;
}

json::Object PointJson(const FeedCourse& course, const QualityPoint& point, const QualityQuery& query,
                       bool rules_shown) {
  const PeriodStanding& standing = *point.standing;
  json::Object json{{"period", standing.period.id},
                    {"from", data::DateText(standing.period.from)},
                    {"to", data::DateText(standing.period.to)},
                    {"inWords", standing.period.InWords()}};
  json["due"] = standing.due ? json::Value(TimeText(*standing.due).substr(0, 10)) : json::Value(nullptr);
  json["state"] = standing.state;
  json["late"] = standing.due ? json::Value(standing.late()) : json::Value(nullptr);
  json["daysLate"] = standing.days_late;
  json["received"] = TimeOrNull(standing.received);
  const SubmissionMeasure* measure = point.measure();
  const store::Attempt* attempt = standing.standing ? &course.attempts[*standing.standing] : nullptr;
  json["submission"] = attempt == nullptr ? json::Value(nullptr) : json::Value(attempt->id.str());
  json["decision"] = attempt == nullptr ? json::Value(nullptr)
                                        : json::Value(std::string(record::VerdictName(attempt->verdict)));
  json["score"] = measure == nullptr ? json::Value(nullptr) : NumberJson(measure->score);
  json["grade"] = measure == nullptr ? json::Value(nullptr) : TextOrNull(measure->grade);
  json["records"] = measure == nullptr ? json::Value(nullptr) : measure->records;
  json["contract"] = measure == nullptr
                         ? json::Value(nullptr)
                         : json::Value(json::Object{{"version", TextOrNull(measure->contract_version)},
                                                    {"digest", TextOrNull(measure->contract_digest)}});
  json["dimensions"] = measure == nullptr ? json::Array() : DimensionsJson(*measure, query.dimension);
  json["rules"] = nullptr;
  if (rules_shown) {
    json::Array rules;
    if (measure != nullptr) {
      for (const RuleMeasure& rule : measure->rules) {
        if (IsAsked(rule, query.dimension, query.rule)) rules.push_back(RuleMeasureJson(rule));
      }
    }
    json["rules"] = std::move(rules);
  }
  json["change"] = ChangeJson(point.change);
  json["attempts"] = AttemptsJson(course, standing, point.measures);
  return json;
}

json::Object CountsJson(const QualitySeries& series) {
  uint64_t late = 0;
  uint64_t on_time = 0;
  uint64_t missing = 0;
  uint64_t rejected = 0;
  for (const QualityPoint& point : series.points) {
    const PeriodStanding& standing = *point.standing;
    if (standing.state == "missing" || standing.state == "withdrawn") ++missing;
    if (standing.state == "rejected") ++rejected;
    if (!standing.due || !standing.supplied()) continue;
    ++(standing.late() ? late : on_time);
  }
  return {{"total", series.points.size()},
          {"onTime", on_time},
          {"late", late},
          {"missing", missing},
          {"rejected", rejected}};
}

json::Object SeriesJson(const policy::PolicySet& set, const QualitySeries& series, const QualityQuery& query,
                        bool rules_shown) {
  const FeedCourse& course = *series.course;
  const policy::Partner* partner = set.FindPartner(course.partner);
  const policy::Contract* contract = set.FindDataset(course.dataset).first;
  json::Object json{{"feed", course.feed.str()}, {"partner", course.partner.str()}};
  json["partnerName"] = partner == nullptr ? course.partner.str() : partner->name;
  json["dataset"] = course.dataset.str();
  json["title"] = contract == nullptr || contract->title.empty() ? course.dataset.str() : contract->title;
  const bool scheduled = course.policy != nullptr && course.policy->schedule;
  json["every"] = scheduled ? json::Value(course.policy->schedule->every.text) : json::Value(nullptr);
  json["rulesShown"] = rules_shown;
  json["leftOut"] = series.left_out;
  json["periods"] = CountsJson(series);
  json::Array points;
  for (const QualityPoint& point : series.points)
    points.push_back(PointJson(course, point, query, rules_shown));
  json["points"] = std::move(points);
  json["lines"] = LinesJson(LinesOf(series, query.dimension, query.rule, rules_shown));
  return json;
}

absl::Status CheckRule(const std::vector<QualitySeries>& all, const Caller& caller, const std::string& rule) {
  if (rule.empty()) return absl::OkStatus();
  std::vector<std::string> known;
  for (const QualitySeries& series : all) {
    if (!SeesRules(caller, series.course->partner)) continue;
    for (const QualityPoint& point : series.points) {
      if (point.measure() == nullptr) continue;
      if (point.measure()->FindRule(rule) != nullptr) return absl::OkStatus();
      for (const RuleMeasure& one : point.measure()->rules) known.push_back(one.id);
    }
  }
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  return absl::NotFoundError(
      fmt::format("no submission of these feeds and periods was judged by a rule \"{}\"{}; rules are shown "
                  "of your own partner's feeds",
                  rule, known.empty() ? std::string() : "; " + DidYouMean(rule, known)));
}

}  // namespace

absl::StatusOr<json::Value> QualityHistory(const HostParts& host, const Caller& caller,
                                           const QualityQuery& asked) {
  QualityQuery query = asked;
  ASSIGN_OR_RETURN(query.dimension, DimensionWord(asked.dimension));
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  const absl::Time now = host.clock->Now();
  ASSIGN_OR_RETURN(const DayWindow window, WindowOf(policies->set->partnership, query.from, query.to));
  ASSIGN_OR_RETURN(const std::vector<FeedCourse> courses,
                   CoursesOf(host, *policies->set, {query.feed, query.dataset, query.partner}, now));
  std::vector<QualitySeries> all;
  for (const FeedCourse& course : courses) {
    ASSIGN_OR_RETURN(QualitySeries series,
                     SeriesOf(host, course, window, query.from.empty() ? kPeriodsShown : SIZE_MAX));
    all.push_back(std::move(series));
  }
  RETURN_IF_ERROR(CheckRule(all, caller, query.rule));
  json::Array list;
  for (const QualitySeries& series : all)
    list.push_back(SeriesJson(*policies->set, series, query, SeesRules(caller, series.course->partner)));
  const std::string message = fmt::format("{} feed{}", list.size(), list.size() == 1 ? "" : "s");
  return json::Object{{"asOf", TimeText(now)}, {"message", message}, {"series", std::move(list)}};
}

}  // namespace concordat::flows
