// What a feed may fix about its files; everything else is found out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "plugins/delimited/encoding.h"
#include "plugins/delimited/scanner.h"

namespace concordat::delimited {

struct Options {
  enum class Header { kAuto, kNone, kLine };

  std::optional<Encoding> encoding;  // none: found out. kUtf16Le stands for both byte orders.
  std::optional<char> delimiter;     // none: found out
  char quote = '"';
  bool quoting = true;
  Header header = Header::kAuto;
  uint64_t header_line = 0;  // for kLine: physical, 1-based

  size_t chunk_bytes = 1u << 20;  // read at once
  uint64_t ahead_from =
      4u << 20;  // files of so many bytes are read and scanned ahead; smaller ones are done sooner
  size_t window_bytes =
      64u << 10;  // scanned at once: text, cell ends and columns' ends stay in the second-level cache
  size_t sample_bytes = 1u << 20;  // of the file's beginning, to find out what is not given
  ScanFunction scan = nullptr;     // null: the fastest for this processor
};

}  // namespace concordat::delimited
