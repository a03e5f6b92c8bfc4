// What seals the values of one attempt: its own key, and from it one for each column.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "host/base/column_cipher.h"
#include "host/base/ids.h"
#include "host/base/status.h"

namespace concordat::store {

/// Immutable, thread-safe. Where a pointer to it is null, the attempt has nothing confidential.
class AttemptSeal {
 public:
  /// `key`: 32 bytes, this attempt's alone.
  explicit AttemptSeal(std::string key);
  static std::shared_ptr<const AttemptSeal> New();

  /// For the cells of one column; a cell's place is its record's number. Only one of them may seal.
  ColumnCipher ForColumn(std::string_view column) const;
  /// For the texts of one table, likewise.
  ColumnCipher ForTable(std::string_view table) const;
  /// For everything else; `place` is bound, as "source_key".
  std::string SealText(std::string_view text, std::string_view place) const;
  /// DataLoss when it was changed or moved.
  absl::StatusOr<std::string> OpenText(std::string_view sealed, std::string_view place) const;
  const std::string& key() const { return key_; }

 private:
  const std::string key_;
  const std::string text_key_;
};

/// Seals and opens the texts of one table of an attempt's file, each bound to its row's key. One thread at a
/// time; only one of a table may ever seal.
class TableSeal {
 public:
  /// `word`: the table's, such as "quarantine". `one_by_one`: as files before version 3 have it; those are
  /// only read.
  TableSeal(const AttemptSeal& seal, std::string_view word, bool one_by_one = false);

  /// Until the next call.
  const std::string& Seal(uint64_t key, std::string_view text);
  /// DataLoss when it was changed or moved.
  absl::StatusOr<std::string> Open(uint64_t key, std::string_view sealed);

 private:
  const AttemptSeal& seal_;
  const std::string word_;
  const bool one_by_one_;
  ColumnCipher cipher_;
  std::string sealed_;  // scratch
};

}  // namespace concordat::store
