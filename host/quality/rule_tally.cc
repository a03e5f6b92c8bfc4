#include "host/quality/rule_tally.h"

#include <algorithm>

namespace concordat::quality {

record::Counts CountAnswers(std::span<const Answer> answers) {
  // Sums of bytes over blocks that cannot overflow a byte: the inner loop is sixteen records an instruction.
  constexpr size_t kBlock = 240;
  uint64_t of[4] = {0, 0, 0, 0};
  for (size_t begin = 0; begin < answers.size(); begin += kBlock) {
    const size_t end = std::min(begin + kBlock, answers.size());
    uint8_t fail = 0, skip = 0, unresolved = 0;
    for (size_t i = begin; i < end; ++i) {
      fail = static_cast<uint8_t>(fail + (answers[i] == Answer::kFail));
      skip = static_cast<uint8_t>(skip + (answers[i] == Answer::kSkip));
      unresolved = static_cast<uint8_t>(unresolved + (answers[i] == Answer::kUnresolved));
    }
    of[1] += fail;
    of[2] += skip;
    of[3] += unresolved;
  }
  record::Counts counts;
  counts.fail = of[1];
  counts.skip = of[2];
  counts.unresolved = of[3];
  counts.pass = answers.size() - of[1] - of[2] - of[3];
  return counts;
}

void Samples::Add(record::Finding finding) {
  if (!wants(finding.unresolved)) return;
  (finding.unresolved ? unresolved_ : failed_).push_back(std::move(finding));
}

std::vector<record::Finding> Samples::Take() {
  const size_t room = most_ - failed_.size();
  for (size_t i = 0; i < std::min(room, unresolved_.size()); ++i)
    failed_.push_back(std::move(unresolved_[i]));
  std::stable_sort(failed_.begin(), failed_.end(),
                   [](const record::Finding& a, const record::Finding& b) { return a.record < b.record; });
  return std::move(failed_);
}

}  // namespace concordat::quality
