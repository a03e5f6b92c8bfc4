// A fixed set of texts, asked once a record: open addressing over one arena.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/quality/quick_hash.h"

namespace concordat::quality {

/// Immutable, thread-safe. Texts of any bytes, the empty one too.
class ValueSet {
 public:
  explicit ValueSet(const std::vector<std::string>& values);

  bool has(std::string_view text) const {
    const uint64_t hash = QuickHash(text);
    for (size_t i = hash & mask_; slots_[i].length_plus_one != 0; i = (i + 1) & mask_) {
      const Slot& slot = slots_[i];
      if (slot.hash == static_cast<uint32_t>(hash >> 32) && slot.length_plus_one == text.size() + 1 &&
          std::memcmp(arena_.data() + slot.offset, text.data(), text.size()) == 0) {
        return true;
      }
    }
    return false;
  }
  /// Distinct values.
  size_t size() const { return size_; }

 private:
  struct Slot {
    uint32_t hash = 0;
    uint32_t length_plus_one = 0;  // 0: free
    uint64_t offset = 0;
  };
  void Insert(std::string_view text);

  std::vector<Slot> slots_;
  std::string arena_;
  size_t mask_ = 0;
  size_t size_ = 0;
};

}  // namespace concordat::quality
