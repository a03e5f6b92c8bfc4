// How one field's cells are rewritten in the contract's own form: text steps, codes, dates, numbers, units.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "host/base/status.h"
#include "host/data/parse.h"
#include "host/mapping/code_table.h"
#include "host/mapping/date_reader.h"
#include "host/mapping/number_style.h"
#include "host/mapping/text_steps.h"
#include "host/mapping/units.h"
#include "host/policy/mapping.h"

namespace concordat::mapping {

/// What a feed's mapping says of one field, checked and compiled. Immutable.
class Conversion {
 public:
  /// Changes nothing.
  Conversion() = default;
  /// InvalidArgument when the mapping does not fit the field: a date pattern that does not compile or stands
  /// on a field that is no date, a number style on a field that is no number, and the like.
  static absl::StatusOr<Conversion> Create(const data::Field& field, const policy::FieldMapping& mapping,
                                           const CodeLookup& lookup);

  bool changes() const { return prepares() || reads(); }
  /// Whether the text is changed before it is read as a value.
  bool prepares() const { return steps_.any() || codes_.has_value(); }
  bool reads() const { return dates_.changes() || numbers_ || booleans_ || unit_; }
  /// Whether it is worth to remember what was made of a text.
  bool repeats() const { return prepares() || dates_.changes() || unit_; }
  /// Appends the text as it is to be read; empty when an unknown code counts as missing. False, with `out` as
  /// it was, when it is no known code or the split does not fit it.
  bool Prepare(std::string_view text, std::string& out) const;
  /// Appends `text` in the contract's form; false, with `out` as it was, when the source's form does not fit
  /// it.
  bool Read(std::string_view text, std::string& out) const;

  /// What the source should hold: "a date as dd/MM/yyyy", "one of the codes M, F"; empty: anything.
  const std::string& in_words() const { return words_; }
  /// How to mend a cell that did not fit: the nearest code, if one is near; else "write it as ...".
  std::string MendOf(std::string_view text) const;

 private:
  bool AppendNumber(std::string_view text, std::string& out) const;

  TextSteps steps_;
  std::optional<CodeTable> codes_;
  DateReader dates_;
  std::optional<policy::NumberStyle> numbers_;
  bool whole_ = false;  // the field is an integer
  std::optional<policy::BooleanWords> booleans_;
  std::optional<UnitFactor> unit_;
  std::string words_;
};

}  // namespace concordat::mapping
