// Reads XML with a repeating element as records in columns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plugins/sdk/host.h"
#include "plugins/tree/shape.h"
#include "plugins/xml/gather.h"
#include "plugins/xml/options.h"
#include "plugins/xml/parser.h"

namespace concordat::xml {

/// Two passes over the source: the first learns where the records are and their columns, and refuses a
/// document that is broken or cut off anywhere before a record of it is given. Memory: a piece of the source
/// and one record. Not thread-safe.
class Reader {
 public:
  /// `source` must outlive the reader.
  Reader(tree::Source* source, Options options);

  /// Once, first.
  sdk::Status Open(std::vector<std::string>& columns);
  /// Appends records until the batch is full (or somewhat fuller) or the source ends.
  sdk::Status Read(sdk::BatchBuilder& batch);
  /// Complete at the end.
  sdk::SourceFacts facts() const;

 private:
  sdk::Status Sniff();
  sdk::Status Learn();
  sdk::Status Choose();
  void FindExploded(tree::Place& place);
  void MuteRepeated(tree::Place& place, bool muted);

  tree::Source* const source_;
  const Options options_;
  Path path_;
  tree::Shape shape_;
  tree::Place* top_ = nullptr;
  const tree::Place* explode_ = nullptr;
  std::optional<Gather> gather_;
  std::optional<Parser> parser_;
  std::vector<std::string> notes_;
  uint64_t mixed_ = 0;
  bool more_ = true;
};

}  // namespace concordat::xml
