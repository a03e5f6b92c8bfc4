// How many different texts a stream has, in bounded memory.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <unordered_set>

namespace concordat::profile {

/// Exact (by 64-bit hashes) up to 200,000; beyond, HyperLogLog with 4,096 registers (P. Flajolet and others,
/// 2007; standard error 1.6%).
class DistinctTexts {
 public:
  void Add(std::string_view text) {
    const uint64_t hash = Mix(std::hash<std::string_view>()(text));
    if (!estimated_) {
      hashes_.insert(hash);
      if (hashes_.size() > kMostExact) StartEstimating();
      return;
    }
    Count(hash);
  }
  bool estimated() const { return estimated_; }
  uint64_t count() const {
    return estimated_ ? static_cast<uint64_t>(std::llround(Estimate())) : hashes_.size();
  }

 private:
  static constexpr size_t kMostExact = 200'000;
  static constexpr int kBits = 12;

  // std::hash of a text is good, but not in every bit.
  static uint64_t Mix(uint64_t value) {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
  }
  void Count(uint64_t hash) {
    const auto rank =
        static_cast<uint8_t>(std::countl_zero((hash << kBits) | (uint64_t{1} << (kBits - 1))) + 1);
    uint8_t& cell = registers_[hash >> (64 - kBits)];
    cell = std::max(cell, rank);
  }
  void StartEstimating() {
    estimated_ = true;
    for (const uint64_t hash : hashes_) Count(hash);
    hashes_ = {};
  }
  double Estimate() const {
    const auto count = static_cast<double>(registers_.size());
    double sum = 0;
    for (const uint8_t cell : registers_) sum += std::ldexp(1.0, -cell);
    return 0.7213 / (1 + 1.079 / count) * count * count / sum;
  }

  bool estimated_ = false;
  std::unordered_set<uint64_t> hashes_;
  std::array<uint8_t, size_t{1} << kBits> registers_{};
};

}  // namespace concordat::profile
