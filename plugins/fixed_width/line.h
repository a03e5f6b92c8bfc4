// One line into cells, or why it cannot be one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/fixed_width/options.h"
#include "plugins/sdk/batch_builder.h"

namespace concordat::fixed_width {

/// Cuts lines by the layout. Keeps its memory. Not thread-safe.
class LineCutter {
 public:
  explicit LineCutter(const Options& options) : options_(options) {}

  /// Positions count bytes of the text that Cut is given; to be said again whenever that changes.
  void set_bytes(bool bytes) { bytes_ = bytes; }

  /// Appends a cell to every column of `batch`, or says why not in `why`. The record is not ended.
  bool Cut(std::string_view line, sdk::BatchBuilder& batch, std::string& why);
  /// Positions `from` to `to` of a line, as far as it has them. False when it has none of them or they cut a
  /// character.
  bool Part(std::string_view line, size_t from, size_t to, std::string_view& part);

 private:
  void Measure(std::string_view line);
  bool Short(std::string& why) const;
  bool Long(std::string_view line, std::string& why) const;
  size_t OffsetOf(size_t position) const;
  std::string_view Trimmed(std::string_view cell) const;

  const Options& options_;
  bool bytes_ = false;
  bool plain_ = true;           // every character is one byte, or positions count bytes
  size_t length_ = 0;           // in what positions count
  std::vector<size_t> starts_;  // of characters, when not plain
};

}  // namespace concordat::fixed_width
