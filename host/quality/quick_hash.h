// A fast hash of short texts for tables whose keys are ours (lists of the policies folder). Not for keys that
// strangers choose: see key_table.h for those.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace concordat::quality {

inline uint64_t Load64(const char* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

inline uint32_t Load32(const char* bytes) {
  uint32_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

/// The last up to eight bytes of a text as one number, without
/// reading outside it; equal for equal texts of equal size.
inline uint64_t LoadTail(std::string_view text) {
  const size_t size = text.size();
  if (size >= 8) return Load64(text.data() + size - 8);
  if (size >= 4) return Load32(text.data()) | static_cast<uint64_t>(Load32(text.data() + size - 4)) << 32;
  if (size == 0) return 0;
  const auto byte = [&](size_t i) { return static_cast<uint64_t>(static_cast<unsigned char>(text[i])); };
  return byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16;
}

inline uint64_t QuickHash(std::string_view text) {
  constexpr uint64_t kOdd = 0x9E3779B97F4A7C15;
  uint64_t hash = text.size() * kOdd;
  for (size_t i = 0; i + 8 < text.size(); i += 8)
    hash = (hash ^ Load64(text.data() + i)) * kOdd, hash ^= hash >> 29;
  hash = (hash ^ LoadTail(text)) * kOdd;
  return hash ^ (hash >> 32);
}

}  // namespace concordat::quality
