// A batch as a table of SQLite's own making ("eponymous virtual table"), so that one INSERT ... SELECT loads
// thousands of rows: measured a quarter quicker than multi-row VALUES, because no value is bound or copied on
// the way.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "host/base/column_cipher.h"
#include "host/base/status.h"
#include "host/data/batch.h"
#include "host/data/row_set.h"
#include "host/store/sqlite/connection.h"

namespace concordat::store {

/// What the table `_batch` shows at the moment: Outlives the connection it is registered with.
struct BatchSource {
  std::vector<std::optional<ColumnCipher>>
      ciphers;  // one a field: of the columns that are sealed, each the only one under its key
  const data::Batch* batch = nullptr;
  const data::RowSet* keep = nullptr;
};

/// What stands before the text of a sealed cell: an integer (or a boolean as 0 or 1), or any other text.
inline constexpr char kSealedInteger = 'i';
inline constexpr char kSealedText = 't';

/// Registers `_batch` with the columns _record, _line and one for each of `fields` columns of the batch.
absl::Status RegisterBatchTable(Connection& connection, BatchSource* source, size_t fields);

}  // namespace concordat::store
