// What partners claim of themselves, what they promised, and what was signed off: sections of the board's
// report.
#include <algorithm>
#include <map>
#include <set>

#include "fmt/format.h"
#include "host/flows/report_majors.h"
#include "host/flows/report_sections.h"
#include "host/flows/standing_assessments.h"

namespace concordat::flows {
namespace {

constexpr size_t kAssessmentRows = 4;
constexpr size_t kSignOffRows = 2;

struct Claims {
  std::map<std::string, uint64_t> counts;  // by AssuranceName
  uint64_t standing = 0;
  std::vector<ReportRow> rows;
};

absl::Status AddClaims(const ReportTask& task, const PartnerId& partner, Claims& claims) {
  ASSIGN_OR_RETURN(const std::vector<store::Assessment> all,
                   StandingAssessments(task.host, partner, task.now));
  for (const store::Assessment& assessment : all) {
    ASSIGN_OR_RETURN(const OpenedAssessment opened, OpenAssessment(task.host, assessment.id));
    ASSIGN_OR_RETURN(const assess::Position position, PositionOfAssessment(task.host, opened));
    ++claims.standing;
    for (const assess::ThemePosition& theme : position.themes) {
      for (const assess::ItemPosition& item : theme.items) {
        if (!item.asked || !item.claim.standing()) continue;
        ++claims.counts[std::string(assess::AssuranceName(item.gap.assurance))];
        if (item.gap.assurance != assess::Assurance::kOverstated) continue;
        ReportRow row;
        row.partner = partner;
        row.order = -item.gap.levels;
        if (item.gap.levels >= major::kOverstatedLevels) row.major = std::string(major::kOverstated);
        row.words =
            fmt::format("{}, {}: {}", task.PartnerName(partner), Spoken(item.item->id), item.gap.message);
        row.row = {{"partner", partner.str()},         {"partnerName", task.PartnerName(partner)},
                   {"template", opened.form.id.str()}, {"item", item.item->id},
                   {"gap", item.gap.levels},           {"action", nullptr}};
        claims.rows.push_back(std::move(row));
      }
    }
  }
  return absl::OkStatus();
}

struct Promises {
  uint64_t open = 0;
  uint64_t overdue = 0;
  std::vector<ReportRow> rows;
};

absl::StatusOr<Promises> PromisesOf(const ReportTask& task) {
  ASSIGN_OR_RETURN(const std::vector<store::ImprovementAction> actions,
                   task.host.store->ListActions({.state = "open"}));
  Promises promises;
  promises.open = actions.size();
  for (const store::ImprovementAction& action : actions) {
    if (action.due >= task.now) continue;
    ++promises.overdue;
    const int64_t days = std::max<int64_t>(1, absl::ToInt64Hours(task.now - action.due) / 24);
    ReportRow row;
    row.partner = action.partner;
    row.order = -static_cast<double>(days) / 1000;
    if (days > major::kOverdueDays) row.major = std::string(major::kOverdue);
    row.words = fmt::format("{}: \"{}\" is {} overdue", task.PartnerName(action.partner), action.title,
                            Counted(days, "day", "days"));
    row.row = {{"partner", action.partner.str()},
               {"partnerName", task.PartnerName(action.partner)},
               {"template", action.template_id},
               {"item", action.item},
               {"gap", nullptr},
               {"action", action.id}};
    promises.rows.push_back(std::move(row));
  }
  return promises;
}

// Of others only how many there are: one line for all of them.
std::vector<ReportRow> Seen(const ReportTask& task, std::vector<ReportRow> rows, std::string_view one,
                            std::string_view many) {
  std::vector<ReportRow> seen;
  std::map<std::string, int64_t> others;  // by what is major
  for (ReportRow& row : rows) {
    if (task.SeesClaimsOf(row.partner)) {
      seen.push_back(std::move(row));
    } else {
      ++others[row.major];
    }
  }
  for (const auto& [rule, count] : others) {
    ReportRow row;
    row.major = rule;
    row.words =
        fmt::format("{} of other partners{}", Counted(count, one, many), rule.empty() ? "" : ", major");
    row.row["partner"] = nullptr;
    row.row["partnerName"] = nullptr;
    row.row["template"] = nullptr;
    row.row["item"] = nullptr;
    row.row["gap"] = nullptr;
    row.row["action"] = nullptr;
    seen.push_back(std::move(row));
  }
  return seen;
}

std::string CountOf(const std::map<std::string, uint64_t>& counts, const std::string& name) {
  const auto found = counts.find(name);
  return std::to_string(found == counts.end() ? 0 : found->second);
}

std::string MessageOf(const Claims& claims, const Promises& promises) {
  std::string text =
      claims.standing == 0
          ? std::string("No self-assessment is signed off.")
          : fmt::format("{} signed off: {} claims borne out by evidence, {} overstated, {} without evidence.",
                        Counted(static_cast<int64_t>(claims.standing), "self-assessment", "self-assessments"),
                        CountOf(claims.counts, "supported"), CountOf(claims.counts, "overstated"),
                        CountOf(claims.counts, "unevidenced"));
  return text + fmt::format(
                    " {} open, {} of them overdue.",
                    Counted(static_cast<int64_t>(promises.open), "improvement action", "improvement actions"),
                    promises.overdue);
}

bool IsCritical(const SubmissionMeasure& measure, const std::string& rule) {
  const RuleMeasure* found = measure.FindRule(rule);
  return found != nullptr && (found->severity == "critical" || found->severity == "error");
}

}  // namespace

absl::StatusOr<ReportSection> AssessmentsSection(const ReportTask& task) {
  ReportSection section{"assessments", {}, {}};
  Claims claims;
  for (const policy::Partner& partner : task.policies->set->partners)
    RETURN_IF_ERROR(AddClaims(task, partner.id, claims));
  ASSIGN_OR_RETURN(Promises promises, PromisesOf(task));
  json::Object counts;
  for (const char* name : {"supported", "understated", "overstated", "unevidenced", "stale", "not_bound"}) {
    const auto found = claims.counts.find(name);
    counts[name] = found == claims.counts.end() ? uint64_t{0} : found->second;
  }
  section.json = {{"message", MessageOf(claims, promises)}, {"standing", claims.standing}};
  section.json["overstated"] = claims.rows.size();
  section.json["counts"] = std::move(counts);
  section.json["actionsOpen"] = promises.open;
  section.json["actionsOverdue"] = promises.overdue;
  std::vector<ReportRow> rows = Seen(task, std::move(claims.rows), "overstated claim", "overstated claims");
  for (ReportRow& row : Seen(task, std::move(promises.rows), "overdue action", "overdue actions"))
    rows.push_back(std::move(row));
  for (const ReportRow& row : rows) {
    if (!row.major.empty()) section.major.push_back(row);
  }
  PutRows(std::move(rows), kAssessmentRows, section.json);
  section.json["where"] = "concordat assess show; concordat assess actions";
  return section;
}

absl::StatusOr<ReportSection> SignOffSection(const ReportTask& task) {
  ReportSection section{"signOff", {}, {}};
  const std::string today = TimeText(task.now).substr(0, 10);
  uint64_t accepted = 0;
  uint64_t signed_off = 0;
  uint64_t open = 0;
  std::vector<ReportRow> rows;
  for (const FeedCourse& course : task.courses) {
    for (const PeriodStanding& standing : course.periods) {
      const bool inside = standing.period.to >= task.period.from && standing.period.to <= task.period.to;
      if (!inside || !standing.supplied() || !standing.standing) continue;
      const store::Attempt& attempt = course.attempts[*standing.standing];
      ASSIGN_OR_RETURN(const std::optional<store::SignOff> sign_off,
                       task.host.store->StandingSignOff(course.feed, attempt.period));
      ++(sign_off ? signed_off : open);
      store::JudgementStore::JudgementFilter filter;
      filter.submission = attempt.id;
      ASSIGN_OR_RETURN(const std::vector<store::Acceptance> all, task.host.store->Acceptances(filter));
      std::map<std::string, const store::Acceptance*> newest;
      for (const store::Acceptance& one : all) newest[one.rule] = &one;
      for (const auto& [rule, acceptance] : newest) {
        if (acceptance->until < today) continue;
        ++accepted;
        if (!task.SeesClaimsOf(course.partner)) continue;
        ASSIGN_OR_RETURN(const store::Attempt whole, task.host.store->Get(attempt.id));
        ReportRow row;
        row.partner = course.partner;
        row.order = IsCritical(MeasureOf(whole), rule) ? 0 : 1;
        row.words = fmt::format("{} for {}, rule {}: accepted until {}: {}", Spoken(course.dataset.str()),
                                Spoken(standing.period), rule, acceptance->until, acceptance->reason);
        row.row = {{"partner", course.partner.str()},
                   {"dataset", course.dataset.str()},
                   {"period", standing.period.id},
                   {"rule", rule},
                   {"until", acceptance->until}};
        rows.push_back(std::move(row));
      }
    }
  }
  const std::string message =
      fmt::format("{} accepted as right but explainable; {} of {} signed off by a second person.",
                  accepted == 1 ? "1 warning is" : fmt::format("{} warnings are", accepted), signed_off,
                  Counted(static_cast<int64_t>(signed_off + open), "delivery", "deliveries"));
  section.json = {
      {"message", message}, {"accepted", accepted}, {"signedOff", signed_off}, {"notSignedOff", open}};
  PutRows(std::move(rows), kSignOffRows, section.json);
  section.json["where"] = "concordat submission list";
  return section;
}

}  // namespace concordat::flows
