// What a feed may fix about its XML; everything else is found out.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "plugins/xml/path.h"

namespace concordat::xml {

struct Options {
  enum class Repeated { kJoin, kCount };

  std::optional<Path> records;  // none: found out
  Repeated repeated = Repeated::kJoin;
  std::string separator = "; ";
  std::string explode;  // the repeated element of a record whose occurrences become records; "" for none
  bool keep_prefixes = false;  // "soap:Body" rather than "Body"
  std::string encoding;        // as expat knows it; "": what the document says

  size_t piece_bytes = 256u << 10;  // read at once
  size_t record_bytes = 32u << 20;  // text of one record at most
  size_t token_bytes = 8u << 20;    // one tag, comment or instruction at most: expat holds it whole
};

/// Levels of elements in each other.
inline constexpr size_t kDeepest = 100;
/// Attributes of one element.
inline constexpr size_t kMostAttributes = 1000;

}  // namespace concordat::xml
