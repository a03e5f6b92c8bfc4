// The adapter "fire_and_rescue": one partner's own, because no reader of tables can read an incident that
// spans several lines, and because only the service's list of stations can tell whether an incident is
// possible.
#include "plugins/sdk/adapter.h"

#include <string>
#include <unordered_map>
#include <vector>

#include "plugins/fire_and_rescue/extract.h"
#include "plugins/fire_and_rescue/stations.h"

namespace concordat::fire_and_rescue {
namespace {

using sdk::Finding;
using sdk::Outcome;
using sdk::Status;

/// One incident of a batch.
struct IncidentView {
  uint64_t record;
  std::string_view station;
  std::string_view type;
  std::string_view appliances;
};

class FireAndRescueAdapter : public sdk::Adapter {
 public:
  explicit FireAndRescueAdapter(const sdk::Host& host) : Adapter(host), extract_(this->host()) {}

  Status Open(std::vector<std::string>& columns) override {
    if (Status status = ReadTypeNeeds(host().Option("type_needs"), needs_); !status.ok()) return status;
    const auto table = host().Reference("fire_stations");
    if (!table) return Status::Failed("it was not handed the list of stations that its manifest asks for");
    if (Status status = Stations::Read(*table, stations_); !status.ok()) return status;
    columns = ColumnNames();
    return extract_.ReadTitle();
  }

  Status Read(sdk::BatchBuilder& batch) override {
    if (Status status = extract_.ReadIncidents(batch); !status.ok()) return status;
    if (batch.rows() == 0) host().Report(extract_.Facts());
    return Status::Ok();
  }

  Status Validate(const sdk::TableView& batch, const uint64_t* records) override {
    const sdk::ColumnView station = batch.column(kStationCode);
    const sdk::ColumnView type = batch.column(kIncidentType);
    const sdk::ColumnView appliances = batch.column(kAppliances);
    for (size_t row = 0; row < batch.rows(); ++row) {
      const IncidentView incident{records[row], station[row], type[row], appliances[row]};
      if (Status status = CheckStations(incident); !status.ok()) return status;
      if (Status status = CheckSpecialAppliances(incident); !status.ok()) return status;
      if (Status status = CheckType(incident); !status.ok()) return status;
    }
    return Status::Ok();
  }

  Status Score() override {
    double score = 0;
    std::string basis;
    if (!stations_.Coverage(score, basis)) return Status::Ok();
    return host().ReportDimension("station_coverage", score, basis);
  }

 private:
  Status CheckStations(const IncidentView& incident) {
    std::vector<std::string_view> codes = {incident.station};
    for (const std::string_view sign : Words(incident.appliances, ' '))
      codes.push_back(CallSign::Of(sign).station);
    std::string unknown;
    for (size_t i = 0; i < codes.size(); ++i) {
      Station* station = stations_.Find(codes[i]);
      if (station != nullptr) {
        station->attended |= i > 0;  // the first is only where it happened
      } else if (unknown.empty() && !codes[i].empty()) {
        unknown = codes[i];
      }
    }
    if (unknown.empty()) return Status::Ok();
    return Fail(incident, "station_known", "\"" + unknown + "\" is not in the list of stations");
  }

  Status CheckSpecialAppliances(const IncidentView& incident) {
    bool any = false;
    for (const std::string_view text : Words(incident.appliances, ' ')) {
      const CallSign sign = CallSign::Of(text);
      if (sign.special.empty()) continue;
      any = true;
      const Station* station = stations_.Find(sign.station);
      if (station == nullptr || station->Has(sign.special)) continue;  // an unknown station is told once
      return Fail(incident, "appliance_at_station",
                  std::string(text) + " attended, but station " + station->code + " " + station->name +
                      " has no " + Named(sign.special));
    }
    return any ? Status::Ok() : Skip(incident, "appliance_at_station");
  }

  Status CheckType(const IncidentView& incident) {
    const auto need = needs_.find(std::string(incident.type));
    if (need == needs_.end()) return Skip(incident, "type_fits_appliances");
    for (const std::string_view sign : Words(incident.appliances, ' ')) {
      if (CallSign::Of(sign).special == need->second) return Status::Ok();
    }
    return Fail(
        incident, "type_fits_appliances",
        "an incident of type " + std::string(incident.type) + " was attended by no " + Named(need->second));
  }

  static std::string Named(std::string_view special) {
    if (special == "aerial") return "aerial ladder";
    return special == "boat" ? "boat" : "rescue unit";
  }

  Status Fail(const IncidentView& incident, std::string_view rule, const std::string& message) {
    Finding finding;
    finding.rule = rule;
    finding.record = incident.record;
    finding.cells = {{"station_code", incident.station},
                     {"incident_type", incident.type},
                     {"appliances", incident.appliances}};
    finding.message = message;
    return host().Report(finding);
  }

  Status Skip(const IncidentView& incident, std::string_view rule) {
    Finding finding;
    finding.rule = rule;
    finding.record = incident.record;
    finding.outcome = Outcome::kSkip;
    return host().Report(finding);
  }

  ExtractReader extract_;
  Stations stations_;
  std::unordered_map<std::string, std::string> needs_;  // incident type -> special appliance
};

}  // namespace
}  // namespace concordat::fire_and_rescue

CONCORDAT_ADAPTER(concordat::fire_and_rescue::FireAndRescueAdapter)
