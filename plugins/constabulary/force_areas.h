// The areas of forces that the adapter is handed: which LSOAs, and the box around them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plugins/sdk/status.h"
#include "plugins/sdk/table_view.h"

namespace concordat::constabulary {

/// A run of LSOA codes of one force, most often a district.
struct Area {
  std::string name;
  std::string lsoa_from;  // first and last code, both inclusive
  std::string lsoa_to;
  double west = 0, south = 0, east = 0, north = 0;  // degrees, WGS 84
  bool heard = false;                               // a crime of this file lies in it

  bool Has(std::string_view lsoa) const;
  bool Holds(double longitude, double latitude) const;
};

/// By force. One thread at a time.
class ForceAreas {
 public:
  /// Fails when a column is missing or a border is no number.
  static sdk::Status Read(const sdk::TableView& table, ForceAreas& areas);

  /// Null: the list does not know the force.
  std::vector<Area>* Of(std::string_view force);
  /// 0 to 100 over the areas of the forces that reported anything, and in words; false when there are none.
  bool Coverage(double& score, std::string& basis) const;

 private:
  std::unordered_map<std::string, std::vector<Area>> by_force_;
};

/// A number in plain notation, or nothing.
std::optional<double> NumberIn(std::string_view text);

}  // namespace concordat::constabulary
