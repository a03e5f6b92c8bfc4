// The return of list sizes (README.md describes it), cut into practices.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sdk/batch_builder.h"
#include "plugins/sdk/csv_rows.h"
#include "plugins/sdk/host.h"

namespace concordat::health_body {

/// The first columns of a record; those of the age bands follow, in the order of the file: male_0_4,
/// female_85_plus.
enum Column { kPracticeCode, kPracticeName, kExtractDate, kListSize, kFirstBand };

/// Reads one return. One thread at a time.
class ListReturn {
 public:
  explicit ListReturn(const sdk::Host& host) : rows_(host) {}

  /// Title lines up to the header; names the columns. SourceUnreadable when there is no header, no day of the
  /// extract, or no bands of both sexes.
  sdk::Status ReadHeader(std::vector<std::string>& columns);
  /// Appends practices until the batch is full or the table ends. SourceUnreadable when the file ends without
  /// its line of totals: it was cut off.
  sdk::Status ReadPractices(sdk::BatchBuilder& batch);

  /// How it was read, whether the totals agree among the notes; whole once ReadPractices has left a batch
  /// empty.
  sdk::SourceFacts Facts() const;
  const std::string& extract_date() const { return extract_date_; }

 private:
  bool TakeTitle();
  bool TakeHeader(std::vector<std::string>& columns);
  sdk::Status TakeTotal();

  sdk::CsvRows rows_;
  sdk::CsvRow row_;
  std::string title_;
  std::string extract_date_;    // yyyy-MM-dd
  std::vector<size_t> source_;  // places in the file: code, name, list size, bands
  size_t width_ = 0;            // of the header
  uint64_t header_line_ = 0;
  uint64_t blank_ = 0;
  uint64_t footnotes_ = 0;
  uint64_t practices_ = 0;
  int64_t patients_ = 0;  // list sizes added up
  std::string totals_note_;
  bool ended_ = false;
};

/// "male_0_4" of "Males 0-4" and "female_85_plus" of "FEMALE_85+"; empty when it is no band.
std::string BandName(std::string_view heading);
/// "2026-05-01" of a text with "01/05/2026", "1 May 2026" or "2026-05-01" in it; empty when there is none.
std::string DayIn(std::string_view text);

}  // namespace concordat::health_body
