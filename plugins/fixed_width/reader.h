// Reads lines of fixed width as records in columns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/delimited/text_stream.h"
#include "plugins/fixed_width/line.h"
#include "plugins/fixed_width/options.h"
#include "plugins/sdk/host.h"
#include "plugins/sdk/status.h"
#include "plugins/tree/source.h"

namespace concordat::fixed_width {

/// One pass. A trailer that is missing, or whose count is not that of the file, makes the source unreadable
/// as a whole at its end: some of it was lost. Memory: some pieces of the source. Not thread-safe.
class Reader {
 public:
  static constexpr size_t kLongestLine = size_t{16} << 20;

  /// `source` must outlive the reader.
  Reader(tree::Source* source, Options options);

  /// Once, first: names the columns.
  sdk::Status Open(std::vector<std::string>& columns);
  /// Appends records until the batch is full or the source ends.
  sdk::Status Read(sdk::BatchBuilder& batch);
  /// Complete at the end.
  sdk::SourceFacts facts() const;

 private:
  sdk::Status NextLine(std::string_view& line, bool& more);
  bool bytes() const;
  bool FindEnd(std::string_view text, size_t& size, size_t& ending) const;
  sdk::Status Take(std::string_view line, sdk::BatchBuilder& batch);
  sdk::Status TakeTrailer(std::string_view line);
  sdk::Status Finish() const;

  tree::Source* const source_;
  const Options options_;
  delimited::TextStream stream_;
  LineCutter cutter_;
  size_t taken_ = 0;    // bytes of the line that was given last
  uint64_t line_ = 0;   // of that line
  uint64_t lines_ = 0;  // that are not blank
  uint64_t records_ = 0;
  uint64_t skipped_ = 0;  // by option skip
  uint64_t others_ = 0;   // that do not begin as option only says
  uint64_t blank_ = 0;
  uint64_t trailer_line_ = 0;
  std::string counted_;  // a wrong count, in words
  bool at_end_ = false;
};

}  // namespace concordat::fixed_width
