#include "host/flows/partnership_report.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/flows/report_majors.h"
#include "host/flows/report_sections.h"

namespace concordat::flows {
namespace {

// As many as a page holds with room for the rest.
constexpr size_t kMajors = 8;

absl::Status CheckReader(const Caller& caller) {
  static const std::set<std::string> kRoles = {"steward", "delegate", "auditor"};
  if (caller.administrator || kRoles.contains(caller.role)) return absl::OkStatus();
  return absl::PermissionDeniedError(fmt::format(
      "the partnership's report is for stewards, delegates and auditors of its partners and for the "
      "administrator; this is {}",
      caller.spiffe_id));
}

int64_t DayOf(absl::Time time) {
  const absl::CivilDay day = absl::ToCivilDay(time, absl::UTCTimeZone());
  return data::DaysFromCivil(static_cast<int>(day.year()), day.month(), day.day());
}

absl::StatusOr<policy::Period> Containing(const policy::Partnership& partnership, int64_t day,
                                          std::string_view every) {
  ASSIGN_OR_RETURN(const policy::Duration length, policy::ParseDuration(every));
  return policy::PeriodContaining(day, length, partnership.year_start_month, partnership.year_start_day);
}

absl::StatusOr<policy::Period> PeriodAsked(const policy::Partnership& partnership, const std::string& asked,
                                           absl::Time now) {
  if (!asked.empty())
    return policy::ParsePeriod(asked, partnership.year_start_month, partnership.year_start_day);
  ASSIGN_OR_RETURN(const policy::Period running, Containing(partnership, DayOf(now), "P3M"));
  return Containing(partnership, running.from - 1, "P3M");
}

// The one before, of the same kind.
absl::StatusOr<policy::Period> Before(const policy::Partnership& partnership, const policy::Period& period) {
  const int64_t days = period.to - period.from + 1;
  const std::string_view every = days <= 1    ? "P1D"
                                 : days <= 7  ? "P1W"
                                 : days <= 31 ? "P1M"
                                 : days <= 92 ? "P3M"
                                              : "P1Y";
  ASSIGN_OR_RETURN(policy::Period before, Containing(partnership, period.from - 1, every));
  // A calendar year in a partnership of financial years.
  if (before.to != period.from - 1)
    before = {fmt::format("{} to {}", data::DateText(period.from - days), data::DateText(period.from - 1)),
              period.from - days, period.from - 1};
  return before;
}

size_t Urgency(const std::string& rule) {
  const auto& rules = major::Rules();
  const auto found =
      std::find_if(rules.begin(), rules.end(), [&rule](const major::Rule& one) { return one.id == rule; });
  return static_cast<size_t>(found - rules.begin());
}

struct Major {
  const ReportRow* row = nullptr;
  const ReportSection* section = nullptr;

