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

  size_t chunk_bytes = 1u << 20;   // read at once
  size_t sample_bytes = 1u << 20;  // of the file's beginning, to find out what is not given
  ScanFunction scan = nullptr;     // null: the fastest for this processor
};

}  // namespace concordat::delimited
