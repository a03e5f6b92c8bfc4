#include "plugins/json/geometry.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <vector>

#include "plugins/json/mistake.h"

namespace concordat::json {
namespace {

struct Kind {
  std::string_view type;
  std::string_view wkt;
  size_t levels;  // of lists around a position
  int dimension;  // 0 points, 1 lines, 2 areas
};
constexpr Kind kKinds[] = {{"Point", "POINT", 0, 0},           {"MultiPoint", "MULTIPOINT", 1, 0},
                           {"LineString", "LINESTRING", 1, 1}, {"MultiLineString", "MULTILINESTRING", 2, 1},
                           {"Polygon", "POLYGON", 2, 2},       {"MultiPolygon", "MULTIPOLYGON", 3, 2}};

struct Position {
  double x = 0, y = 0;
};

class Reading {
 public:
  Reading(const Kind& kind, std::string_view text, Outline& outline)
      : kind_(kind), text_(text), outline_(outline) {}

  bool Run() {
    outline_.wkt = std::string(kind_.wkt) + " ";
    if (!Level(kind_.levels)) return false;
    SkipBlank();
    if (at_ != text_.size()) return false;
    if (outline_.positions == 0) outline_.wkt = std::string(kind_.wkt) + " EMPTY";
    Middle();
    return true;
  }

 private:
  void SkipBlank() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  bool Accept(char c) {
    SkipBlank();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  // A list of what is one level further in; at level 0 a position.
  bool Level(size_t levels) {
    if (levels == 0) return At(kind_.levels == 0);
    if (!Accept('[')) return false;
    outline_.wkt += "(";
    if (levels == 1) run_.clear();
    if (levels == 2) rings_ = 0;
    for (bool first = true; !Accept(']'); first = false) {
      if (!first && !Accept(',')) return false;
      if (!first) outline_.wkt += ", ";
      if (!Level(levels - 1)) return false;
    }
    outline_.wkt += ")";
    if (levels == 1) AddRun();
    return true;
  }

  // [x, y, height ...]
  bool At(bool alone) {
    if (!Accept('[')) return false;
    Position position;
    size_t count = 0;
    if (alone) outline_.wkt += "(";
    for (; !Accept(']'); ++count) {
      if (count > 0 && !Accept(',')) return false;
      SkipBlank();
      const size_t from = at_;
      while (at_ < text_.size() &&
             std::string_view("+-.0123456789eE").find(text_[at_]) != std::string_view::npos)
        ++at_;
      const std::string_view number = text_.substr(from, at_ - from);
      if (!IsNumber(number)) return false;
      if (count > 1) continue;
      double value = 0;
      const auto end = std::from_chars(number.data(), number.data() + number.size(), value);
      if (end.ec != std::errc()) return false;
      (count == 0 ? position.x : position.y) = value;
      outline_.wkt += (count == 0 ? "" : " ") + std::string(number);
    }
    if (alone) outline_.wkt += ")";
    if (count == 0 && alone) return true;
    if (count < 2) return false;
    Extend(position);
    run_.push_back(position);
    if (alone) AddRun();
    return true;
  }

  void Extend(const Position& p) {
    const bool first = outline_.positions++ == 0;
    outline_.west = first ? p.x : std::min(outline_.west, p.x);
    outline_.east = first ? p.x : std::max(outline_.east, p.x);
    outline_.south = first ? p.y : std::min(outline_.south, p.y);
    outline_.north = first ? p.y : std::max(outline_.north, p.y);
    if (first) origin_ = p;
  }

  // A ring, a line or some points: their part in the centroid. Relative to the first position, or the
  // products of two nearly equal coordinates would eat the decimals.
  void AddRun() {
    for (size_t i = 0; i < run_.size(); ++i) Add(run_[i].x - origin_.x, run_[i].y - origin_.y, 1, points_);
    double area = 0, x = 0, y = 0;
    for (size_t i = 0; i + 1 < run_.size(); ++i) {
      const double ax = run_[i].x - origin_.x, ay = run_[i].y - origin_.y;
      const double bx = run_[i + 1].x - origin_.x, by = run_[i + 1].y - origin_.y;
      Add((ax + bx) / 2, (ay + by) / 2, std::hypot(bx - ax, by - ay), lines_);
      const double cross = ax * by - bx * ay;
      area += cross / 2;
      x += (ax + bx) * cross / 6;
      y += (ay + by) * cross / 6;
    }
    // The first ring of a polygon is its outside, the others are holes, whichever way they run.
    const bool hole = kind_.dimension == 2 && rings_ > 0;
    const double sign = (area < 0 ? -1 : 1) * (hole ? -1 : 1);
    areas_.weight += sign * area;
    areas_.x += sign * x;
    areas_.y += sign * y;
    ++rings_;
    run_.clear();
  }

  struct Sum {
    double weight = 0, x = 0, y = 0;
  };
  static void Add(double x, double y, double weight, Sum& sum) {
    sum.weight += weight;
    sum.x += x * weight;
    sum.y += y * weight;
  }

  void Middle() {
    const Sum* sum = kind_.dimension == 2 && areas_.weight > 0   ? &areas_
                     : kind_.dimension >= 1 && lines_.weight > 0 ? &lines_
                                                                 : &points_;
    if (sum->weight == 0) return;
    outline_.x = origin_.x + sum->x / sum->weight;
    outline_.y = origin_.y + sum->y / sum->weight;
  }

  const Kind& kind_;
  const std::string_view text_;
  Outline& outline_;
  size_t at_ = 0;
  std::vector<Position> run_;
  size_t rings_ = 0;
  Position origin_;
  Sum points_, lines_, areas_;
};

}  // namespace

bool ReadGeometry(std::string_view type, std::string_view coordinates, Outline& outline, std::string& why) {
  const auto kind =
      std::find_if(std::begin(kKinds), std::end(kKinds), [&](const Kind& each) { return each.type == type; });
  if (kind == std::end(kKinds)) {
    why = "\"" + std::string(type.substr(0, 40)) + "\" is no type of geometry that GeoJSON knows";
    return false;
  }
  if (Reading(*kind, coordinates, outline).Run()) return true;
  why = "the coordinates of the geometry are not those of a " + std::string(type);
  return false;
}

std::string CoordinateText(double value) {
  char text[400];
  std::snprintf(text, sizeof text, "%.7f", value);
  std::string trimmed = text;
  while (trimmed.back() == '0') trimmed.pop_back();
  if (trimmed.back() == '.') trimmed.pop_back();
  return trimmed == "-0" ? "0" : trimmed;
}

}  // namespace concordat::json
