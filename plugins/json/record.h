// One record of JSON into columns. The only file that knows simdjson.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "plugins/json/options.h"
#include "plugins/json/walker.h"
#include "plugins/tree/row.h"
#include "plugins/tree/shape.h"

namespace concordat::json {

/// Learns the places of records, then fills rows with them. Not thread-safe.
class RecordReader {
 public:
  /// All must outlive the reader.
  RecordReader(const Options& options, bool geojson, tree::Shape& shape);
  ~RecordReader();
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  /// False: the record is unreadable, and `why` says where and how to mend it. The shape may have grown all
  /// the same.
  bool Learn(const Slice& slice, std::string& why);
  /// After Shape::NameColumns. `row` is begun by the caller.
  bool Fill(const Slice& slice, tree::Row& row, std::string& why);

  /// Records that are plain values, not objects.
  uint64_t plain() const;
  uint64_t objects() const;
  /// The list to explode was met.
  bool exploded() const;
  /// The shape is full: there are too many different names.
  bool overflowed() const;

 private:
  class Parsing;
  std::unique_ptr<Parsing> parsing_;
};

}  // namespace concordat::json
