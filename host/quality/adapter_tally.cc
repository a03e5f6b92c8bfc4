#include "host/quality/adapter_tally.h"

#include <algorithm>
#include <tuple>

namespace concordat::quality {
namespace {

// Fail before unresolved before skip.
int Gravity(AdapterFinding::Outcome outcome) {
  switch (outcome) {
    case AdapterFinding::Outcome::kFail:
      return 0;
    case AdapterFinding::Outcome::kUnresolved:
      return 1;
    case AdapterFinding::Outcome::kSkip:
      return 2;
  }
  return 2;
}

struct Placed {
  size_t row;
  const AdapterFinding* finding;
};

}  // namespace

AdapterTally::AdapterTally(std::vector<AdapterRule> rules, const policy::Gate& gate, size_t samples) {
  for (AdapterRule& rule : rules) {
    const bool quarantines =
        std::find(gate.quarantine.begin(), gate.quarantine.end(), rule.severity) != gate.quarantine.end();
    tallies_.push_back({std::move(rule), quarantines, {}, Samples(samples)});
  }
}

record::Finding AdapterTally::ToFinding(const data::Batch& batch, size_t row,
                                        const AdapterFinding& from) const {
  const AdapterRule& rule = tallies_[from.rule].rule;
  record::Finding finding;
  finding.record = batch.records[row];
  finding.line = batch.lines[row];
  finding.rule = rule.id;
  finding.dimension = rule.dimension;
  finding.severity = rule.severity;
  finding.unresolved = from.outcome == AdapterFinding::Outcome::kUnresolved;
  finding.from_adapter = rule.origin == record::Origin::kAdapter;
  finding.values = from.values;
  finding.message = from.message.empty() ? rule.description : from.message;
  finding.mend = from.mend.empty() ? rule.mend : from.mend;
  return finding;
}

void AdapterTally::Add(const data::Batch& batch, const std::vector<AdapterFinding>& findings) {
  held_back_.assign(findings.empty() ? 0 : batch.rows(), 0);
  entries_.clear();
  std::vector<Placed> placed;
  for (const AdapterFinding& finding : findings) {
    const auto record = std::lower_bound(batch.records.begin(), batch.records.end(), finding.record);
    if (finding.rule >= tallies_.size() || record == batch.records.end() || *record != finding.record)
      continue;
    placed.push_back({static_cast<size_t>(record - batch.records.begin()), &finding});
  }
  std::stable_sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
    return std::make_tuple(a.row, a.finding->rule, Gravity(a.finding->outcome)) <
           std::make_tuple(b.row, b.finding->rule, Gravity(b.finding->outcome));
  });
  for (size_t i = 0; i < placed.size(); ++i) {
    const auto& [row, finding] = placed[i];
    if (i > 0 && placed[i - 1].row == row && placed[i - 1].finding->rule == finding->rule) continue;
    Tally& tally = tallies_[finding->rule];
    if (finding->outcome == AdapterFinding::Outcome::kSkip) {
      ++tally.counts.skip;
      continue;
    }
    ++(finding->outcome == AdapterFinding::Outcome::kFail ? tally.counts.fail : tally.counts.unresolved);
    held_back_[row] |= static_cast<uint8_t>(tally.quarantines);
    entries_.push_back({row, ToFinding(batch, row, *finding)});
    tally.samples.Add(entries_.back().finding);
  }
}

std::vector<record::RuleResult> AdapterTally::Finish(uint64_t records) {
  std::vector<record::RuleResult> results;
  for (Tally& tally : tallies_) {
    record::RuleResult result;
    result.id = tally.rule.id;
    result.origin = tally.rule.origin;
    result.kind = tally.rule.kind;
    result.description = tally.rule.description;
    result.dimension = tally.rule.dimension;
    result.severity = tally.rule.severity;
    result.weight = record::DefaultWeight(tally.rule.severity);
    result.columns = tally.rule.columns;
    result.counts = tally.counts;
    result.counts.pass = records - tally.counts.total();
    result.threshold = "mustBe 0";
    result.mend = tally.rule.mend;
    result.samples = tally.samples.Take();
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace concordat::quality
