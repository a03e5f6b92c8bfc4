// The most frequent texts of a stream in bounded memory.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "host/profile/column_profile.h"

namespace concordat::profile {

/// Exact while there are at most `most` different texts; beyond, J. Misra and D. Gries' summary (1982):
/// whatever stands more often than once in `most` is in it, with a count that is too small by as much at
/// most.
class FrequentTexts {
 public:
  explicit FrequentTexts(size_t most) : most_(most) {}

  void Add(std::string_view text) {
    const auto known = counts_.find(text);
    if (known != counts_.end()) {
      ++known->second;
    } else if (counts_.size() < most_) {
      counts_.emplace(text, 1);
    } else {
      LowerAll();
    }
  }
  bool estimated() const { return estimated_; }

  /// The `wanted` most frequent, then by text.
  std::vector<ValueCount> Top(size_t wanted) const {
    std::vector<ValueCount> all;
    for (const auto& [text, count] : counts_) all.push_back({text, count});
    std::sort(all.begin(), all.end(), [](const ValueCount& a, const ValueCount& b) {
      return a.count != b.count ? a.count > b.count : a.value < b.value;
    });
    if (all.size() > wanted) all.resize(wanted);
    return all;
  }

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  void LowerAll() {
    estimated_ = true;
    for (auto entry = counts_.begin(); entry != counts_.end();) {
      entry = --entry->second == 0 ? counts_.erase(entry) : std::next(entry);
    }
  }

  const size_t most_;
  bool estimated_ = false;
  std::unordered_map<std::string, uint64_t, Hash, std::equal_to<>> counts_;
};

}  // namespace concordat::profile
