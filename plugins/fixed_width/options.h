// What a feed says about its fixed-width files: such a file explains nothing itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plugins/delimited/encoding.h"
#include "plugins/fixed_width/layout.h"

namespace concordat::fixed_width {

struct Options {
  enum class Trim { kBoth, kRight, kNone };

  Layout layout;
  bool bytes = false;  // positions count bytes, not characters
  Trim trim = Trim::kBoth;
  std::optional<delimited::Encoding> encoding;  // none: found out
  uint64_t header_lines = 0;                    // lines above the first record
  std::vector<std::string> only;                // beginnings of lines that are records; empty: all are
  std::vector<std::string> skip;                // beginnings of lines that are none
  std::string trailer;                          // the beginning of the last line; "" when there is none
  size_t count_from = 0, count_to = 0;          // where the trailer has a count; 0: nowhere
  bool count_lines = false;                     // it counts all lines of the file, not the records
  bool pad_short = false;                       // the sender leaves blanks at the end of lines out
  bool cut_long = false;                        // what stands behind the last column is ignored
  size_t record_length = 0;  // the file has no line breaks: so many characters each; 0: it has

  size_t chunk_bytes = 1u << 20;
};

}  // namespace concordat::fixed_width
