// The street-level crime file (README.md describes it), cut into records.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/sdk/batch_builder.h"
#include "plugins/sdk/csv_rows.h"
#include "plugins/sdk/host.h"

namespace concordat::constabulary {

/// The columns that a crime becomes, in order.
enum Column {
  kCrimeId,
  kMonth,
  kReportedBy,
  kFallsWithin,
  kLongitude,
  kLatitude,
  kLocation,
  kLsoaCode,
  kLsoaName,
  kCrimeType,
  kLastOutcome,
  kContext
};
const std::vector<std::string>& ColumnNames();

/// Reads one file. One thread at a time.
class StreetFile {
 public:
  explicit StreetFile(const sdk::Host& host) : rows_(host) {}

  /// The header; SourceUnreadable when this is another kind of file, which is named when it is known.
  sdk::Status ReadHeader();
  /// Appends records until the batch is full or the file ends. Headers between months that were glued
  /// together are no records.
  sdk::Status ReadCrimes(sdk::BatchBuilder& batch);
  sdk::SourceFacts Facts() const;

 private:
  bool MatchHeader(const std::vector<std::string>& cells);

  sdk::CsvRows rows_;
  sdk::CsvRow row_;
  std::vector<int> source_;  // a column's place in the file; -1 when the file has none
  std::vector<std::string> header_;
  uint64_t headers_ = 0;
  uint64_t blank_ = 0;
};

/// "2019-01" at the beginning of a file's name or of a folder before it, as the national site names them;
/// empty for other names.
std::string MonthInName(std::string_view name);

}  // namespace concordat::constabulary
