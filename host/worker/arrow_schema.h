// Which columns an adapter's stream has, and what each of them is: everything that is not supported is
// refused by name.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/base/status.h"
#include "plugins/sdk/adapter_abi.h"

namespace concordat::worker {

enum class ArrowType {
  kUtf8,
  kLargeUtf8,
  kBool,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kFloat32,
  kFloat64,
  kDate32,
  kTimestamp
};

/// One column of the source.
struct ArrowColumn {
  std::string name;
  size_t child = 0;  // index in the struct
  ArrowType type = ArrowType::kUtf8;
  int64_t units_per_second = 1;  // timestamps
  bool dictionary = false;       // `type` is then that of the index, and the dictionary is utf8
};

/// The struct at the top of an adapter's stream.
struct BatchSchema {
  size_t children = 0;
  std::vector<ArrowColumn> columns;  // of the source, in order
  std::optional<size_t> record;      // children with the special names
  std::optional<size_t> line;
  std::optional<size_t> unreadable;
  std::optional<size_t> raw;

  std::vector<std::string> Names() const;
};

/// Aborted names the column and the format that is not supported.
absl::StatusOr<BatchSchema> ReadSchema(const ArrowSchema& schema);

}  // namespace concordat::worker
