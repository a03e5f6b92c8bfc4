// What a GeoJSON geometry (RFC 7946) says in a few cells: its box, its middle, its text as WKT.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace concordat::json {

struct Outline {
  size_t positions = 0;
  double west = 0, south = 0, east = 0, north = 0;
  /// The centroid: of an area by area (holes taken off), of a line by length, of points their mean.
  double x = 0, y = 0;
  std::string wkt;  // as written, number for number
};

/// `coordinates` is the JSON of that member. False: it does not fit `type`, and `why` says how. Types: Point,
/// MultiPoint, LineString, MultiLineString, Polygon, MultiPolygon; empty ones have no positions.
bool ReadGeometry(std::string_view type, std::string_view coordinates, Outline& outline, std::string& why);

/// With as many decimals as fit a coordinate (7), without zeros at the end.
std::string CoordinateText(double value);

}  // namespace concordat::json