  friend bool operator<(const Major& a, const Major& b) {
    return std::pair(Urgency(a.row->major), a.row->order) < std::pair(Urgency(b.row->major), b.row->order);
  }
};

std::string SubjectOf(const ReportRow& row) {
  const json::Value* dataset = row.row.if_contains("dataset");
  if (dataset == nullptr || !dataset->is_string()) return "";
  return fmt::format("{} {}", row.partner.str(), std::string_view(dataset->get_string()));
}

// Most serious first. Of data that never came it goes without saying that nobody can trust it.
std::vector<Major> MajorsOf(const std::vector<ReportSection>& sections) {
  std::set<std::string> missing;
  for (const ReportSection& section : sections) {
    for (const ReportRow& row : section.major) {
      if (row.major == major::kMissing) missing.insert(SubjectOf(row));
    }
  }
  std::vector<Major> all;
  for (const ReportSection& section : sections) {
    for (const ReportRow& row : section.major) {
      if (row.major != major::kGradeD || !missing.contains(SubjectOf(row))) all.push_back({&row, &section});
    }
  }
  std::stable_sort(all.begin(), all.end());
  return all;
}

// The worst of each kind first, so that many of one kind do not hide the others; then as many more as there
// is room.
std::vector<Major> Chosen(const std::vector<Major>& all) {
  std::vector<Major> chosen;
  std::vector<Major> rest;
  std::set<std::string> kinds;
  for (const Major& one : all) (kinds.insert(one.row->major).second ? chosen : rest).push_back(one);
  for (size_t i = 0; i < rest.size() && chosen.size() < kMajors; ++i) chosen.push_back(rest[i]);
  if (chosen.size() > kMajors) chosen.resize(kMajors);
  std::stable_sort(chosen.begin(), chosen.end());
  return chosen;
}

void PutMajors(const std::vector<ReportSection>& sections, json::Object& report) {
  const std::vector<Major> all = MajorsOf(sections);
  json::Array majors;
  for (const auto& [row, section] : Chosen(all)) {
    json::Object one{{"rule", row->major}, {"section", section->name}};
    one["partner"] = row->partner.empty() ? json::Value(nullptr) : json::Value(row->partner.str());
    one["words"] = row->words;
    one["where"] = *section->json.if_contains("where");
    majors.push_back(std::move(one));
  }
  report["majorsLeftOut"] = all.size() - majors.size();
  report["headline"] =
      all.empty()
          ? "Nothing needs the board: no rule for major matters was met."
          : fmt::format("{} the board.",
                        all.size() == 1 ? "One matter needs" : fmt::format("{} matters need", all.size()));
  report["majors"] = std::move(majors);
}

json::Array RulesJson() {
  json::Array list;
  for (const major::Rule& rule : major::Rules())
    list.push_back(
        json::Object{{"id", std::string(rule.id)}, {"what", rule.what}, {"why", std::string(rule.why)}});
  return list;
}

}  // namespace

absl::Time ReportTask::from() const { return absl::UnixEpoch() + absl::Hours(24) * period.from; }
absl::Time ReportTask::until() const { return absl::UnixEpoch() + absl::Hours(24) * (period.to + 1); }

std::string ReportTask::PartnerName(const PartnerId& partner) const {
  const policy::Partner* found = policies->set->FindPartner(partner);
  return found == nullptr ? partner.str() : found->name;
}

std::string Spoken(std::string_view id) {
  std::string words(id);
  std::replace_if(
      words.begin(), words.end(), [](char c) { return c == '_' || c == '-' || c == '/'; }, ' ');
  return words;
}

std::string Spoken(const policy::Period& period) {
  const std::string words = period.InWords();
  return words.substr(0, words.find(" ("));
}

std::string Counted(int64_t count, std::string_view one, std::string_view many) {
  const std::string digits = std::to_string(count);
  std::string grouped;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) grouped += ',';
    grouped += digits[i];
  }
  return fmt::format("{} {}", grouped, count == 1 ? one : many);
}

void PutRows(std::vector<ReportRow> rows, size_t most, json::Object& section, std::string_view name) {
  std::stable_sort(rows.begin(), rows.end(), [](const ReportRow& a, const ReportRow& b) {
    return std::pair(Urgency(a.major), a.order) < std::pair(Urgency(b.major), b.order);
  });
  json::Array list;
  for (ReportRow& row : rows) {
    if (list.size() == most) break;
    row.row["words"] = row.words;
    row.row["major"] = row.major.empty() ? json::Value(nullptr) : json::Value(row.major);
    list.push_back(std::move(row.row));
  }
  section["leftOut"] = rows.size() - list.size();
  section[name] = std::move(list);
}

absl::StatusOr<json::Value> PartnershipReport(const HostParts& host, const Caller& caller,
                                              const std::string& period) {
  RETURN_IF_ERROR(CheckReader(caller));
  ReportTask task{host, caller, host.policies->Get(), {}, {}, host.clock->Now(), {}};
  const policy::Partnership& partnership = task.policies->set->partnership;
  ASSIGN_OR_RETURN(task.period, PeriodAsked(partnership, period, task.now));
  if (task.from() > task.now)
    return absl::InvalidArgumentError(
        fmt::format("{} has not begun; name one that has", task.period.InWords()));
  ASSIGN_OR_RETURN(task.previous, Before(partnership, task.period));
  ASSIGN_OR_RETURN(task.courses, CoursesOf(host, *task.policies->set, {}, task.now));
  json::Object report{{"asOf", TimeText(task.now)}};
  report["partnership"] = json::Object{{"id", partnership.id}, {"name", partnership.name}};
  report["period"] = json::Object{{"id", task.period.id},
                                  {"from", data::DateText(task.period.from)},
                                  {"to", data::DateText(task.period.to)},
                                  {"inWords", task.period.InWords()},
                                  {"previous", task.previous.id}};
  std::vector<ReportSection> sections;
  for (const auto& make : {&TimelinessSection, &QualitySection, &SharingSection, &AgreementsSection,
                           &AssessmentsSection, &SignOffSection}) {
    ASSIGN_OR_RETURN(ReportSection section, make(task));
    sections.push_back(std::move(section));
  }
  PutMajors(sections, report);
  uint64_t left_out = 0;
  for (const ReportSection& section : sections) {
    left_out += section.json.if_contains("leftOut")->to_number<uint64_t>();
    report[section.name] = section.json;
  }
  report["leftOut"] = left_out;
  report["rules"] = RulesJson();
  return report;
}

}  // namespace concordat::flows
