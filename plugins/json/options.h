// What a feed may fix about its JSON; everything else is found out.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "plugins/delimited/encoding.h"
#include "plugins/json/path.h"

namespace concordat::json {

struct Options {
  enum class Form { kAuto, kDocument, kLines };
  enum class Lists { kJoin, kCount, kText };
  enum class Geometry { kNone, kType, kPoint, kBox, kWkt, kAll };

  std::optional<Path> records;  // none: found out
  Form form = Form::kAuto;
  Lists lists = Lists::kJoin;
  std::string separator = "; ";
  std::string explode;  // the list of a record whose elements become records; "" for none
  Geometry geometry = Geometry::kType;
  std::optional<delimited::Encoding> encoding;  // none: found out

  size_t chunk_bytes = 1u << 20;    // read at once
  size_t record_bytes = 32u << 20;  // of one record at most; it is held whole
};

/// Levels of {} and [] in each other, for documents and records alike.
inline constexpr size_t kDeepest = 100;

}  // namespace concordat::json
