// Reads JSON of any shape as records in columns: finds the records, learns their columns, gives them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plugins/json/record.h"
#include "plugins/json/survey.h"
#include "plugins/json/walker.h"
#include "plugins/sdk/batch_builder.h"
#include "plugins/sdk/host.h"
#include "plugins/tree/row.h"
#include "plugins/tree/shape.h"

namespace concordat::json {

/// Two passes over the source (three when the place of the records has to be found out): columns must be
/// known before the first record is given, and a document that is broken or cut off anywhere is refused
/// before any of it is. Memory: some pieces of the source and one record. Not thread-safe.
class Reader {
 public:
  /// `source` must outlive the reader; `name` is the source's file name.
  Reader(tree::Source* source, Options options, std::string name);

  /// Once, first.
  sdk::Status Open(std::vector<std::string>& columns);
  /// Appends records until the batch is full or the source ends.
  sdk::Status Read(sdk::BatchBuilder& batch);
  /// Complete at the end.
  sdk::SourceFacts facts() const;

 private:
  sdk::Status Learn();
  sdk::Status NameColumns(std::vector<std::string>& columns);

  tree::Source* const source_;
  const Options options_;
  const std::string name_;
  Plan plan_;
  tree::Shape shape_;
  std::optional<RecordReader> records_;
  std::optional<Walker> walker_;
  std::optional<tree::Row> row_;
  std::string first_trouble_;
  uint64_t learnt_ = 0;  // readable records
  bool at_end_ = false;
};

}  // namespace concordat::json
