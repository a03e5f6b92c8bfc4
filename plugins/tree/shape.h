// Which places the records of a nested document have, and which of them are columns: learnt in a first pass
// over the whole source, because columns must be known before the first record is handed over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace concordat::tree {

/// A place in a record: a name below another place.
struct Place {
  std::string name;
  Place* parent = nullptr;
  std::vector<std::unique_ptr<Place>> children;  // in the order in which they were first met
  int column = -1;                               // after Shape::NameColumns; -1: no column
  bool has_value = false;                        // a value stood here in some record
  bool was_empty = false;                        // stood here without a value (null, {}, an empty element)
  bool bare =
      false;  // its name is no part of its children's column names (the properties of a GeoJSON feature)
  bool repeats = false;   // for callers: stands several times within one parent
  uint64_t count = 0;     // for callers: how often it stood anywhere
  uint64_t visit = 0;     // for callers: the visit of the parent in which it was last met
  uint64_t in_visit = 0;  // for callers: how often in that visit

 private:
  friend class Shape;
  size_t index_ = 0;  // among its parent's children
  size_t next_ = 0;   // the child that is likely asked for next: records repeat their order
  std::unordered_map<std::string_view, Place*> by_name_;  // once there are more than a few
};

/// All places below one root. Bounded, so that keys which are really values cannot eat the memory. Not
/// thread-safe.
class Shape {
 public:
  static constexpr size_t kMostPlaces = 20000;
  static constexpr size_t kMostColumns = 4096;

  Place& root() { return root_; }
  /// The child of that name; made when it is new. Null when there are more than kMostPlaces.
  Place* Child(Place& parent, std::string_view name);
  /// The child of that name or null.
  Place* Find(Place& parent, std::string_view name);
  bool full() const { return count_ >= kMostPlaces; }

  /// Numbers the columns below `top` from `first` on, siblings together, and appends their names ("a.b.c") to
  /// `names`; a name that is taken gets " (2)". False when there are more than kMostColumns.
  bool NameColumns(Place& top, std::vector<std::string>& names);

  /// As in column names: "a.b.c", without the root and without bare places.
  static std::string PathOf(const Place& place, const Place& top);

 private:
  bool NameBelow(Place& place, const std::string& prefix, std::vector<std::string>& names);

  Place root_;
  size_t count_ = 0;
  std::unordered_map<std::string, size_t> taken_;
};

/// Appends `name`, or "name (2)" when it stands in `names` already.
void AddName(const std::string& name, std::unordered_map<std::string, size_t>& taken,
             std::vector<std::string>& names);

}  // namespace concordat::tree
