// The adapter "constabulary": one partner's own, because in its files the type of a crime decides whether an
// ID may stand, and only the list of the force's areas tells whether a place can be right.
#include "plugins/sdk/adapter.h"

#include <string>
#include <unordered_set>
#include <vector>

#include "plugins/constabulary/force_areas.h"
#include "plugins/constabulary/street_file.h"

namespace concordat::constabulary {
namespace {

using sdk::Finding;
using sdk::Outcome;
using sdk::Status;

constexpr size_t kIdDigits = 64;

/// One crime of a batch.
struct Crime {
  uint64_t record;
  std::string_view id, month, reported_by, falls_within, longitude, latitude, lsoa, type, outcome;
};

bool IsCrimeId(std::string_view text) {
  return text.size() == kIdDigits &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

class ConstabularyAdapter : public sdk::Adapter {
 public:
  explicit ConstabularyAdapter(const sdk::Host& host) : Adapter(host), file_(this->host()) {}

  Status Open(std::vector<std::string>& columns) override {
    std::string_view types = host().Option("types_without_id");
    while (!types.empty()) {
      const size_t end = std::min(types.find('|'), types.size());
      if (end > 0) without_id_.emplace(types.substr(0, end));
      types.remove_prefix(std::min(end + 1, types.size()));
    }
    month_ = host().Option("month");
    if (!month_.empty() && MonthInName(month_) != month_)
      return Status::Failed("option month: \"" + month_.substr(0, 40) + "\" is not a month as yyyy-MM");
    if (month_.empty()) month_ = MonthInName(host().source_name());
    const auto table = host().Reference("force_areas");
    if (!table) return Status::Failed("it was not handed the list of force areas that its manifest asks for");
    if (Status status = ForceAreas::Read(*table, areas_); !status.ok()) return status;
    columns = ColumnNames();
    return file_.ReadHeader();
  }

  Status Read(sdk::BatchBuilder& batch) override {
    if (Status status = file_.ReadCrimes(batch); !status.ok()) return status;
    if (batch.rows() == 0) host().Report(file_.Facts());
    return Status::Ok();
  }

  Status Validate(const sdk::TableView& batch, const uint64_t* records) override {
    for (size_t row = 0; row < batch.rows(); ++row) {
      const auto cell = [&](Column column) { return batch.column(column)[row]; };
      const Crime crime{records[row],       cell(kCrimeId),    cell(kMonth),    cell(kReportedBy),
                        cell(kFallsWithin), cell(kLongitude),  cell(kLatitude), cell(kLsoaCode),
                        cell(kCrimeType),   cell(kLastOutcome)};
      for (const auto check : {&ConstabularyAdapter::CheckId, &ConstabularyAdapter::CheckOutcome,
                               &ConstabularyAdapter::CheckForce, &ConstabularyAdapter::CheckPlace,
                               &ConstabularyAdapter::CheckMonth}) {
        if (Status status = (this->*check)(crime); !status.ok()) return status;
      }
    }
    return Status::Ok();
  }

  Status Score() override {
    double score = 0;
    std::string basis;
    if (!areas_.Coverage(score, basis)) return Status::Ok();
    return host().ReportDimension("area_coverage", score, basis);
  }

 private:
  Status CheckId(const Crime& crime) {
    constexpr std::string_view kRule = "crime_id_as_type_asks";
    if (crime.type.empty()) return Say(crime, kRule, Outcome::kSkip, {}, "");
    const std::string type(crime.type);
    if (without_id_.count(type) > 0) {
      if (crime.id.empty()) return Status::Ok();
      return Fail(crime, kRule, {{"Crime ID", crime.id}, {"Crime type", crime.type}},
                  type + " has no Crime ID, and one stands here");
    }
    if (IsCrimeId(crime.id)) return Status::Ok();
    const std::string what = crime.id.empty() ? "there is none"
                                              : "\"" + std::string(crime.id) + "\" has " +
                                                    std::to_string(crime.id.size()) + " characters";
    return Fail(crime, kRule, {{"Crime ID", crime.id}, {"Crime type", crime.type}},
                type + " needs a Crime ID of 64 hexadecimal digits, and " + what);
  }

  Status CheckOutcome(const Crime& crime) {
    constexpr std::string_view kRule = "outcome_needs_crime_id";
    if (crime.outcome.empty()) return Say(crime, kRule, Outcome::kSkip, {}, "");
    if (!crime.id.empty()) return Status::Ok();
    return Fail(crime, kRule, {{"Last outcome category", crime.outcome}, {"Crime ID", crime.id}},
                "the outcome \"" + std::string(crime.outcome) + "\" stands without a Crime ID");
  }

  Status CheckForce(const Crime& crime) {
    constexpr std::string_view kRule = "falls_within_reported_by";
    if (crime.reported_by.empty() || crime.falls_within.empty())
      return Say(crime, kRule, Outcome::kSkip, {}, "");
    if (crime.reported_by == crime.falls_within) return Status::Ok();
    return Fail(crime, kRule, {{"Falls within", crime.falls_within}, {"Reported by", crime.reported_by}},
                "reported by " + std::string(crime.reported_by) + ", falls within " +
                    std::string(crime.falls_within));
  }

  Status CheckPlace(const Crime& crime) {
    std::vector<Area>* const areas = areas_.Of(crime.falls_within);
    Area* at = nullptr;
    for (size_t i = 0; areas != nullptr && i < areas->size() && at == nullptr; ++i) {
      if ((*areas)[i].Has(crime.lsoa)) at = &(*areas)[i];
    }
    if (at != nullptr) at->heard = true;
    if (Status status = SayLsoa(crime, areas, at); !status.ok()) return status;
    return SayPoint(crime, areas, at);
  }

  Status SayLsoa(const Crime& crime, const std::vector<Area>* areas, const Area* at) {
    constexpr std::string_view kRule = "lsoa_in_force_area";
    if (crime.lsoa.empty()) return Say(crime, kRule, Outcome::kSkip, {}, "");
    const std::vector<std::pair<std::string_view, std::string_view>> cells = {
        {"LSOA code", crime.lsoa}, {"Falls within", crime.falls_within}};
    if (areas == nullptr)
      return Say(crime, kRule, Outcome::kUnresolved, cells,
                 "the list of force areas does not know \"" + std::string(crime.falls_within) + "\"");
    if (at != nullptr) return Status::Ok();
    return Fail(crime, kRule, cells,
                std::string(crime.lsoa) + " lies in no area of " + std::string(crime.falls_within));
  }

  Status SayPoint(const Crime& crime, const std::vector<Area>* areas, const Area* at) {
    constexpr std::string_view kRule = "point_in_force_area";
    const std::optional<double> longitude = NumberIn(crime.longitude);
    const std::optional<double> latitude = NumberIn(crime.latitude);
    if (!longitude || !latitude || areas == nullptr) return Say(crime, kRule, Outcome::kSkip, {}, "");
    bool inside = at != nullptr && at->Holds(*longitude, *latitude);
    for (size_t i = 0; at == nullptr && i < areas->size(); ++i)
      inside |= (*areas)[i].Holds(*longitude, *latitude);
    if (inside) return Status::Ok();
    const bool swapped = at != nullptr && at->Holds(*latitude, *longitude);
    return Fail(crime, kRule,
                {{"Longitude", crime.longitude}, {"Latitude", crime.latitude}, {"LSOA code", crime.lsoa}},
                "the point " + std::string(crime.longitude) + ", " + std::string(crime.latitude) +
                    " lies outside " + (at != nullptr ? at->name : std::string(crime.falls_within)) +
                    (swapped ? "; longitude and latitude are swapped" : ""));
  }

  Status CheckMonth(const Crime& crime) {
    constexpr std::string_view kRule = "month_of_file";
    if (month_.empty() || crime.month.empty()) return Say(crime, kRule, Outcome::kSkip, {}, "");
    if (crime.month == month_) return Status::Ok();
    return Fail(crime, kRule, {{"Month", crime.month}},
                "the month is " + std::string(crime.month) + " in a file of " + month_);
  }

  using Cells = std::vector<std::pair<std::string_view, std::string_view>>;
  Status Fail(const Crime& crime, std::string_view rule, Cells cells, const std::string& message) {
    return Say(crime, rule, Outcome::kFail, std::move(cells), message);
  }
  Status Say(const Crime& crime, std::string_view rule, Outcome outcome, Cells cells,
             const std::string& message) {
    Finding finding;
    finding.rule = rule;
    finding.record = crime.record;
    finding.outcome = outcome;
    finding.cells = std::move(cells);
    finding.message = message;
    return host().Report(finding);
  }

  StreetFile file_;
  ForceAreas areas_;
  std::unordered_set<std::string> without_id_;
  std::string month_;  // of the file; empty when nobody says
};

}  // namespace
}  // namespace concordat::constabulary

CONCORDAT_ADAPTER(concordat::constabulary::ConstabularyAdapter)
