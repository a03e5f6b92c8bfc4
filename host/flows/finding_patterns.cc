#include "host/flows/finding_patterns.h"

#include <algorithm>
#include <cctype>

#include "fmt/format.h"

namespace concordat::flows {
namespace {

constexpr size_t kLongestPattern = 40;

char ClassOf(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (std::isdigit(byte)) return '9';
  if (std::isupper(byte)) return 'A';
  if (std::islower(byte)) return 'a';
  return byte >= 0x80 ? 'a' : c;
}

}  // namespace

std::string PatternOf(std::string_view value) {
  std::string pattern;
  for (size_t i = 0; i < value.size() && pattern.size() < kLongestPattern;) {
    const char kind = ClassOf(value[i]);
    size_t run = 1;
    while (i + run < value.size() && ClassOf(value[i + run]) == kind) ++run;
    pattern += run > 3 ? fmt::format("{}{{{}}}", kind, run) : std::string(run, kind);
    i += run;
  }
  return value.empty() ? "(empty)" : pattern;
}

void FindingPatterns::OnFinding(const record::Finding& finding) {
  auto& patterns = by_rule_[finding.rule];
  std::pair<std::string, std::string> key;
  if (!finding.values.empty()) key = {finding.values.front().first, PatternOf(finding.values.front().second)};
  if (patterns.size() >= most_ && patterns.count(key) == 0) key = {"", "(others)"};
  PatternCount& count = patterns[key];
  if (count.count++ > 0) return;
  count.rule = finding.rule;
  count.column = key.first;
  count.pattern = key.second;
  count.first_line = finding.line;
  if (!finding.values.empty()) count.example = finding.values.front().second;
}

std::vector<PatternCount> FindingPatterns::Take() const {
  std::vector<PatternCount> all;
  for (const auto& [rule, patterns] : by_rule_) {
    for (const auto& [key, count] : patterns) all.push_back(count);
  }
  std::stable_sort(all.begin(), all.end(), [](const PatternCount& a, const PatternCount& b) {
    return a.rule != b.rule ? a.rule < b.rule : a.count > b.count;
  });
  return all;
}

}  // namespace concordat::flows
