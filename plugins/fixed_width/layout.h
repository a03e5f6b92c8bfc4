// Which characters of a line are which column: "crime_id 1-10, month 11-17, note 18-".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sdk/status.h"

namespace concordat::fixed_width {

/// Positions are 1-based and both ends are part of it.
struct Field {
  std::string name;
  size_t from = 1;
  size_t to = 1;  // kOpen: to the end of the line
  static constexpr size_t kOpen = static_cast<size_t>(-1);

  bool operator==(const Field&) const = default;
};

struct Layout {
  std::vector<Field> fields;
  /// What a whole line has; the start of the field that is open at its end does not count.
  size_t length() const;
  bool open() const;
  /// "positions 12 to 14 belong to no column", "... to two columns": worth a look, no mistake.
  std::vector<std::string> remarks() const;
};

/// Reads a list of "NAME FROM-TO", "NAME AT" or "NAME FROM-", separated by commas or line breaks; names may
/// hold blanks. Fails with a message for whoever wrote the feed.
sdk::Status ParseLayout(std::string_view text, Layout& layout);

/// "3-10" or "5": 1-based positions; false when it is none.
bool ParseRange(std::string_view text, size_t& from, size_t& to);

}  // namespace concordat::fixed_width
