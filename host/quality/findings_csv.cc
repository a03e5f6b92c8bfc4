#include "host/quality/findings_csv.h"

#include "host/base/csv.h"
#include "host/quality/mask.h"

namespace concordat::quality {
namespace {

bool LooksLikeFormula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

std::string NumberOrNothing(uint64_t number) { return number == 0 ? "" : std::to_string(number); }

}  // namespace

std::string SafeCsvCell(std::string_view text) {
  std::string cell = LooksLikeFormula(text) ? "'" : "";
  cell += text;
  return CsvCell(cell);
}

FindingsCsv::FindingsCsv(std::ostream& out, const data::Schema& schema, bool show_values)
    : out_(out), schema_(schema), show_values_(show_values) {
  out_ << "record,line,rule,dimension,severity,column,value,message,mend\r\n";
}

void FindingsCsv::OnFinding(const record::Finding& original) {
  const record::Finding finding = show_values_ ? original : Masked(original, schema_);
  std::string columns;
  std::string values;
  for (const auto& [column, value] : finding.values) {
    const bool first = &column == &finding.values.front().first;
    columns += (first ? "" : "; ") + column;
    values += (first ? "" : "; ") + value;
  }
  out_ << NumberOrNothing(finding.record) << ',' << NumberOrNothing(finding.line) << ','
       << SafeCsvCell(finding.rule) << ',' << record::DimensionName(finding.dimension) << ','
       << record::SeverityName(finding.severity) << ',' << SafeCsvCell(columns) << ',' << SafeCsvCell(values) << ','
       << SafeCsvCell(finding.message) << ',' << SafeCsvCell(finding.mend) << "\r\n";
}

}  // namespace concordat::quality
