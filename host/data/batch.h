// Some thousand records in columns, as the contract sees them: text, state and typed value of every cell.
// Rules, duties and the store all work on this and on nothing else.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/data/schema.h"
#include "host/data/text_column.h"

namespace concordat::data {

/// What a cell is before any rule looks at it.
enum class CellState : uint8_t {
  kValue,        // there is text, and it parses as the field's type (always so for strings)
  kMissing,      // empty, or one of the field's missing tokens
  kMarker,       // one of the field's markers: kept, skipped by every rule
  kUnparseable,  // there is text, and it does not parse as the field's type
};

/// One field over one batch. `text` is what the mapping made of the source's cell.
struct Column {
  const Field* field = nullptr;            // owned by the schema, which outlives the batch
  std::shared_ptr<const TextColumn> text;  // shared with the raw batch when the mapping left it as it was
  std::vector<CellState> states;           // one a row
  /// For integer, boolean (0/1), date (days since 1970-01-01), timestamp (microseconds since then, UTC) and
  /// time (microseconds since midnight): one a row, 0 where the state is not kValue. Empty for other types.
  std::vector<int64_t> integers;
  /// For number: one a row, 0 where the state is not kValue. Empty for other types.
  std::vector<double> numbers;
  /// What the source should have held, for messages about cells that could not be mapped: "a date as dd/MM/yyyy";
  /// null: the field's own form.
  std::shared_ptr<const std::string> source_form = nullptr;

  bool present(size_t row) const { return states[row] == CellState::kValue || states[row] == CellState::kUnparseable; }
};

/// Records in columns, in schema order. Move-only in practice; const once it is handed on, then shareable among threads.
struct Batch {
  std::shared_ptr<const Schema> schema;
  std::vector<Column> columns;    // one a field of the schema
  std::vector<uint64_t> records;  // record numbers, ascending
  std::vector<uint64_t> lines;    // physical lines of the source

  size_t rows() const { return records.size(); }
};

}  // namespace concordat::data
