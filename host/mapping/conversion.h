// How one field's cells are rewritten in the contract's own form: dates by pattern, numbers by style.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "host/base/status.h"
#include "host/data/parse.h"
#include "host/policy/feed.h"

namespace concordat::mapping {

/// What a feed's mapping says of one field, checked and compiled. Immutable.
class Conversion {
 public:
  /// Changes nothing.
  Conversion() = default;
  /// InvalidArgument when the mapping does not fit the field: a date pattern that does not compile or stands
  /// on a field that is no date, a number style on a field that is no number.
  static absl::StatusOr<Conversion> Create(const data::Field& field, const policy::FieldMapping& mapping);

  bool changes() const { return from_.has_value() || numbers_.has_value(); }
  /// Appends `text` in the contract's form; false, with `out` as it was, when the source's form does not fit
  /// it.
  bool Rewrite(std::string_view text, std::string& out) const;

 private:
  absl::Status SetDates(const data::Field& field, const std::string& pattern);

  bool whole_days_ = false;  // a date is the day as written, whatever its offset
  std::optional<data::TimePattern> from_;
  std::optional<data::TimePattern> to_;
  std::optional<policy::NumberStyle> numbers_;
};

}  // namespace concordat::mapping
