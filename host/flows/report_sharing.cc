// What went to whom under which agreement, what was refused, and which agreements need the board: sections of
// its report.
#include <algorithm>
#include <map>
#include <set>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/data/parse.h"
#include "host/flows/protocol_facts.h"
#include "host/flows/report_majors.h"
#include "host/flows/report_sections.h"
#include "host/flows/standing_levels.h"
#include "host/flows/text_array.h"
#include "host/sharing/protocol_state.h"

namespace concordat::flows {
namespace {

constexpr size_t kFlowRows = 4;
constexpr size_t kRefusalRows = 3;
constexpr size_t kAgreementRows = 4;
constexpr int64_t kSoonDays = 90;
// More refusals than this in one period are counted, and their causes read from the newest.
constexpr size_t kMostRefusals = 20'000;

std::string TitleOf(const ReportTask& task, const ProtocolId& protocol) {
  const auto versions = task.policies->set->FindProtocol(protocol);
  return versions.empty() || versions.front()->title.empty() ? protocol.str() : versions.front()->title;
}

std::string NamesOf(const ReportTask& task, const std::vector<std::string>& partners) {
  std::vector<std::string> names;
  for (const std::string& partner : partners) names.push_back(task.PartnerName(PartnerId(partner)));
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string MeaningOf(const std::string& cause) {
  for (const sharing::Cause& known : sharing::Causes()) {
    if (known.word == cause) return std::string(known.meaning);
  }
  return cause.empty() ? "no reason on record" : cause;
}

// Purposes of the same flow are added up: a board asks what went where.
std::vector<ReportRow> FlowRows(const ReportTask& task, const std::vector<store::ReceiptSum>& sums,
                                uint64_t& disclosures, uint64_t& records) {
  std::map<std::tuple<std::string, std::string, std::string, std::vector<std::string>>,
           std::pair<uint64_t, uint64_t>>
      flows;
  for (const store::ReceiptSum& sum : sums) {
    disclosures += sum.receipts;
    records += sum.rows;
    auto& [receipts, rows] = flows[{sum.protocol, sum.dataset, sum.partner, sum.givers}];
    receipts += sum.receipts;
    rows += sum.rows;
  }
  std::vector<ReportRow> list;
  for (const auto& [key, count] : flows) {
    const auto& [protocol, dataset, to, givers] = key;
    ReportRow row;
    row.partner = PartnerId(to);
    row.order = -static_cast<double>(count.first);
    row.words =
        fmt::format("{} from {} to {}: {}, {}, under \"{}\"", Spoken(dataset),
                    givers.empty() ? "?" : NamesOf(task, givers), task.PartnerName(PartnerId(to)),
                    Counted(static_cast<int64_t>(count.first), "time", "times"),
                    Counted(static_cast<int64_t>(count.second), "record or figure", "records or figures"),
                    TitleOf(task, ProtocolId(protocol)));
    row.row = {{"protocol", protocol},
               {"title", TitleOf(task, ProtocolId(protocol))},
               {"dataset", dataset},
               {"from", TextArray(givers)},
               {"to", to},
               {"disclosures", count.first},
               {"records", count.second}};
    list.push_back(std::move(row));
  }
  return list;
}

std::string CauseOf(const json::Value& receipt) {
  const json::Value* reasons = json::Find(receipt, "reasons");
  if (reasons == nullptr || !reasons->is_array() || reasons->get_array().empty()) return "";
  return json::TextOr(reasons->get_array().front(), "rule", "");
}

// A refused request is a "deny"; a refusal of a submission is a "reject" and stands under timeliness.
std::vector<ReportRow> RefusalRows(const ReportTask& task, const std::vector<store::StoredReceipt>& refusals,
                                   uint64_t& requests) {
  std::map<std::tuple<std::string, std::string, std::string>, uint64_t> groups;
  for (const store::StoredReceipt& one : refusals) {
    if (json::TextOr(one.receipt, "decision", "") != "deny") continue;
    const json::Value* subject = json::Find(one.receipt, "subject");
    const std::string dataset = subject == nullptr ? "" : json::TextOr(*subject, "dataset", "");
    ++groups[{one.partner, dataset, CauseOf(one.receipt)}];
    ++requests;
  }
  std::vector<ReportRow> list;
  for (const auto& [key, count] : groups) {
    const auto& [to, dataset, cause] = key;
    ReportRow row;
    row.partner = PartnerId(to);
    row.order = -static_cast<double>(count);
    row.words = fmt::format("{} was refused {} {}: {}", task.PartnerName(row.partner), Spoken(dataset),
                            Counted(static_cast<int64_t>(count), "time", "times"), MeaningOf(cause));
    if (count >= major::kRefusals) row.major = std::string(major::kRefused);
    row.row = {{"to", to}, {"dataset", dataset}, {"cause", cause}, {"requests", count}};
    list.push_back(std::move(row));
  }
  return list;
}

int64_t Today(absl::Time now) {
  const absl::CivilDay day = absl::ToCivilDay(now, absl::UTCTimeZone());
  return data::DaysFromCivil(static_cast<int>(day.year()), day.month(), day.day());
}

bool IsSuspended(const std::string& state) {
  static const std::set<std::string> kStates = {"expired", "review_overdue", "revoked", "tests_failing",
                                                "drifted"};
  return kStates.contains(state);
}

// Nothing for an agreement that needs nobody. What ended before the period is history.
std::optional<ReportRow> AgreementRow(const ReportTask& task, const sharing::VersionState& version) {
  const policy::SharingProtocol& protocol = *version.protocol;
  const std::string title = fmt::format(
      "\"{}\" ({})", protocol.title.empty() ? protocol.id.str() : protocol.title, protocol.version);
  const int64_t until = protocol.validity.until;
  const int64_t today = Today(task.now);
  ReportRow row;
  int64_t days = until - today;
  int64_t date = until;
  if (IsSuspended(version.state.state)) {
    if (version.state.state == "expired" && until < task.period.from) return std::nullopt;
    row.major = std::string(major::kSuspended);
    row.words = fmt::format("{} is not in force: {}", title, version.state.explanation);
    row.order = -1000;
  } else if (version.state.in_force) {
    const bool review_first = version.state.days_to_review && *version.state.days_to_review < days;
    if (review_first) {
      days = *version.state.days_to_review;
      date = today + days;
    }
    if (days > kSoonDays) return std::nullopt;
    row.words = days < 0
                    ? fmt::format("{} is overdue for review since {} and runs on its days of grace", title,
                                  data::DateText(date))
                    : fmt::format("{} {} in {}, on {}", title, review_first ? "falls due for review" : "ends",
                                  Counted(days, "day", "days"), data::DateText(date));
    if (days <= major::kLapseDays) row.major = std::string(major::kLapse);
    row.order = static_cast<double>(days);
  } else {
    return std::nullopt;
  }
  row.row = {{"protocol", protocol.id.str()},
             {"version", protocol.version},
             {"title", protocol.title},
             {"state", version.state.state},
             {"days", days},
             {"date", data::DateText(date)}};
  return row;
}

// In force, and yet nothing flows under it until a partner's self-assessment is good enough again.
ReportRow SuspendedShareRow(const sharing::VersionState& version, const SuspendedShare& suspended) {
  const policy::SharingProtocol& protocol = *version.protocol;
  ReportRow row;
  row.major = std::string(major::kSuspended);
  row.order = -500;
  row.words = fmt::format("\"{}\" ({}) gives nothing of {}: {}",
                          protocol.title.empty() ? protocol.id.str() : protocol.title, protocol.version,
                          suspended.share->dataset.str(), suspended.message);
  row.row = {{"protocol", protocol.id.str()},
             {"version", protocol.version},
             {"title", protocol.title},
             {"state", "suspended"},
             {"days", nullptr},
             {"date", nullptr}};
  return row;
}

}  // namespace

absl::StatusOr<ReportSection> SharingSection(const ReportTask& task) {
  ReportSection section{"sharing", {}, {}};
  store::ReceiptFilter filter;
  filter.kind = "disclosure";
  filter.from = task.from();
  filter.until = task.until();
  ASSIGN_OR_RETURN(const std::vector<store::ReceiptSum> sums, task.host.store->SumReceipts(filter));
  uint64_t disclosures = 0;
  uint64_t records = 0;
  std::vector<ReportRow> flows = FlowRows(task, sums, disclosures, records);
  filter.kind = "refusal";
  filter.limit = kMostRefusals;
  ASSIGN_OR_RETURN(const std::vector<store::StoredReceipt> refused, task.host.store->FindReceipts(filter));
  uint64_t requests = 0;
  std::vector<ReportRow> refusals = RefusalRows(task, refused, requests);
  for (const ReportRow& row : refusals) {
    if (!row.major.empty()) section.major.push_back(row);
  }
  const std::string message =
      disclosures + requests == 0
          ? "Nothing was shared and nothing refused in this period."
          : fmt::format("Data was shared {} ({}); {} refused.",
                        Counted(static_cast<int64_t>(disclosures), "time", "times"),
                        Counted(static_cast<int64_t>(records), "record or figure", "records or figures"),
                        requests == 1 ? "1 request was" : fmt::format("{} requests were", requests));
  section.json = {
      {"message", message}, {"disclosures", disclosures}, {"records", records}, {"refusals", requests}};
  PutRows(std::move(flows), kFlowRows, section.json, "flows");
  const uint64_t left_out = section.json["leftOut"].to_number<uint64_t>();
  PutRows(std::move(refusals), kRefusalRows, section.json, "refused");
  section.json["leftOut"] = left_out + section.json["leftOut"].to_number<uint64_t>();
  section.json["where"] = "concordat audit statement; concordat audit list";
  return section;
}

absl::StatusOr<ReportSection> AgreementsSection(const ReportTask& task) {
  ReportSection section{"agreements", {}, {}};
  std::set<ProtocolId> ids;
  for (const policy::SharingProtocol& protocol : task.policies->set->protocols) ids.insert(protocol.id);
  const policy::PolicySet& set = *task.policies->set;
  ASSIGN_OR_RETURN(const std::vector<sharing::StandingLevel> levels,
                   ReadStandingLevels(task.host, WhoNeedsLevels(set)));
  std::vector<ReportRow> rows;
  uint64_t in_force = 0;
  for (const ProtocolId& id : ids) {
    ASSIGN_OR_RETURN(const sharing::Facts facts, FactsOfAgreement(task.host, *task.policies, id));
    bool any = false;
    for (const sharing::VersionState& version : sharing::LifeOf(*task.policies->set, id, facts, task.now)) {
      any = any || version.state.in_force;
      if (auto row = AgreementRow(task, version)) rows.push_back(*std::move(row));
      for (const SuspendedShare& share : SuspendedShares(version, levels, task.now))
        rows.push_back(SuspendedShareRow(version, share));
    }
    in_force += any ? 1 : 0;
  }
  size_t suspended = 0;
  for (const ReportRow& row : rows) {
    suspended += row.major == major::kSuspended ? 1 : 0;
    if (!row.major.empty()) section.major.push_back(row);
  }
  const std::string message = fmt::format(
      "{} of {} in force; {} end{} or fall{} due for review within {} days; {} suspended or ended.", in_force,
      Counted(static_cast<int64_t>(ids.size()), "agreement", "agreements"), rows.size() - suspended,
      rows.size() - suspended == 1 ? "s" : "", rows.size() - suspended == 1 ? "s" : "", kSoonDays, suspended);
  section.json = {{"message", message},
                  {"inForce", in_force},
                  {"suspended", suspended},
                  {"soon", rows.size() - suspended}};
  PutRows(std::move(rows), kAgreementRows, section.json);
  section.json["where"] = "concordat protocol status";
  return section;
}

}  // namespace concordat::flows
