// Byte offsets of a text as lines and columns that people count: 1-based, columns in characters.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "host/base/source.h"

namespace concordat::policy {

/// Answers in constant time but for a few hundred bytes, however long the lines are. Immutable; keeps the
/// source alive. A byte order mark belongs to no column.
class TextPlaces {
 public:
  explicit TextPlaces(std::shared_ptr<const SourceText> source);

  /// Offsets beyond the end count as the end.
  Place At(size_t offset) const;
  /// The text from the offset on.
  std::string_view From(size_t offset) const;
  const SourceText& source() const { return *source_; }
  /// Where the text begins: 0, or 3 after a byte order mark.
  size_t start() const { return start_; }

 private:
  size_t CharactersBefore(size_t offset) const;

  std::shared_ptr<const SourceText> source_;
  size_t start_ = 0;
  std::vector<size_t> lines_;       // offsets of their first bytes
  std::vector<size_t> characters_;  // before every kStride-th byte
};

}  // namespace concordat::policy
