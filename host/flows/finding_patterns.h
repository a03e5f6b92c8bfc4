// Findings grouped by rule, column and pattern of value, so that a report says "112 codes are one digit
// short" once.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "host/quality/judge.h"
#include "host/record/pattern_count.h"

namespace concordat::flows {

/// Letters become A or a, digits 9, runs of the same class shorten to "x{n}"; the rest stays. Cut after 40
/// characters.
std::string PatternOf(std::string_view value);

using record::PatternCount;

/// Counts as findings pass; at most `most` patterns a rule, the rest under "(others)".
class FindingPatterns : public quality::FindingSink {
 public:
  explicit FindingPatterns(size_t most = 50) : most_(most) {}
  void OnFinding(const record::Finding& finding) override;
  /// By rule, the most frequent first.
  std::vector<PatternCount> Take() const;

 private:
  const size_t most_;
  std::map<std::string, std::map<std::pair<std::string, std::string>, PatternCount>> by_rule_;
};

}  // namespace concordat::flows
