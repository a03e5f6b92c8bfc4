// On time, and how good: the sections of the board's report about data.
#include <algorithm>
#include <cmath>
#include <map>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/flows/confidence.h"
#include "host/flows/report_majors.h"
#include "host/flows/report_sections.h"

namespace concordat::flows {
namespace {

constexpr size_t kTimelinessRows = 4;
constexpr size_t kQualityRows = 8;
constexpr size_t kTrendPeriods = 8;

bool InPeriod(const policy::Period& report, const policy::Period& period) {
  return period.to >= report.from && period.to <= report.to;
}

bool IsMissing(const PeriodStanding& standing) {
  return standing.state == "missing" || standing.state == "withdrawn" || standing.state == "rejected";
}

ReportRow TimelinessRow(const ReportTask& task, const FeedCourse& course, const PeriodStanding& standing) {
  ReportRow row;
  row.partner = course.partner;
  row.order = -static_cast<double>(standing.days_late);
  const std::string what = fmt::format("{} of {} for {}", Spoken(course.dataset.str()),
                                       task.PartnerName(course.partner), Spoken(standing.period));
  const std::string overdue = standing.days_late > 0
                                  ? fmt::format(" ({} overdue)", Counted(standing.days_late, "day", "days"))
                                  : std::string();
  if (standing.state == "rejected") {
    row.words = fmt::format("{} was sent and rejected, and not mended since{}", what, overdue);
  } else if (standing.state == "withdrawn") {
    row.words = fmt::format("{} was withdrawn and not sent again{}", what, overdue);
  } else if (standing.state == "missing") {
    row.words = fmt::format("{} is missing{}", what, overdue);
  } else {
    row.words = fmt::format("{} came {} late", what, Counted(standing.days_late, "day", "days"));
  }
  if (IsMissing(standing)) {
    row.major = std::string(major::kMissing);
  } else if (standing.days_late > major::kLateDays) {
    row.major = std::string(major::kLate);
  }
  row.row = {{"partner", course.partner.str()}, {"partnerName", task.PartnerName(course.partner)},
             {"feed", course.feed.str()},       {"dataset", course.dataset.str()},
             {"period", standing.period.id},    {"state", standing.state},
             {"daysLate", standing.days_late}};
  return row;
}

// A supplier's dataset: one feed of it, or several together.
struct Supply {
  PartnerId partner;
  DatasetId dataset;
  std::vector<double> now;
  std::vector<double> before;
  std::vector<std::pair<int64_t, std::optional<double>>> trend;  // end of the period, score
  bool changed = false;   // contract or rules, since what stands before
  bool expected = false;  // something was due or sent in the report's period
};

std::optional<double> MeanOf(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  double sum = 0;
  for (const double value : values) sum += value;
  return record::ShownScore(sum / static_cast<double>(values.size()));
}

absl::Status AddFeed(const ReportTask& task, const FeedCourse& course, Supply& supply) {
  ASSIGN_OR_RETURN(const QualitySeries series,
                   SeriesOf(task.host, course, {INT64_MIN, task.period.to}, kTrendPeriods));
  for (const QualityPoint& point : series.points) {
    const PeriodStanding& standing = *point.standing;
    const SubmissionMeasure* measure = standing.supplied() ? point.measure() : nullptr;
    const std::optional<double> score = measure == nullptr ? std::nullopt : measure->score;
    supply.trend.emplace_back(standing.period.to, score);
    const bool now = InPeriod(task.period, standing.period);
    const bool before = InPeriod(task.previous, standing.period);
    supply.expected = supply.expected || now;
    if (score && now) supply.now.push_back(*score);
    if (score && before) supply.before.push_back(*score);
    if (point.change.any() && (now || (before && !supply.before.empty()))) supply.changed = true;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Supply>> SuppliesOf(const ReportTask& task) {
  std::map<std::pair<PartnerId, DatasetId>, Supply> supplies;
  for (const FeedCourse& course : task.courses) {
    Supply& supply = supplies[{course.partner, course.dataset}];
    supply.partner = course.partner;
    supply.dataset = course.dataset;
    RETURN_IF_ERROR(AddFeed(task, course, supply));
  }
  std::vector<Supply> list;
  for (auto& [key, supply] : supplies) {
    if (!supply.expected) continue;
    std::stable_sort(supply.trend.begin(), supply.trend.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    list.push_back(std::move(supply));
  }
  return list;
}

ReportRow QualityRow(const ReportTask& task, const Supply& supply, const assess::Confidence& confidence) {
  ReportRow row;
  row.partner = supply.partner;
  const std::optional<double> now = MeanOf(supply.now);
  const std::optional<double> before = MeanOf(supply.before);
  const std::optional<double> change =
      now && before ? std::optional<double>(ToTenth(*now - *before)) : std::nullopt;
  const std::string what =
      fmt::format("{} of {}", Spoken(supply.dataset.str()), task.PartnerName(supply.partner));
  std::string trend = "nothing to compare with in the period before";
  if (change) {
    trend =
        *change == 0 ? "unchanged" : fmt::format("{} {:.1f}", *change > 0 ? "up" : "down", std::abs(*change));
    trend += fmt::format(" from {:.1f}", *before);
    if (supply.changed) trend += ", but its rules changed: not the same measure";
  }
  row.words = now ? fmt::format("{} scores {:.1f} of 100, {}", what, *now, trend)
                  : fmt::format("{} has no score in this period: nothing accepted", what);
  const bool fell = change && *change < -major::kFall && !supply.changed;
  if (confidence.grade == 'D') {
    row.major = std::string(major::kGradeD);
  } else if (fell) {
    row.major = std::string(major::kFell);
  }
  row.order = now.value_or(-1);
  json::Array line;
  const size_t skip = supply.trend.size() > kTrendPeriods ? supply.trend.size() - kTrendPeriods : 0;
  for (size_t i = skip; i < supply.trend.size(); ++i) line.push_back(NumberJson(supply.trend[i].second));
  row.row = {{"partner", supply.partner.str()},
             {"partnerName", task.PartnerName(supply.partner)},
             {"dataset", supply.dataset.str()}};
  row.row["score"] = NumberJson(now);
  row.row["previous"] = NumberJson(before);
  row.row["change"] = NumberJson(change);
  row.row["comparable"] = !supply.changed;
  row.row["fell"] = fell;
  row.row["trend"] = std::move(line);
  row.row["confidence"] = std::string(1, confidence.grade);
  return row;
}

// "timeliness: 0 of 3 ..." of a graded part; of one that could not be graded only why: "no self-assessment is
// signed off".
std::string ReasonText(const assess::ConfidenceComponent& part) {
  constexpr std::string_view kNotMeasured = "not measured: ";
  if (part.reason.starts_with(kNotMeasured)) return part.reason.substr(kNotMeasured.size());
  return fmt::format("{}: {}", part.name, part.reason);
}

// The part that holds the grade down, in its own words; of others not what they claimed.
std::string ReasonOf(const ReportTask& task, const PartnerId& partner, const assess::Confidence& confidence) {
  const assess::ConfidenceComponent* worst = nullptr;
  for (const assess::ConfidenceComponent& part : confidence.components) {
    if (part.id == "self_assessment" && !task.SeesClaimsOf(partner)) continue;
    if (part.id == confidence.capped_by) return ReasonText(part);
    if (worst == nullptr || part.grade.value_or('E') > worst->grade.value_or('E')) worst = &part;
  }
  return worst == nullptr ? "" : ReasonText(*worst);
}

}  // namespace

absl::StatusOr<ReportSection> TimelinessSection(const ReportTask& task) {
  ReportSection section{"timeliness", {}, {}};
  std::vector<ReportRow> rows;
  int64_t due = 0;
  int64_t on_time = 0;
  int64_t late = 0;
  int64_t missing = 0;
  int64_t rejected = 0;
  for (const FeedCourse& course : task.courses) {
    for (const PeriodStanding& standing : course.periods) {
      if (!InPeriod(task.period, standing.period) || !standing.due || standing.state == "awaited") continue;
      if (standing.state == "rejected" && standing.days_late == 0) continue;
      ++due;
      if (standing.state == "rejected") {
        ++rejected;
      } else if (IsMissing(standing)) {
        ++missing;
      } else {
        ++(standing.late() ? late : on_time);
      }
      if (standing.late() || IsMissing(standing)) rows.push_back(TimelinessRow(task, course, standing));
    }
  }
  std::string message;
  if (due == 0) {
    message = "Nothing of this period has fallen due yet.";
  } else if (on_time == due) {
    message = fmt::format("All {} came on time.", Counted(due, "delivery", "deliveries"));
  } else {
    message = fmt::format("{} of {} came on time; {} late, {} missing, {} rejected and not mended.", on_time,
                          Counted(due, "delivery", "deliveries"), late, missing, rejected);
  }
  section.json = {{"message", message}, {"due", due},         {"onTime", on_time},
                  {"late", late},       {"missing", missing}, {"rejected", rejected}};
  for (const ReportRow& row : rows) {
    if (!row.major.empty()) section.major.push_back(row);
  }
  PutRows(std::move(rows), kTimelinessRows, section.json);
  section.json["where"] = "concordat feed due; concordat quality history";
  return section;
}

absl::StatusOr<ReportSection> QualitySection(const ReportTask& task) {
  ReportSection section{"quality", {}, {}};
  ASSIGN_OR_RETURN(const std::vector<Supply> supplies, SuppliesOf(task));
  ASSIGN_OR_RETURN(const std::vector<DatasetConfidence> grades,
                   ConfidenceOfAll(task.host, PartnerId(), DatasetId(), task.now));
  std::vector<ReportRow> rows;
  size_t measured = 0;
  size_t good = 0;
  size_t fell = 0;
  for (const Supply& supply : supplies) {
    const auto grade = std::find_if(grades.begin(), grades.end(), [&supply](const DatasetConfidence& one) {
      return one.partner == supply.partner && one.dataset == supply.dataset;
    });
    const assess::Confidence confidence = grade == grades.end() ? assess::Confidence() : grade->confidence;
    ReportRow row = QualityRow(task, supply, confidence);
    const std::string reason = ReasonOf(task, supply.partner, confidence);
    row.row["confidenceWhy"] = reason;
    if (!supply.now.empty()) {
      ++measured;
      good += *MeanOf(supply.now) >= 85 ? 1 : 0;
    }
    fell += row.row["fell"].as_bool() ? 1 : 0;
    if (!row.major.empty()) {
      section.major.push_back(row);
      if (row.major == major::kGradeD)
        section.major.back().words =
            fmt::format("confidence in {} of {} is D ({})", Spoken(supply.dataset.str()),
                        task.PartnerName(supply.partner), reason);
    }
    rows.push_back(std::move(row));
  }
  const std::string message =
      supplies.empty()
          ? "No data was due or sent in this period."
          : fmt::format(
                "{} of {} measured; {} score{} 85 or more of 100; {} fell by more than {:.0f} points.",
                measured, Counted(static_cast<int64_t>(supplies.size()), "dataset", "datasets"), good,
                good == 1 ? "s" : "", fell, major::kFall);
  section.json = {{"message", message},
                  {"datasets", supplies.size()},
                  {"measured", measured},
                  {"good", good},
                  {"fell", fell}};
  PutRows(std::move(rows), kQualityRows, section.json);
  section.json["where"] = "concordat quality history; concordat quality confidence";
  return section;
}

}  // namespace concordat::flows
