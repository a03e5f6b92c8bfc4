// geo_point: latitude and longitude (degrees, WGS 84) lie on the earth and, where given, in a box; 0, 0 is no
// place but a default.
//   with: {latitude: lat, longitude: lon, south: 52.6, north: 53.6, west: -2.1, east: -1.1}
#include "fmt/format.h"
#include "host/quality/kinds/number_cells.h"

namespace concordat::quality {
namespace {

struct Box {
  double south = -90;
  double north = 90;
  double west = -180;
  double east = 180;

  bool Has(double latitude, double longitude) const {
    return latitude >= south && latitude <= north && longitude >= west && longitude <= east;
  }
};

class GeoPoint : public PlainRule {
 public:
  GeoPoint(size_t latitude, size_t longitude, Box box, Answer missing)
      : latitude_(latitude), longitude_(longitude), box_(box), missing_(missing) {}

  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    for (size_t row = 0; row < answers.size(); ++row) answers[row] = JudgeRow(batch, row);
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer) const override {
    const std::string point =
        fmt::format("{}, {}", FieldShown(batch, latitude_, row), FieldShown(batch, longitude_, row));
    const std::optional<double> latitude = NumberAt(batch.columns[latitude_], row);
    const std::optional<double> longitude = NumberAt(batch.columns[longitude_], row);
    if (!latitude || !longitude)
      return {fmt::format("{} is no point", point), "give both as degrees with a point: 53.383, -1.4659"};
    if (*latitude == 0 && *longitude == 0)
      return {fmt::format("{} stands for no place", point), "leave both empty where the place is not known"};
    return {fmt::format("{} lies outside {:.10g} to {:.10g} north, {:.10g} to {:.10g} east", point,
                        box_.south, box_.north, box_.west, box_.east),
            box_.Has(*longitude, *latitude) ? "latitude and longitude stand in each other's place"
                                            : "correct the coordinates; they may be of another grid"};
  }

 private:
  Answer JudgeRow(const data::Batch& batch, size_t row) const {
    using data::CellState;
    const CellState a = batch.columns[latitude_].states[row];
    const CellState b = batch.columns[longitude_].states[row];
    if (a == CellState::kMarker || b == CellState::kMarker) return Answer::kSkip;
    if (a == CellState::kMissing && b == CellState::kMissing) return missing_;
    const std::optional<double> latitude = NumberAt(batch.columns[latitude_], row);
    const std::optional<double> longitude = NumberAt(batch.columns[longitude_], row);
    if (!latitude || !longitude) return Answer::kFail;
    const bool nowhere = *latitude == 0 && *longitude == 0;
    return !nowhere && box_.Has(*latitude, *longitude) ? Answer::kPass : Answer::kFail;
  }

  const size_t latitude_;
  const size_t longitude_;
  const Box box_;
  const Answer missing_;
};

}  // namespace

std::unique_ptr<const Rule> CompileGeoPoint(RuleReader& reader) {
  const std::optional<size_t> latitude = reader.NamedField("latitude");
  const std::optional<size_t> longitude = reader.NamedField("longitude");
  Box box;
  box.south = reader.with().Number("south").value_or(box.south);
  box.north = reader.with().Number("north").value_or(box.north);
  box.west = reader.with().Number("west").value_or(box.west);
  box.east = reader.with().Number("east").value_or(box.east);
  if (box.south > box.north || box.west > box.east)
    reader.Error("bad-bounds", "the box is empty: south must lie below north, west left of east");
  if (!latitude || !longitude || !NeedsNumber(reader, *latitude) || !NeedsNumber(reader, *longitude))
    return nullptr;
  return std::make_unique<GeoPoint>(*latitude, *longitude, box, reader.OnMissing());
}

}  // namespace concordat::quality
