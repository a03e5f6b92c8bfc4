// What one run remembers of one rule: counts and the first few findings.
#pragma once

#include <span>
#include <vector>

#include "host/quality/rule.h"
#include "host/record/scorecard.h"

namespace concordat::quality {

/// How many records gave each answer.
record::Counts CountAnswers(std::span<const Answer> answers);

/// Keeps the first `most` failing records and, where there is room left, the first unresolved ones.
class Samples {
 public:
  explicit Samples(size_t most) : most_(most) {}
  bool wants(bool unresolved) const { return (unresolved ? unresolved_ : failed_).size() < most_; }
  void Add(record::Finding finding);
  /// In record order, at most `most`.
  std::vector<record::Finding> Take();

 private:
  size_t most_;
  std::vector<record::Finding> failed_;
  std::vector<record::Finding> unresolved_;
};

}  // namespace concordat::quality
