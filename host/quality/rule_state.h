// One host rule during one run over one file.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/quality/compiled_rules.h"
#include "host/quality/rule_tally.h"

namespace concordat::quality {

/// What `when` came to for a batch, shared by the rules with the same text.
struct WhenAnswers {
  std::vector<expr::Truth> truths;
  std::vector<uint8_t> applies;  // 1 where it is true

  void Evaluate(const expr::Program& when, const data::Batch& batch);
};

class RuleState {
 public:
  RuleState(const CompiledRule& compiled, const RunContext& context, const policy::Gate& gate);

  /// About how many records will come; before the first batch.
  void Expect(uint64_t records) {
    if (records_ != nullptr) records_->Expect(records);
  }
  /// Answers for a batch; `when` may be null. They stay until the next call.
  void Judge(const data::Batch& batch, const WhenAnswers* when);
  /// Empty for a rule that judges no records (a dataset rule, one that is not evaluated).
  const std::vector<Answer>& answers() const { return answers_; }
  /// Not enforced on the day of the judgement: counted and shown, without any effect.
  bool shadow() const { return life_ == record::RuleLife::kShadow; }
  /// Whether records that fail it, or are unresolved on it, are held back.
  bool quarantines() const { return quarantines_; }
  const record::Counts& batch_counts() const { return batch_counts_; }

  /// The finding for a record of the batch judged last.
  record::Finding Explain(const data::Batch& batch, size_t row, const WhenAnswers* when);
  Samples& samples() { return samples_; }
  std::optional<size_t> when() const { return compiled_.when; }

  /// The rule's part of the scorecard; `records` were judged in
  /// all. A failing dataset rule's finding is its only sample.
  record::RuleResult Finish(uint64_t records);

 private:
  void Start(const RunContext& context);
  record::Finding NewFinding() const;
  void FinishDataset(record::RuleResult& result);

  const CompiledRule& compiled_;
  const record::RuleLife life_;
  const bool quarantines_;
  std::unique_ptr<RecordRun> records_;  // at most one of the two
  std::unique_ptr<DatasetRun> dataset_;
  std::string note_;     // why it is not evaluated or could not run
  bool failed_ = false;  // it could not run
  std::vector<Answer> answers_;
  record::Counts batch_counts_;
  record::Counts counts_;
  Samples samples_;
};

}  // namespace concordat::quality
