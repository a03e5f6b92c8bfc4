// Every finding as CSV (RFC 4180), for `--findings`.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "host/data/schema.h"
#include "host/quality/judge.h"

namespace concordat::quality {

/// One cell: quoted where it must be; a cell that a spreadsheet would take for a formula (it begins with = +
/// - @, a tab or a carriage return) gets an apostrophe in front.
std::string SafeCsvCell(std::string_view text);

/// Writes the header at once and a line a finding:
/// record,line,rule,dimension,severity,column,value,message,mend. A finding about several columns has them in
/// one cell, "; " between. Record and line are empty for the dataset as a whole. `out` and `schema` outlive
/// it; the caller checks `out` for errors at the end.
class FindingsCsv : public FindingSink {
 public:
  /// Without `show_values` the values of confidential columns are hidden.
  FindingsCsv(std::ostream& out, const data::Schema& schema, bool show_values);
  void OnFinding(const record::Finding& finding) override;

 private:
  std::ostream& out_;
  const data::Schema& schema_;
  const bool show_values_;
};

}  // namespace concordat::quality
