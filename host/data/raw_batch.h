// What an adapter proposed: some thousand records as text, under the names of the source's own columns.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "host/data/text_column.h"

namespace concordat::data {

/// A record that could not be cut into columns.
struct UnreadableRecord {
  uint64_t record = 0;  // 1-based number in the source
  uint64_t line = 0;    // physical line on which it starts, 1-based
  std::string reason;   // one sentence for a steward
  std::string raw;      // its text as UTF-8, cut after 4 KiB
};

/// Records in source order. All columns, `records` and `lines` have the same length; unreadable records stand apart.
struct RawBatch {
  std::vector<std::shared_ptr<const TextColumn>> columns;  // in the source's order
  std::vector<uint64_t> records;                           // record numbers, ascending
  std::vector<uint64_t> lines;                             // physical lines
  std::vector<UnreadableRecord> unreadable;                // ascending

  size_t rows() const { return records.size(); }
};

/// What is known of a source once it has been read to its end.
struct SourceFacts {
  std::string encoding;               // "utf-8", "windows-1252" ...; empty when the format has none
  std::string delimiter;              // "," ...; empty when the format has none
  uint64_t header_line = 0;           // 0: there is no header
  uint64_t records = 0;               // readable and unreadable
  uint64_t blank = 0;                 // all-empty rows
  uint64_t unreadable = 0;
  std::vector<std::string> columns;   // as they stand in the source
  std::vector<std::string> notes;     // for people: "three lines above the header were skipped"
};

}  // namespace concordat::data
