#include "plugins/constabulary/force_areas.h"

#include <algorithm>
#include <charconv>

namespace concordat::constabulary {

using sdk::Status;

std::optional<double> NumberIn(std::string_view text) {
  double number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (text.empty() || end.ec != std::errc() || end.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

bool Area::Has(std::string_view lsoa) const {
  // Codes have one length and sort as their numbers do.
  return lsoa.size() == lsoa_from.size() && lsoa >= lsoa_from && lsoa <= lsoa_to;
}

bool Area::Holds(double longitude, double latitude) const {
  return longitude >= west && longitude <= east && latitude >= south && latitude <= north;
}

Status ForceAreas::Read(const sdk::TableView& table, ForceAreas& areas) {
  const char* const names[] = {"force", "area", "lsoa_from", "lsoa_to", "west", "south", "east", "north"};
  std::vector<sdk::ColumnView> columns;
  for (const char* name : names) {
    const std::optional<sdk::ColumnView> column = table.Find(name);
    if (!column) return Status::Failed(std::string("the list of force areas has no column \"") + name + "\"");
    columns.push_back(*column);
  }
  for (size_t row = 0; row < table.rows(); ++row) {
    Area area;
    area.name = columns[1][row];
    area.lsoa_from = columns[2][row];
    area.lsoa_to = columns[3][row];
    double* const borders[] = {&area.west, &area.south, &area.east, &area.north};
    for (size_t i = 0; i < 4; ++i) {
      const std::optional<double> border = NumberIn(columns[4 + i][row]);
      if (!border) {
        return Status::Failed("the list of force areas: \"" + std::string(columns[4 + i][row]) +
                              "\" is no number of degrees (" + names[4 + i] + " of " + area.name + ")");
      }
      *borders[i] = *border;
    }
    areas.by_force_[std::string(columns[0][row])].push_back(std::move(area));
  }
  return Status::Ok();
}

std::vector<Area>* ForceAreas::Of(std::string_view force) {
  const auto at = by_force_.find(std::string(force));
  return at == by_force_.end() ? nullptr : &at->second;
}

bool ForceAreas::Coverage(double& score, std::string& basis) const {
  size_t expected = 0;
  std::vector<std::string> silent;
  for (const auto& [force, areas] : by_force_) {
    if (std::none_of(areas.begin(), areas.end(), [](const Area& area) { return area.heard; })) continue;
    for (const Area& area : areas) {
      ++expected;
      if (!area.heard) silent.push_back(area.name);
    }
  }
  if (expected == 0) return false;
  std::sort(silent.begin(), silent.end());
  score = 100.0 * static_cast<double>(expected - silent.size()) / static_cast<double>(expected);
  basis = std::to_string(expected - silent.size()) + " of " + std::to_string(expected) +
          " areas of the force report a crime";
  for (size_t i = 0; i < silent.size(); ++i) basis += (i == 0 ? "; none in " : ", ") + silent[i];
  return true;
}

}  // namespace concordat::constabulary
