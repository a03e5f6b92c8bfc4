// The sections of the board's report, each by itself.
#pragma once

#include <string>
#include <vector>

#include "host/flows/feed_course.h"
#include "host/flows/quality_lines.h"

namespace concordat::flows {

/// What every section is made from.
struct ReportTask {
  const HostParts& host;
  const Caller& caller;
  std::shared_ptr<const LoadedPolicies> policies;
  policy::Period period;
  policy::Period previous;  // of the same length, before it
  absl::Time now;
  std::vector<FeedCourse> courses;

  absl::Time from() const;
  absl::Time until() const;  // exclusive
  std::string PartnerName(const PartnerId& partner) const;
  /// What a partner says of itself is its own, and the administrator's.
  bool SeesClaimsOf(const PartnerId& partner) const { return SeesRules(caller, partner); }
};

/// One line for people, major or not. `row` gets {words, major} beside its own members.
struct ReportRow {
  std::string major;  // id of a rule of report_majors.h, or empty
  double order = 0;   // smaller first among equals
  PartnerId partner;
  std::string words;
  json::Object row;
};
/// Worst first; {rows: at most `most`, leftOut}.
void PutRows(std::vector<ReportRow> rows, size_t most, json::Object& section, std::string_view name = "rows");

struct ReportSection {
  std::string name;
  json::Object json;             // without majors
  std::vector<ReportRow> major;  // those of its rows that are
};
absl::StatusOr<ReportSection> TimelinessSection(const ReportTask& task);
absl::StatusOr<ReportSection> QualitySection(const ReportTask& task);
absl::StatusOr<ReportSection> SharingSection(const ReportTask& task);
absl::StatusOr<ReportSection> AgreementsSection(const ReportTask& task);
absl::StatusOr<ReportSection> AssessmentsSection(const ReportTask& task);
absl::StatusOr<ReportSection> SignOffSection(const ReportTask& task);

/// "street crime" of street_crime, "May 2026" of 2026-05: as people say it.
std::string Spoken(std::string_view id);
std::string Spoken(const policy::Period& period);
/// "1 day", "48,200 records"; `count` is not negative.
std::string Counted(int64_t count, std::string_view one, std::string_view many);

}  // namespace concordat::flows
