#include "host/quality/rule_state.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/quality/threshold.h"

namespace concordat::quality {
namespace {

bool Quarantines(const policy::Gate& gate, record::Severity severity) {
  return std::find(gate.quarantine.begin(), gate.quarantine.end(), severity) != gate.quarantine.end();
}

// Where `when` does not hold the rule is not applicable; where it cannot be told, neither can the rule.
void Overlay(const WhenAnswers& when, std::vector<Answer>& answers) {
  for (size_t row = 0; row < answers.size(); ++row) {
    const Answer instead = when.truths[row] == expr::Truth::kFalse ? Answer::kSkip : Answer::kUnresolved;
    answers[row] = when.applies[row] != 0 ? answers[row] : instead;
  }
}

}  // namespace

void WhenAnswers::Evaluate(const expr::Program& when, const data::Batch& batch) {
  truths.resize(batch.rows());
  applies.resize(batch.rows());
  when.EvaluateBatch(batch, expr::MissingIs::kNull, truths);
  for (size_t row = 0; row < truths.size(); ++row) applies[row] = truths[row] == expr::Truth::kTrue ? 1 : 0;
}

RuleState::RuleState(const CompiledRule& compiled, const RunContext& context, const policy::Gate& gate)
    : compiled_(compiled),
      life_(compiled.spec.lifetime.On(absl::ToCivilDay(context.as_of, absl::UTCTimeZone()))),
      quarantines_(life_ == record::RuleLife::kEnforced && Quarantines(gate, compiled.spec.severity)),
      samples_(context.samples) {
  if (life_ == record::RuleLife::kDraft) {
    note_ = "a draft: not run yet";
  } else if (compiled_.rule == nullptr) {
    note_ = compiled_.spec.not_evaluated;
  } else {
    Start(context);
  }
}

void RuleState::Start(const RunContext& context) {
  absl::StatusOr<RuleRun> run = compiled_.rule->Start(context);
  if (!run.ok()) {
    note_ = MessageOf(run.status());
    failed_ = !absl::IsUnavailable(run.status());
  } else if (std::holds_alternative<std::unique_ptr<RecordRun>>(*run)) {
    records_ = std::get<std::unique_ptr<RecordRun>>(*std::move(run));
  } else {
    dataset_ = std::get<std::unique_ptr<DatasetRun>>(*std::move(run));
  }
}

void RuleState::Judge(const data::Batch& batch, const WhenAnswers* when) {
  const uint8_t* const applies = when == nullptr ? nullptr : when->applies.data();
  if (dataset_ != nullptr) dataset_->Add(batch, applies);
  if (records_ == nullptr) return;
  answers_.resize(batch.rows());
  records_->Judge(batch, applies, answers_);
  if (when != nullptr) Overlay(*when, answers_);
  batch_counts_ = CountAnswers(answers_);
  counts_ += batch_counts_;
}

record::Finding RuleState::NewFinding() const {
  record::Finding finding;
  finding.rule = compiled_.spec.id;
  finding.dimension = compiled_.spec.dimension;
  finding.severity = compiled_.spec.severity;
  return finding;
}

record::Finding RuleState::Explain(const data::Batch& batch, size_t row, const WhenAnswers* when) {
  record::Finding finding = NewFinding();
  finding.record = batch.records[row];
  finding.line = batch.lines[row];
  finding.unresolved = answers_[row] == Answer::kUnresolved;
  for (const std::string& column : compiled_.columns) {
    finding.values.emplace_back(column, batch.columns[*batch.schema->Find(column)].text->at(row));
  }
  Explanation why;
  if (when != nullptr && when->truths[row] == expr::Truth::kError) {
    why = {fmt::format("it cannot be told whether the rule applies ({})", compiled_.spec.when),
           "correct the values that the condition reads"};
  } else {
    why = records_->Explain(batch, row, answers_[row]);
  }
  finding.message = std::move(why.message);
  finding.mend = compiled_.spec.mend.empty() ? std::move(why.mend) : compiled_.spec.mend;
  return finding;
}

void RuleState::FinishDataset(record::RuleResult& result) {
  DatasetRun::Result answer = dataset_->Finish();
  result.counts.pass = answer.answer == Answer::kPass ? 1 : 0;
  result.counts.fail = answer.answer == Answer::kFail ? 1 : 0;
  result.counts.skip = answer.answer == Answer::kSkip ? 1 : 0;
  result.counts.unresolved = answer.answer == Answer::kUnresolved ? 1 : 0;
  result.figure = answer.figure;
  if (!HoldsBack(answer.answer)) return;
  record::Finding finding = NewFinding();
  finding.unresolved = answer.answer == Answer::kUnresolved;
  finding.values = std::move(answer.values);
  finding.message = std::move(answer.why.message);
  finding.mend = compiled_.spec.mend.empty() ? std::move(answer.why.mend) : compiled_.spec.mend;
  result.samples.push_back(std::move(finding));
}

record::RuleResult RuleState::Finish(uint64_t records) {
  const policy::RuleSpec& spec = compiled_.spec;
  record::RuleResult result;
  result.id = spec.id;
  result.kind = spec.kind;
  result.description = spec.description;
  result.dimension = spec.dimension;
  result.severity = spec.severity;
  result.weight = spec.weight;
  result.dataset_rule = compiled_.rule != nullptr && compiled_.rule->about_dataset();
  result.columns = compiled_.columns;
  result.counts = counts_;
  result.note = note_;
  result.mend = spec.mend;
  result.life = life_;
  result.enforced = compiled_.rule != nullptr && life_ == record::RuleLife::kEnforced;
  result.threshold = ThresholdText(spec);
  if (failed_) result.counts.error = result.dataset_rule ? 1 : std::max<uint64_t>(1, records);
  if (dataset_ != nullptr) FinishDataset(result);
  if (records_ != nullptr) {
    records_->Report(result);
    ApplyThreshold(spec, result);
    result.samples = samples_.Take();
  }
  return result;
}

}  // namespace concordat::quality
