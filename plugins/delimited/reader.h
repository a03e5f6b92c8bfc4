// Reads any delimited file as records in columns.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "plugins/delimited/careful.h"
#include "plugins/delimited/layout.h"
#include "plugins/delimited/opening.h"
#include "plugins/delimited/options.h"
#include "plugins/delimited/rows.h"
#include "plugins/delimited/source.h"
#include "plugins/delimited/text_stream.h"
#include "plugins/sdk/batch_builder.h"

namespace concordat::delimited {

/// What is known of the file; complete once Next has returned kEnd.
struct Facts {
  std::string encoding;
  char delimiter = ',';
  uint64_t records = 0;  // readable and unreadable
  uint64_t blank = 0;
  uint64_t unreadable = 0;
  std::vector<std::string> notes;
};

/// One pass over one source: a fast scan where quoting is beyond doubt, a careful reader for every other row.
/// Memory: some chunks, and at most one record of 16 MB. Not thread-safe.
class Reader {
 public:
  /// `source` must outlive the reader.
  Reader(Source* source, const Options& options);
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  /// Finds out encoding, delimiter, header and columns. To be called once, before Next.
  Outcome Open();
  /// Appends records to `batch`, which has layout().columns() columns, until it is full or the file ends:
  /// then kEnd.
  Outcome Next(sdk::BatchBuilder& batch);

  const Layout& layout() const { return opening_.layout(); }
  Facts facts() const;
  const std::string& message() const { return message_; }

 private:
  std::string_view Settled() const;
  Outcome Fill();
  size_t ScanLimit(std::string_view text) const;
  size_t ReadScanned(std::string_view text, sdk::BatchBuilder& batch);
  size_t TakeRows(std::string_view text, const RowIndex& index, sdk::BatchBuilder& batch);
  bool IsRecord(std::string_view text, size_t start, const uint32_t* ends, size_t cells) const;
  void TakeRun(std::string_view text, const RowIndex& index, RowRun& run, sdk::BatchBuilder& batch);
  bool ReadCarefully(std::string_view text, size_t from, sdk::BatchBuilder& batch);
  void EndRecord(uint64_t inner_breaks, sdk::BatchBuilder& batch);
  void SkipRestOfLine(std::string_view text);

  Source* source_;
  const Options options_;
  TextStream stream_;
  Opening opening_;
  CarefulReader careful_;
  ScanFunction scan_;

  RowIndex index_;
  RawBuffer<uint32_t> starts_;  // of the rows of a run
  Row row_;
  size_t window_;           // bytes scanned at once
  bool skip_line_ = false;  // the rest of the current line belongs to an unreadable record
  uint64_t line_ = 1;       // of the next row
  Facts facts_;
  std::string long_record_;  // a note on the first record that spans suspiciously many lines
  std::string message_;
};

}  // namespace concordat::delimited
