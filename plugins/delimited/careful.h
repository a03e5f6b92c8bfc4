// Judges one row at a time, where the fast scan is in doubt, and finds the next row after a broken one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "plugins/delimited/cutter.h"
#include "plugins/delimited/dialect.h"
#include "plugins/delimited/layout.h"
#include "plugins/delimited/text_stream.h"

namespace concordat::delimited {

/// A row that is longer is unreadable; it bounds the memory that one row can claim.
inline constexpr size_t kRowLimit = size_t{16} << 20;

enum class RowKind {
  kRecord,
  kBlank,
  kUnreadable,
  kUnreadableLine,  // and it goes on beyond the text: the rest of the line is to be skipped
  kNeedMore,        // the text ends too early to tell
};

struct Row {
  RowKind kind = RowKind::kBlank;
  Cut cut;             // cells of a record
  size_t end = 0;      // of its text, line break left out
  size_t next = 0;     // where reading goes on
  std::string reason;  // of an unreadable one
};

/// Remembers nothing from row to row that would change an answer. To be asked in the order of the file.
/// Not thread-safe.
class CarefulReader {
 public:
  /// All must outlive it; they need not be settled before the first Read.
  CarefulReader(const Dialect& dialect, const Layout& layout, const TextStream& stream)
      : dialect_(dialect), layout_(layout), stream_(stream) {}

  /// The row that starts at `from`, on the physical line `line`. `text` is the stream's, or its first part.
  void Read(std::string_view text, size_t from, uint64_t line, Row& row);

 private:
  bool FitsColumns(const Cut& cut) const;
  bool LooksLikeRecord(std::string_view text, size_t from);
  bool SwallowedRecords(std::string_view text, size_t from, const Cut& cut);
  bool FindNext(std::string_view text, size_t from, uint64_t line, Row& row);
  void Recover(std::string_view text, size_t from, uint64_t line, Row& row);
  void JudgeWidth(Row& row) const;
  std::string Column(size_t cell) const;
  std::string QuoteReason(const Cut& cut) const;

  const Dialect& dialect_;
  const Layout& layout_;
  const TextStream& stream_;
  Cut trial_;

  // Lines that were tried after a broken row and are no records: the next broken row need not try them again.
  struct Barren {
    uint64_t first_line = 0;
    uint64_t end_line = 0;  // the first line that was not tried ...
    uint64_t end = 0;       // ... and where it starts, from the file's beginning
  };
  Barren barren_;
};

}  // namespace concordat::delimited
