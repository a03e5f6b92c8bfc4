#include "host/quality/value_set.h"

#include <bit>

namespace concordat::quality {

ValueSet::ValueSet(const std::vector<std::string>& values)
    : slots_(std::bit_ceil(values.size() * 2 + 1)), mask_(slots_.size() - 1) {
  for (const std::string& value : values) {
    if (!has(value)) Insert(value);
  }
}

void ValueSet::Insert(std::string_view text) {
  const uint64_t hash = QuickHash(text);
  size_t i = hash & mask_;
  while (slots_[i].length_plus_one != 0) i = (i + 1) & mask_;
  slots_[i] = {static_cast<uint32_t>(hash >> 32), static_cast<uint32_t>(text.size() + 1), arena_.size()};
  arena_ += text;
  ++size_;
}

}  // namespace concordat::quality
