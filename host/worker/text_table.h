// Text columns as an Arrow struct that an adapter may read and never releases: reference tables, and batches
// to validate.
#pragma once

#include <string>
#include <vector>

#include "host/data/batch_frame.h"
#include "plugins/sdk/adapter_abi.h"

namespace concordat::worker {

/// Names stay, cells may be put in again and again. Stays where it is made.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> names);
  TextTable(const TextTable&) = delete;
  TextTable& operator=(const TextTable&) = delete;

  /// Points the arrays at these cells: one column a name, `rows` rows, less than 2 GiB a column.
  void Point(const std::vector<data::TextView>& columns, size_t rows);

  const ArrowSchema& schema() const { return schema_; }
  const ArrowArray& array() const { return array_; }

 private:
  const std::vector<std::string> names_;
  std::vector<ArrowSchema> schemas_;
  std::vector<ArrowSchema*> schema_pointers_;
  std::vector<ArrowArray> arrays_;
  std::vector<ArrowArray*> array_pointers_;
  std::vector<const void*> buffers_;  // three a column, one for the struct
  ArrowSchema schema_ = {};
  ArrowArray array_ = {};
};

}  // namespace concordat::worker
