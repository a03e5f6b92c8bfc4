// Drives a reader over bytes that nobody meant: what it gives must be whole, and the same however the source comes in pieces.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sdk/batch_builder.h"
#include "plugins/sdk/status.h"
#include "plugins/tree/source.h"

namespace concordat::fuzz {

class BytesSource : public tree::Source {
 public:
  explicit BytesSource(std::string_view bytes) : bytes_(bytes) {}
  uint64_t size() const override { return bytes_.size(); }
  int64_t Read(uint64_t offset, char* into, size_t size) override {
    if (offset >= bytes_.size()) return 0;
    const size_t got = std::min(size, bytes_.size() - static_cast<size_t>(offset));
    std::memcpy(into, bytes_.data() + offset, got);
    return static_cast<int64_t>(got);
  }

 private:
  const std::string_view bytes_;
};

[[noreturn]] inline void Die(const char* what) {
  std::fprintf(stderr, "a promise is broken: %s\n", what);
  std::abort();
}

/// What a reader said, for comparison.
struct Told {
  bool refused = false;
  std::vector<std::string> columns;
  std::string cells;
  uint64_t records = 0;

  bool operator==(const Told&) const = default;
};

inline void Judge(const sdk::Status& status) {
  if (status.ok()) return;
  if (status.code() == CONCORDAT_FAILED) Die("only a system or a feed can make a reader fail");
  if (status.message().empty()) Die("a refusal without a reason");
}

/// Readers with Open(columns) and Read(batch). Records of all batches, and the refusal if there was one.
template <typename Reader>
Told Run(Reader& reader) {
  Told told;
  sdk::Status status = reader.Open(told.columns);
  Judge(status);
  while (status.ok()) {
    sdk::BatchBuilder batch(told.columns.size(), 100, 1u << 16);
    status = reader.Read(batch);
    Judge(status);
    if (!status.ok() || batch.rows() == 0) break;
    for (size_t column = 0; column < told.columns.size(); ++column) {
      if (batch.column(column).rows() != batch.rows()) Die("a column without a cell for a record");
    }
    told.records += batch.rows();
    for (size_t row = 0; row < batch.rows(); ++row) {
      for (size_t column = 0; column < told.columns.size(); ++column) {
        const sdk::TextBuilder& cells = batch.column(column);
        told.cells.append(cells.data() + cells.offsets()[row], cells.data() + cells.offsets()[row + 1]).push_back('\x1F');
      }
      told.cells.push_back('\n');
    }
  }
  told.refused = !status.ok();
  if (told.refused) told.cells.clear();
  if (told.refused) told.records = 0;
  return told;
}

inline void Agree(const Told& one, const Told& other) {
  if (one != other) Die("what is read depends on the pieces in which it comes");
}

}  // namespace concordat::fuzz
