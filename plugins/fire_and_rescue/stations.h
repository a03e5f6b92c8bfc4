// The list of stations that the adapter is handed, and what an incident's appliances say against it.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plugins/sdk/status.h"
#include "plugins/sdk/table_view.h"

namespace concordat::fire_and_rescue {

struct Station {
  std::string code;
  std::string name;
  bool always_crewed = false;        // wholetime or day-crewed: silence over a period is odd
  std::vector<std::string> special;  // "aerial", "boat", "rescue"
  bool attended = false;             // at least one incident of this extract

  bool Has(std::string_view appliance) const;
};

/// An appliance's call sign, "D07A1": its station's code, a letter for its kind, a number.
struct CallSign {
  std::string_view station;
  std::string_view special;  // "aerial" (A), "boat" (B), "rescue" (R); empty for a pump

  /// Of a text that is no call sign the station is the whole text.
  static CallSign Of(std::string_view text);
};

/// The list by station code. One thread at a time.
class Stations {
 public:
  /// Fails when the table lacks one of the columns station_code, station_name, station_type,
  /// special_appliances.
  static sdk::Status Read(const sdk::TableView& table, Stations& stations);

  /// The station, or nullptr.
  Station* Find(std::string_view code);

  /// 0 to 100, and in words what it was computed from; false when the list has no station that is always
  /// crewed.
  bool Coverage(double& score, std::string& basis) const;

 private:
  std::vector<Station> list_;
  std::unordered_map<std::string, size_t> by_code_;
};

/// "WR=boat HR=aerial": which special appliance a type of incident needs.
sdk::Status ReadTypeNeeds(std::string_view option, std::unordered_map<std::string, std::string>& needs);

/// The words between separators; empty ones are left out.
std::vector<std::string_view> Words(std::string_view text, char separator);

}  // namespace concordat::fire_and_rescue
