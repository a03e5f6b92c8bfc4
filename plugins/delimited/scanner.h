// Finds where cells and rows end, 64 bytes at a time, in text whose quoting is beyond doubt.
#pragma once

#include <cstddef>
#include <cstdint>

#include "plugins/delimited/dialect.h"
#include "plugins/delimited/raw_buffer.h"

namespace concordat::delimited {

/// Where the cells of some complete rows end. Positions count from the start of the scanned text.
struct RowIndex {
  RawBuffer<uint32_t>
      ends;  // of every cell: the place of its delimiter or of its row's line break (CR of CR LF)
  RawBuffer<uint32_t> rows;   // of every complete row: which of `ends` is its last
  bool quoted = false;        // there is a quote in the text
  bool doubled = false;       // a quoted cell may hold a doubled quote
  bool inner_breaks = false;  // a quoted cell holds a line break
  size_t stop = 0;            // the text was scanned up to here
};

/// `text` begins a row. Scanning ends early, at the block's start, where a quote stands that is neither at
/// the start of a cell, nor at its end, nor doubled: what is before is exact, the rest is for a careful
/// reader. Bytes up to `size` + 64 must be readable. `size` is below 2^32.
using ScanFunction = void (*)(const char* text, size_t size, const Dialect& dialect, RowIndex& index);

void ScanPortable(const char* text, size_t size, const Dialect& dialect, RowIndex& index);

/// Needs AVX2, PCLMUL and BMI; null where the program was built for another processor.
ScanFunction Avx2Scan();

/// The fastest one that this processor can run.
ScanFunction BestScan();

}  // namespace concordat::delimited
