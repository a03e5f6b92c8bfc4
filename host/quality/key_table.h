// Sets of keys that strangers choose, as keyed fingerprints:
// what `unique` and `in_reference` remember of a file.
//
// A key is remembered by 95 bits of SipHash-1-3 (128-bit variant) under a secret drawn for each table,
// instead of by its text: 16 bytes a key whatever its length. Without the secret nobody can craft two keys of
// one fingerprint, so a collision is chance alone: for n keys below n*n / 2^96, that is one in 8e8 files of
// ten billion keys each, and one in 8e14 of ten million.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/data/batch.h"

namespace concordat::quality {

struct Fingerprint {
  uint64_t high = 0;  // never 0, which marks a free slot
  uint32_t low = 0;
};

/// SipHash-1-3 with a 128-bit result (Aumasson, Bernstein:
/// "SipHash: a fast short-input PRF"), cut to a Fingerprint.
class KeyHasher {
 public:
  /// Under a fresh secret.
  KeyHasher();
  Fingerprint operator()(std::string_view key) const;

 private:
  uint64_t secret_[2];
};

/// A set of fingerprints, each with 32 bits that its owner may use. Grows by doubling. What would take more
/// memory than its limit lies in a file below TMPDIR that has no name and is gone with the process: slower,
/// and the system may take its pages out of memory. Where there is no room on disk either, it stays in
/// memory. Const members are thread-safe.
class KeyTable {
 public:
  struct Slot {
    uint64_t high;
    uint32_t low;
    uint32_t mark;
  };

  static constexpr size_t kMemoryLimit = size_t{512} << 20;

  explicit KeyTable(size_t memory_limit = kMemoryLimit);
  /// Makes room for so many keys at once, which spares growing; more may come all the same.
  void Reserve(uint64_t keys);
  void Prefetch(const Fingerprint& key) const { __builtin_prefetch(&slots_[Home(key.high)], 1); }
  /// The key's slot, new (with mark 0) when it was not there. Valid until the next call.
  Slot& Insert(const Fingerprint& key, bool& is_new);
  /// The key's slot, or null. Valid until the next Insert.
  const Slot* Find(const Fingerprint& key) const;
  bool has(const Fingerprint& key) const { return Find(key) != nullptr; }
  size_t size() const { return size_; }

 private:
  class Fetcher;
  struct Unmap {
    size_t bytes = 0;
    std::shared_ptr<Fetcher> fetcher;  // ends before the pages do
    void operator()(Slot* slots);
  };
  using Slots = std::unique_ptr<Slot[], Unmap>;
  Slots Allocate(size_t count) const;
  void GrowTo(size_t slots);
  // The whole range of fingerprints laid over the slots (Lemire, "Fast random integer generation in an
  // interval"), so that any number of slots will do and growing walks both tables in order.
  size_t Home(uint64_t high) const {
    return static_cast<size_t>((static_cast<unsigned __int128>(high) * count_) >> 64);
  }
  size_t After(size_t slot) const { return slot + 1 == count_ ? 0 : slot + 1; }

  const size_t memory_limit_;
  size_t count_;  // of slots
  Slots slots_;
  size_t size_ = 0;
};

/// The key of a row over some columns. One column: its text
/// as it is; several: each with its length in front, so that
/// ("a", "bc") and ("ab", "c") differ.
class KeyReader {
 public:
  explicit KeyReader(size_t columns) : columns_(columns) {}
  void Use(size_t index, const data::TextColumn* column) { columns_[index] = column; }
  /// Valid until the next call.
  std::string_view At(size_t row);

 private:
  std::vector<const data::TextColumn*> columns_;
  std::string joined_;
};

}  // namespace concordat::quality
