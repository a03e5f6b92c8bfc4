// Numbers of a stream, summed up in bounded memory.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "host/profile/column_profile.h"

namespace concordat::profile {

/// Minimum, maximum, mean and deviation are exact; quantiles are of all numbers up to 65,536, beyond of a
/// uniform sample of as many (J. S. Vitter's algorithm R, 1985), the same at every run.
class NumberSample {
 public:
  void Add(double value) {
    summary_.min = summary_.count == 0 ? value : std::min(summary_.min, value);
    summary_.max = summary_.count == 0 ? value : std::max(summary_.max, value);
    ++summary_.count;
    const double before = value - summary_.mean;
    summary_.mean += before / static_cast<double>(summary_.count);
    squares_ += before * (value - summary_.mean);
    if (sample_.size() < kMost) {
      sample_.push_back(value);
      return;
    }
    const uint64_t place = Next() % summary_.count;
    if (place < kMost) sample_[place] = value;
  }

  NumberSummary Finish() {
    NumberSummary summary = summary_;
    if (summary.count > 1) summary.stdev = std::sqrt(squares_ / static_cast<double>(summary.count - 1));
    summary.sampled = summary.count > sample_.size();
    std::sort(sample_.begin(), sample_.end());
    for (const double at : {0.05, 0.25, 0.5, 0.75, 0.95}) {
      if (!sample_.empty()) summary.quantiles.emplace_back(at, At(at));
    }
    return summary;
  }

 private:
  static constexpr size_t kMost = 65'536;

  // SplitMix64 (G. L. Steele and others, 2014).
  uint64_t Next() {
    uint64_t value = (state_ += 0x9e3779b97f4a7c15);
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
  }
  double At(double at) const {
    const double place = at * static_cast<double>(sample_.size() - 1);
    const auto below = static_cast<size_t>(place);
    const size_t above = std::min(below + 1, sample_.size() - 1);
    return sample_[below] + (place - std::floor(place)) * (sample_[above] - sample_[below]);
  }

  NumberSummary summary_;
  double squares_ = 0;
  uint64_t state_ = 0;
  std::vector<double> sample_;
};

}  // namespace concordat::profile
