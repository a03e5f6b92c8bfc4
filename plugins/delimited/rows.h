// Runs of rows that the scan has cut, written straight into Arrow columns.
#pragma once

#include <cstddef>
#include <cstdint>

#include "plugins/sdk/batch_builder.h"

namespace concordat::delimited {

/// Rows of equal shape within a scanned text.
struct RowRun {
  const char* text;
  const uint32_t* starts;  // one a row
  const uint32_t* ends;    // `stride` a row: where its cells end
  size_t stride;           // at least the number of columns
  size_t rows;
  bool quoted;   // cells may be quoted, by `quote`
  bool doubled;  // and hold doubled quotes
  char quote;
};

/// Appends each row's cells to the columns; ending the records is the caller's. 32 bytes beyond every cell
/// must be readable.
void AppendRun(const RowRun& run, sdk::BatchBuilder& batch);

}  // namespace concordat::delimited
