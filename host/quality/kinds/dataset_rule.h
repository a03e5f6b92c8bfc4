// A rule about the whole dataset that needs nothing of its surroundings: what is wanted, and a run that
// measures it.
#pragma once

#include <memory>
#include <utility>

#include "host/quality/kinds/kinds.h"

namespace concordat::quality {

/// `Run` is a DatasetRun made from a `const Wanted&`, which the rule keeps for all runs.
template <typename Run, typename Wanted>
class RuleOverDataset : public Rule {
 public:
  explicit RuleOverDataset(Wanted wanted) : wanted_(std::move(wanted)) {}
  bool about_dataset() const override { return true; }
  absl::StatusOr<RuleRun> Start(const RunContext&) const override {
    return RuleRun(std::make_unique<Run>(wanted_));
  }

 private:
  const Wanted wanted_;
};

template <typename Run, typename Wanted>
std::unique_ptr<const Rule> MakeDatasetRule(Wanted wanted) {
  return std::make_unique<RuleOverDataset<Run, Wanted>>(std::move(wanted));
}

}  // namespace concordat::quality
