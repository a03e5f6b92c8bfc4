#include "host/flows/quality_lines.h"

#include <algorithm>
#include <cmath>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/record/words.h"

namespace concordat::flows {
namespace {

// Whether a line's values on both sides of `change` measure the same.
bool Touches(const MeasureChange& change, const QualityLine& line) {
  if (change.contract) return true;
  if (line.kind != "rule") return change.any();
  const auto names = [&line](const std::vector<std::string>& rules) {
    return std::find(rules.begin(), rules.end(), line.id) != rules.end();
  };
  return names(change.rules_added) || names(change.rules_changed) || names(change.rules_removed);
}

void Finish(const QualitySeries& series, QualityLine& line) {
  std::optional<size_t> latest;
  std::optional<size_t> previous;
  for (size_t i = 0; i < line.values.size(); ++i) {
    if (!line.values[i]) continue;
    previous = latest;
    latest = i;
  }
  if (latest) line.latest = line.values[*latest];
  if (!previous) return;
  line.previous = line.values[*previous];
  for (size_t i = *previous + 1; i <= *latest; ++i) {
    if (!Touches(series.points[i].change, line)) continue;
    line.comparable = false;
    line.note =
        fmt::format("{}: {}", series.points[i].standing->period.id, series.points[i].change.InWords());
  }
}

template <typename Value>
void Fill(const QualitySeries& series, QualityLine& line, Value value) {
  for (const QualityPoint& point : series.points) {
    const SubmissionMeasure* measure = point.measure();
    line.values.push_back(measure == nullptr ? std::optional<double>() : value(*measure));
  }
  Finish(series, line);
}

std::vector<std::string> DimensionsOf(const QualitySeries& series) {
  std::vector<std::string> names;
  for (const QualityPoint& point : series.points) {
    if (point.measure() == nullptr) continue;
    for (const auto& [name, score] : point.measure()->dimensions) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

// Each as it was last: the newest severity and dimension count.
std::vector<QualityLine> RulesOf(const QualitySeries& series, const std::string& dimension,
                                 const std::string& rule) {
  std::vector<QualityLine> lines;
  for (const QualityPoint& point : series.points) {
    if (point.measure() == nullptr) continue;
    for (const RuleMeasure& one : point.measure()->rules) {
      if (!IsAsked(one, dimension, rule)) continue;
      auto found = std::find_if(lines.begin(), lines.end(),
                                [&](const QualityLine& line) { return line.id == one.id; });
      if (found == lines.end()) found = lines.insert(lines.end(), QualityLine{});
      found->kind = "rule";
      found->id = one.id;
      found->dimension = one.dimension;
      found->severity = one.severity;
    }
  }
  return lines;
}

}  // namespace

absl::StatusOr<DayWindow> WindowOf(const policy::Partnership& partnership, const std::string& from,
                                   const std::string& to) {
  const int month = partnership.year_start_month;
  const int day = partnership.year_start_day;
  DayWindow window;
  if (!from.empty()) {
    ASSIGN_OR_RETURN(const policy::Period period, policy::ParsePeriod(from, month, day));
    window.from = period.from;
  }
  if (!to.empty()) {
    ASSIGN_OR_RETURN(const policy::Period period, policy::ParsePeriod(to, month, day));
    window.to = period.to;
  }
  if (window.from > window.to)
    return absl::InvalidArgumentError(
        fmt::format("from {} to {} is no span of time: swap the two", from, to));
  return window;
}

absl::StatusOr<QualitySeries> SeriesOf(const HostParts& host, const FeedCourse& course,
                                       const DayWindow& window, size_t most) {
  QualitySeries series;
  series.course = &course;
  for (const PeriodStanding& standing : course.periods) {
    if (standing.state == "awaited" || !window.Holds(standing.period)) continue;
    series.points.push_back({&standing, {}, {}});
  }
  if (series.points.size() > most) {
    series.left_out = series.points.size() - most;
    series.points.erase(series.points.begin(),
                        series.points.begin() + static_cast<std::ptrdiff_t>(series.left_out));
  }
  const SubmissionMeasure* before = nullptr;
  for (QualityPoint& point : series.points) {
    for (const size_t i : point.standing->attempts) {
      ASSIGN_OR_RETURN(const store::Attempt attempt, host.store->Get(course.attempts[i].id));
      point.measures.emplace(i, MeasureOf(attempt));
    }
    const SubmissionMeasure* measure = point.measure();
    if (measure == nullptr) continue;
    if (before != nullptr) point.change = ChangeBetween(*before, *measure);
    before = measure;
  }
  return series;
}

std::optional<double> QualityLine::change() const {
  if (!latest || !previous) return std::nullopt;
  return ToTenth(*latest - *previous);
}

std::vector<QualityLine> LinesOf(const QualitySeries& series, const std::string& dimension,
                                 const std::string& rule, bool with_rules) {
  std::vector<QualityLine> lines;
  if (dimension.empty() && rule.empty()) {
    lines.push_back({"score", "score", "", "", {}, {}, {}, true, ""});
    Fill(series, lines.back(), [](const SubmissionMeasure& measure) { return measure.score; });
  }
  for (const std::string& name : DimensionsOf(series)) {
    if (!rule.empty() || (!dimension.empty() && dimension != name)) continue;
    lines.push_back({"dimension", name, name, "", {}, {}, {}, true, ""});
    Fill(series, lines.back(), [&name](const SubmissionMeasure& measure) -> std::optional<double> {
      for (const auto& [one, score] : measure.dimensions) {
        if (one == name) return score;
      }
      return std::nullopt;
    });
  }
  if (!with_rules) return lines;
  for (QualityLine& line : RulesOf(series, dimension, rule)) {
    Fill(series, line, [&line](const SubmissionMeasure& measure) -> std::optional<double> {
      const RuleMeasure* found = measure.FindRule(line.id);
      const std::optional<double> share = found == nullptr ? std::nullopt : found->share();
      return share ? std::optional<double>(record::ShownScore(*share)) : std::nullopt;
    });
    lines.push_back(std::move(line));
  }
  return lines;
}

json::Array LinesJson(const std::vector<QualityLine>& lines) {
  json::Array list;
  for (const QualityLine& line : lines) {
    json::Array values;
    for (const std::optional<double>& value : line.values) values.push_back(NumberJson(value));
    json::Object json{{"kind", line.kind}, {"id", line.id}};
    json["dimension"] = line.dimension.empty() ? json::Value(nullptr) : json::Value(line.dimension);
    json["severity"] = line.severity.empty() ? json::Value(nullptr) : json::Value(line.severity);
    json["values"] = std::move(values);
    json["latest"] = NumberJson(line.latest);
    json["previous"] = NumberJson(line.previous);
    json["change"] = NumberJson(line.change());
    json["comparable"] = line.comparable;
    json["note"] = line.note.empty() ? json::Value(nullptr) : json::Value(line.note);
    list.push_back(std::move(json));
  }
  return list;
}

absl::StatusOr<std::string> DimensionWord(const std::string& asked) {
  if (asked.empty() || asked.starts_with("adapter/")) return asked;
  if (const auto known = record::DimensionFrom(asked)) return std::string(record::DimensionName(*known));
  std::vector<std::string> words;
  for (size_t i = 0; i < record::kDimensionCount; ++i)
    words.emplace_back(record::DimensionForPeople(static_cast<record::Dimension>(i)));
  return absl::InvalidArgumentError(
      fmt::format("\"{}\" is no dimension; there are {}", asked, fmt::join(words, ", ")));
}

json::Value IntervalJson(const RuleMeasure& rule) {
  const std::optional<record::Interval> interval =
      rule.few ? record::PassInterval(rule.counts) : std::nullopt;
  if (!interval) return nullptr;
  return json::Array{ToTenth(100 * interval->low), ToTenth(100 * interval->high)};
}

json::Object RuleMeasureJson(const RuleMeasure& rule) {
  json::Object json{{"id", rule.id},
                    {"dimension", rule.dimension},
                    {"severity", rule.severity},
                    {"status", rule.status},
                    {"state", rule.state},
                    {"pass", rule.counts.pass},
                    {"fail", rule.counts.fail},
                    {"skip", rule.counts.skip},
                    {"unresolved", rule.counts.unresolved},
                    {"error", rule.counts.error}};
  const std::optional<double> share = rule.share();
  json["share"] = share ? json::Value(record::ShownScore(*share)) : json::Value(nullptr);
  json["interval"] = IntervalJson(rule);
  return json;
}

bool IsAsked(const RuleMeasure& rule, const std::string& dimension, const std::string& id) {
  return (dimension.empty() || rule.dimension == dimension) && (id.empty() || rule.id == id);
}

json::Value NumberJson(std::optional<double> number) {
  return number ? json::Value(*number) : json::Value(nullptr);
}

double ToTenth(double number) { return std::round(number * 10) / 10; }

bool SeesRules(const Caller& caller, const PartnerId& partner) {
  return caller.administrator || caller.partner == partner;
}

}  // namespace concordat::flows
