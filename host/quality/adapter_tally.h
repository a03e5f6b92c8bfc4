// What an adapter's `validate` said, counted like the host's own rules.
#pragma once

#include <vector>

#include "host/quality/rule_tally.h"

namespace concordat::quality {

class AdapterTally {
 public:
  AdapterTally(std::vector<AdapterRule> rules, const policy::Gate& gate, size_t samples);

  /// One finding a record and rule counts, the gravest; findings about records that are not in the batch, or
  /// under rules that were not declared, are dropped.
  void Add(const data::Batch& batch, const std::vector<AdapterFinding>& findings);
  void AddSkips(size_t rule, uint64_t records) { tallies_[rule].counts.skip += records; }
  /// A byte a row of the batch added last: 1 where a rule that quarantines fails or is unresolved.
  const std::vector<uint8_t>& held_back() const { return held_back_; }

  /// Findings of the batch added last, by row and then by rule; skips left out.
  struct Entry {
    size_t row;
    record::Finding finding;
  };
  const std::vector<Entry>& entries() const { return entries_; }

  /// `records` were judged in all.
  std::vector<record::RuleResult> Finish(uint64_t records);

 private:
  struct Tally {
    AdapterRule rule;
    bool quarantines;
    record::Counts counts;  // all but pass
    Samples samples;
  };
  record::Finding ToFinding(const data::Batch& batch, size_t row, const AdapterFinding& from) const;

  std::vector<Tally> tallies_;
  std::vector<uint8_t> held_back_;
  std::vector<Entry> entries_;
};

}  // namespace concordat::quality
