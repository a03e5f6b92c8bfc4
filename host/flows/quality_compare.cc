// Which dimension and rule moved between periods, or stand apart between feeds or partners, and by how much.
#include <algorithm>
#include <cmath>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/flows/quality_history.h"
#include "host/flows/quality_lines.h"
#include "host/flows/text_array.h"

namespace concordat::flows {
namespace {

enum class Kind { kPeriods, kFeeds, kPartners };

std::string_view KindName(Kind kind) {
  switch (kind) {
    case Kind::kPeriods:
      return "periods";
    case Kind::kFeeds:
      return "feeds";
    case Kind::kPartners:
      return "partners";
  }
  return "periods";
}

// One period of one feed.
struct Stand {
  const FeedCourse* course = nullptr;
  const PeriodStanding* standing = nullptr;
  std::optional<SubmissionMeasure> measure;
};

// What stands in one column: one stand, or several whose mean it is; none: nothing was sent.
struct Side {
  std::string label;
  std::vector<Stand> stands;
};

absl::StatusOr<Stand> Fetch(const HostParts& host, const FeedCourse& course, const PeriodStanding& standing) {
  Stand stand{&course, &standing, std::nullopt};
  if (!standing.standing) return stand;
  ASSIGN_OR_RETURN(const store::Attempt attempt, host.store->Get(course.attempts[*standing.standing].id));
  stand.measure = MeasureOf(attempt);
  return stand;
}

// The newest period of the window with something in it.
const PeriodStanding* NewestOf(const FeedCourse& course, const DayWindow& window) {
  const PeriodStanding* newest = nullptr;
  for (const PeriodStanding& standing : course.periods) {
    if (window.Holds(standing.period) && standing.standing) newest = &standing;
  }
  return newest;
}

std::optional<double> MeanOf(const Side& side, const auto& value) {
  double sum = 0;
  size_t count = 0;
  for (const Stand& stand : side.stands) {
    const std::optional<double> one = stand.measure ? value(*stand.measure) : std::nullopt;
    if (!one) continue;
    sum += *one;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return count == 1 ? sum : record::ShownScore(sum / static_cast<double>(count));
}

std::optional<double> ScoreIn(const SubmissionMeasure& measure, const std::string& dimension) {
  for (const auto& [name, score] : measure.dimensions) {
    if (name == dimension) return score;
  }
  return std::nullopt;
}

// The last measured less the first measured.
std::optional<double> ChangeOf(const std::vector<std::optional<double>>& values) {
  std::optional<double> first;
  std::optional<double> last;
  size_t measured = 0;
  for (const std::optional<double>& value : values) {
    if (!value) continue;
    if (!first) first = value;
    last = value;
    ++measured;
  }
  return measured < 2 ? std::nullopt : std::optional<double>(ToTenth(*last - *first));
}

json::Array ValuesJson(const std::vector<std::optional<double>>& values) {
  json::Array list;
  for (const std::optional<double>& value : values) list.push_back(NumberJson(value));
  return list;
}

json::Object SideJson(const Side& side) {
  json::Object json{{"label", side.label}};
  json::Array feeds;
  for (const Stand& stand : side.stands) feeds.emplace_back(stand.course->feed.str());
  const Stand* one = side.stands.size() == 1 ? &side.stands.front() : nullptr;
  const bool sent = one != nullptr && one->standing->standing.has_value();
  const SubmissionMeasure* measure = sent ? &*one->measure : nullptr;
  const auto text = [](const std::string& value) {
    return value.empty() ? json::Value(nullptr) : json::Value(value);
  };
  json["feed"] = one == nullptr ? json::Value(nullptr) : json::Value(one->course->feed.str());
  json["partner"] =
      side.stands.empty() ? json::Value(nullptr) : json::Value(side.stands.front().course->partner.str());
  json["dataset"] = one == nullptr ? json::Value(nullptr) : json::Value(one->course->dataset.str());
  json["period"] = one == nullptr ? json::Value(nullptr) : json::Value(one->standing->period.id);
  json["submission"] =
      sent ? json::Value(one->course->attempts[*one->standing->standing].id.str()) : json::Value(nullptr);
  json["state"] = one == nullptr ? json::Value(nullptr) : json::Value(one->standing->state);
  json["late"] =
      one == nullptr || !one->standing->due ? json::Value(nullptr) : json::Value(one->standing->late());
  json["score"] = NumberJson(MeanOf(side, [](const SubmissionMeasure& m) { return m.score; }));
  json["grade"] = measure == nullptr ? json::Value(nullptr) : text(measure->grade);
  json["records"] = measure == nullptr ? json::Value(nullptr) : measure->records;
  json["contract"] = measure == nullptr ? json::Value(nullptr) : text(measure->contract_version);
  json["feeds"] = std::move(feeds);
  return json;
}

const RuleMeasure* RuleIn(const Side& side, const std::string& id) {
  if (side.stands.size() != 1 || !side.stands.front().measure) return nullptr;
  return side.stands.front().measure->FindRule(id);
}

json::Value RuleValueJson(const RuleMeasure* rule) {
  if (rule == nullptr) return nullptr;
  const std::optional<double> share = rule->share();
  json::Object json;
  json["share"] = share ? json::Value(record::ShownScore(*share)) : json::Value(nullptr);
  json["pass"] = rule->counts.pass;
  json["measured"] = rule->counts.measured();
  json["status"] = rule->status;
  json["interval"] = IntervalJson(*rule);
  return json;
}

// Whether chance alone could explain the difference: the 95% intervals of both overlap.
std::string VerdictOf(const RuleMeasure& first, const RuleMeasure& last, double change) {
  if (change == 0) return "no change";
  const std::string direction = fmt::format("{} by {:.1f}", change > 0 ? "up" : "down", std::abs(change));
  if (!first.few && !last.few) return direction;
  const auto one = record::PassInterval(first.counts);
  const auto two = record::PassInterval(last.counts);
  const bool overlap = one && two && one->low <= two->high && two->low <= one->high;
  return direction + (overlap ? ", which so few records may show by chance" : ", more than chance explains");
}

struct RuleRow {
  json::Object json;
  std::optional<double> change;
};

RuleRow RuleRowOf(const std::vector<Side>& sides, const std::string& id, bool comparable) {
  RuleRow row;
  std::vector<std::optional<double>> values;
  const RuleMeasure* first = nullptr;
  const RuleMeasure* last = nullptr;
  const RuleMeasure* any = nullptr;
  json::Array list;
  for (const Side& side : sides) {
    const RuleMeasure* rule = RuleIn(side, id);
    list.push_back(RuleValueJson(rule));
    const std::optional<double> share = rule == nullptr ? std::nullopt : rule->share();
    values.push_back(share ? std::optional<double>(record::ShownScore(*share)) : std::nullopt);
    if (rule != nullptr) any = rule;
    if (!share) continue;
    if (first == nullptr) first = rule;
    last = rule;
  }
  row.change = ChangeOf(values);
  row.json = {
      {"id", id}, {"dimension", any->dimension}, {"severity", any->severity}, {"values", std::move(list)}};
  row.json["change"] = NumberJson(row.change);
  row.json["comparable"] = comparable;
  row.json["verdict"] =
      row.change ? json::Value(VerdictOf(*first, *last, *row.change)) : json::Value(nullptr);
  return row;
}

// Pairs of neighbours whose contract or rules differ, in words; `changed`: the rules that do.
std::vector<std::string> NotesOf(const std::vector<Side>& sides, bool& contract,
                                 std::vector<std::string>& changed) {
  std::vector<std::string> notes;
  const Side* before = nullptr;
  for (const Side& side : sides) {
    if (side.stands.size() != 1 || !side.stands.front().measure) continue;
    if (before != nullptr && before->stands.front().course->dataset == side.stands.front().course->dataset) {
      const MeasureChange change =
          ChangeBetween(*before->stands.front().measure, *side.stands.front().measure);
      if (change.any())
        notes.push_back(fmt::format("{} to {}: {}", before->label, side.label, change.InWords()));
      contract = contract || change.contract;
      changed.insert(changed.end(), change.rules_changed.begin(), change.rules_changed.end());
    }
    before = &side;
  }
  return notes;
}

std::vector<std::string> RuleIdsOf(const std::vector<Side>& sides, const QualityQuery& among,
                                   const Caller& caller) {
  std::vector<std::string> ids;
  for (const Side& side : sides) {
    if (side.stands.size() != 1 || !side.stands.front().measure) continue;
    // Side by side with another partner's the numbers would be half a picture; they are left out as a whole.
    if (!SeesRules(caller, side.stands.front().course->partner)) return {};
    for (const RuleMeasure& rule : side.stands.front().measure->rules) {
      if (IsAsked(rule, among.dimension, among.rule) &&
          std::find(ids.begin(), ids.end(), rule.id) == ids.end())
        ids.push_back(rule.id);
    }
  }
  return ids;
}

bool SameDataset(const std::vector<Side>& sides) {
  const FeedCourse* first = nullptr;
  for (const Side& side : sides) {
    for (const Stand& stand : side.stands) {
      if (first == nullptr) first = stand.course;
      if (first->dataset != stand.course->dataset) return false;
    }
  }
  return true;
}

json::Array DimensionRows(const std::vector<Side>& sides, const std::string& only) {
  std::vector<std::string> names;
  for (const Side& side : sides) {
    for (const Stand& stand : side.stands) {
      if (!stand.measure) continue;
      for (const auto& [name, score] : stand.measure->dimensions) {
        if ((only.empty() || only == name) && std::find(names.begin(), names.end(), name) == names.end())
          names.push_back(name);
      }
    }
  }
  std::vector<std::pair<double, json::Object>> rows;
  for (const std::string& name : names) {
    std::vector<std::optional<double>> values;
    for (const Side& side : sides)
      values.push_back(MeanOf(side, [&name](const SubmissionMeasure& m) { return ScoreIn(m, name); }));
    const std::optional<double> change = ChangeOf(values);
    json::Object row{{"dimension", name}, {"values", ValuesJson(values)}};
    row["change"] = NumberJson(change);
    rows.emplace_back(change.value_or(1e9), std::move(row));
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  json::Array list;
  for (auto& [change, row] : rows) list.push_back(std::move(row));
  return list;
}

json::Object ComparisonJson(const std::string& title, const std::vector<Side>& sides,
                            const QualityQuery& among, const Caller& caller) {
  json::Object json{{"title", title}};
  json::Array list;
  std::vector<std::optional<double>> scores;
  for (const Side& side : sides) {
    list.push_back(SideJson(side));
    scores.push_back(MeanOf(side, [](const SubmissionMeasure& m) { return m.score; }));
  }
  json["sides"] = std::move(list);
  json["score"] = json::Object{{"values", ValuesJson(scores)}, {"change", NumberJson(ChangeOf(scores))}};
  json["dimensions"] = DimensionRows(sides, among.dimension);
  bool contract = false;
  std::vector<std::string> changed;
  std::vector<std::string> notes = NotesOf(sides, contract, changed);
  if (!SameDataset(sides))
    notes.emplace_back("the datasets differ, so their rules do, too: compare dimensions with care");
  std::vector<RuleRow> rows;
  if (SameDataset(sides)) {
    for (const std::string& id : RuleIdsOf(sides, among, caller)) {
      const bool same = !contract && std::find(changed.begin(), changed.end(), id) == changed.end();
      rows.push_back(RuleRowOf(sides, id, same));
    }
  }
  std::stable_sort(rows.begin(), rows.end(), [](const RuleRow& a, const RuleRow& b) {
    return a.change.value_or(1e9) < b.change.value_or(1e9);
  });
  json::Array rules;
  for (RuleRow& row : rows) rules.push_back(std::move(row.json));
  json["rules"] = std::move(rules);
  json["notes"] = TextArray(notes);
  return json;
}

struct Task {
  const HostParts& host;
  const policy::PolicySet& set;
  const QualityComparison& asked;
  DayWindow window;
  absl::Time now;

  absl::StatusOr<std::vector<FeedCourse>> Courses(const FeedId& feed, const PartnerId& partner) const {
    return CoursesOf(host, set, {feed, asked.among.dataset, partner}, now);
  }
  std::optional<policy::Period> PeriodOf(const std::string& side) const {
    const auto period =
        policy::ParsePeriod(side, set.partnership.year_start_month, set.partnership.year_start_day);
    return period.ok() ? std::optional<policy::Period>(*period) : std::nullopt;
  }
  bool IsFeed(const std::string& side) const { return set.FindFeed(FeedId(side)) != nullptr; }
  bool IsPartner(const std::string& side) const { return set.FindPartner(PartnerId(side)) != nullptr; }
};

absl::StatusOr<Kind> KindOf(const Task& task) {
  const auto all = [&task](const auto& is) {
    return std::all_of(task.asked.sides.begin(), task.asked.sides.end(), is);
  };
  if (task.asked.sides.size() < 2)
    return absl::InvalidArgumentError(
        "comparing takes two or more: periods (2026-Q1 2026-Q2), feeds, or partners");
  if (all([&](const std::string& side) { return task.PeriodOf(side).has_value(); })) return Kind::kPeriods;
  if (all([&](const std::string& side) { return task.IsFeed(side); })) return Kind::kFeeds;
  if (all([&](const std::string& side) { return task.IsPartner(side); })) return Kind::kPartners;
  return absl::InvalidArgumentError(
      fmt::format("{} are not all periods, all feeds or all partners; \"concordat feed list\" and "
                  "\"concordat catalog partners\" list "
                  "the names, periods are written 2026-05, 2026-Q2, 2026/27",
                  fmt::join(task.asked.sides, ", ")));
}

// A side that is longer than the feed's periods, a year of months, shows the newest of them.
absl::StatusOr<json::Array> ComparePeriods(const Task& task, const Caller& caller) {
  ASSIGN_OR_RETURN(const std::vector<FeedCourse> courses,
                   task.Courses(task.asked.among.feed, task.asked.among.partner));
  json::Array list;
  for (const FeedCourse& course : courses) {
    std::vector<Side> sides;
    bool any = false;
    for (const std::string& label : task.asked.sides) {
      Side side{label, {}};
      const policy::Period period = *task.PeriodOf(label);
      const PeriodStanding* newest = nullptr;
      for (const PeriodStanding& standing : course.periods) {
        const bool within = standing.period.from >= period.from && standing.period.to <= period.to;
        if (within && standing.state != "awaited" && (newest == nullptr || standing.standing))
          newest = &standing;
      }
      if (newest != nullptr) {
        ASSIGN_OR_RETURN(Stand stand, Fetch(task.host, course, *newest));
        any = any || stand.measure.has_value();
        side.stands.push_back(std::move(stand));
      }
      sides.push_back(std::move(side));
    }
    if (any) list.push_back(ComparisonJson(course.feed.str(), sides, task.asked.among, caller));
  }
  return list;
}

absl::StatusOr<json::Array> CompareSuppliers(const Task& task, Kind kind, const Caller& caller) {
  std::vector<std::vector<FeedCourse>> kept;  // the sides point into it
  std::vector<Side> sides;
  for (const std::string& label : task.asked.sides) {
    const bool feed = kind == Kind::kFeeds;
    ASSIGN_OR_RETURN(std::vector<FeedCourse> courses,
                     task.Courses(FeedId(feed ? label : ""), PartnerId(feed ? "" : label)));
    kept.push_back(std::move(courses));
    Side side{label, {}};
    for (const FeedCourse& course : kept.back()) {
      const PeriodStanding* newest = NewestOf(course, task.window);
      if (newest == nullptr) continue;
      ASSIGN_OR_RETURN(Stand stand, Fetch(task.host, course, *newest));
      side.stands.push_back(std::move(stand));
    }
    sides.push_back(std::move(side));
  }
  return json::Array{ComparisonJson(fmt::format("{}", fmt::join(task.asked.sides, " and ")), sides,
                                    task.asked.among, caller)};
}

}  // namespace

absl::StatusOr<json::Value> CompareQuality(const HostParts& host, const Caller& caller,
                                           const QualityComparison& comparison) {
  QualityComparison asked = comparison;
  ASSIGN_OR_RETURN(asked.among.dimension, DimensionWord(comparison.among.dimension));
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  const policy::PolicySet& set = *policies->set;
  ASSIGN_OR_RETURN(const DayWindow window, WindowOf(set.partnership, asked.among.from, asked.among.to));
  const Task task{host, set, asked, window, host.clock->Now()};
  ASSIGN_OR_RETURN(const Kind kind, KindOf(task));
  ASSIGN_OR_RETURN(json::Array list, kind == Kind::kPeriods ? ComparePeriods(task, caller)
                                                            : CompareSuppliers(task, kind, caller));
  const std::string message =
      list.empty() ? "nothing was sent for these periods by the feeds asked for"
                   : fmt::format("{} compared, {} side by side", KindName(kind), asked.sides.size());
  json::Object json{{"asOf", TimeText(task.now)}, {"kind", std::string(KindName(kind))}};
  json["comparisons"] = std::move(list);
  json["message"] = message;
  return json;
}

}  // namespace concordat::flows
