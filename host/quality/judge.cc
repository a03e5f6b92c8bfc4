#include "host/quality/judge.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <numeric>

#include "fmt/format.h"
#include "host/quality/adapter_tally.h"
#include "host/quality/compiled_rules.h"
#include "host/quality/rule_crew.h"
#include "host/quality/rule_state.h"

namespace concordat::quality {
namespace {

constexpr size_t kRowsWorthHelp = 1024;  // fewer are judged before a second thread is awake

// Marks the rows that fail or are unresolved. Pointers and count by value: writing bytes could else change
// them.
void HoldBack(const std::vector<Answer>& answers, uint8_t* __restrict flags) {
  const size_t rows = answers.size();
  const Answer* const given = answers.data();
  for (size_t row = 0; row < rows; ++row) flags[row] |= static_cast<uint8_t>(given[row]) & 1;
}

}  // namespace

struct Judge::State {
  State(std::shared_ptr<const CompiledRules> compiled, const policy::Gate& the_gate, RunContext the_context,
        std::vector<AdapterRule> adapter_rules, FindingSink* the_sink)
      : rules(std::move(compiled)),
        gate(the_gate),
        context(std::move(the_context)),
        crew(std::min(std::max<size_t>(1, context.threads), std::max<size_t>(1, rules->rules.size()))),
        adapter(std::move(adapter_rules), gate, context.samples),
        unreadable_samples(context.samples),
        sink(the_sink) {
    states.reserve(rules->rules.size());
    for (const CompiledRule& rule : rules->rules) states.emplace_back(rule, context, gate);
    whens.resize(rules->whens.size());
    order.resize(states.size());
    std::iota(order.begin(), order.end(), size_t{0});
    for (size_t i = 0; i < whens.size(); ++i) conditions.push_back(i);
    costs.resize(states.size());
  }

  const WhenAnswers* When(const RuleState& rule) const {
    return rule.when() ? &whens[*rule.when()] : nullptr;
  }
  void JudgeBatch(const data::Batch& batch, data::RowSet& held_back);
  void KeepSamples(const data::Batch& batch, bool shadows_only);
  void EmitAll(const data::Batch& batch);
  void EmitUnreadableBefore(uint64_t record);
  record::RuleResult ReadableRule();
  record::Scorecard Tally(uint64_t blank);

  const std::shared_ptr<const CompiledRules> rules;
  const policy::Gate gate;
  const RunContext context;
  std::vector<RuleState> states;   // one a rule
  std::vector<WhenAnswers> whens;  // one a distinct `when`, of the batch in hand
  // What a batch cost each rule: the costly ones begin first at the next, so that none is waited for at the
  // end.
  std::vector<int64_t> costs;
  std::vector<size_t> order;
  std::vector<size_t> conditions;
  RuleCrew crew;
  AdapterTally adapter;
  std::vector<record::DimensionScore> adapter_dimensions;
  Samples unreadable_samples;
  std::deque<record::Finding>
      unreadable_findings;  // for the sink, until the records before them have had theirs
  FindingSink* const sink;
  uint64_t readable = 0;
  uint64_t held_back = 0;
  uint64_t unreadable = 0;
};

void Judge::State::JudgeBatch(const data::Batch& batch, data::RowSet& held) {
  const bool alone = batch.rows() < kRowsWorthHelp;
  crew.Run(conditions, alone, [&](size_t i) { whens[i].Evaluate(rules->whens[i], batch); });
  crew.Run(order, alone, [&](size_t i) {
    const auto start = std::chrono::steady_clock::now();
    states[i].Judge(batch, When(states[i]));
    costs[i] = (std::chrono::steady_clock::now() - start).count();
  });
  std::sort(order.begin(), order.end(), [this](size_t a, size_t b) { return costs[a] > costs[b]; });
  for (const RuleState& rule : states) {
    const record::Counts& counts = rule.batch_counts();
    if (!rule.quarantines() || counts.fail + counts.unresolved == 0) continue;
    HoldBack(rule.answers(), held.data());
  }
}

// Findings are made only for the first few of each rule; of shadow rules never more.
void Judge::State::KeepSamples(const data::Batch& batch, bool shadows_only) {
  for (RuleState& rule : states) {
    if (shadows_only && !rule.shadow()) continue;
    const bool wants_fails = rule.batch_counts().fail > 0 && rule.samples().wants(false);
    const bool wants_unresolved = rule.batch_counts().unresolved > 0 && rule.samples().wants(true);
    if (!wants_fails && !wants_unresolved) continue;
    const std::vector<Answer>& answers = rule.answers();
    for (size_t row = 0; row < answers.size(); ++row) {
      if (!HoldsBack(answers[row]) || !rule.samples().wants(answers[row] == Answer::kUnresolved)) continue;
      rule.samples().Add(rule.Explain(batch, row, When(rule)));
    }
  }
}

// Every finding, record by record.
void Judge::State::EmitAll(const data::Batch& batch) {
  std::vector<uint8_t> any(batch.rows(), 0);
  for (const RuleState& rule : states) {
    if (rule.shadow()) continue;
    HoldBack(rule.answers(), any.data());
  }
  auto entry = adapter.entries().begin();
  for (size_t row = 0; row < batch.rows(); ++row) {
    EmitUnreadableBefore(batch.records[row]);
    for (RuleState& rule : states) {
      if (any[row] == 0) break;
      if (rule.shadow() || rule.answers().empty() || !HoldsBack(rule.answers()[row])) continue;
      record::Finding finding = rule.Explain(batch, row, When(rule));
      sink->OnFinding(finding);
      rule.samples().Add(std::move(finding));
    }
    for (; entry != adapter.entries().end() && entry->row == row; ++entry) sink->OnFinding(entry->finding);
  }
}

void Judge::State::EmitUnreadableBefore(uint64_t record) {
  for (; !unreadable_findings.empty() && unreadable_findings.front().record < record;
       unreadable_findings.pop_front())
    sink->OnFinding(unreadable_findings.front());
}

// Listed only when there are unreadable records, with weight 0: a record that takes
// part in no rule must not lift the score of a dimension whose rules fail more
// often than it. It caps the grade and holds records back like any critical rule.
record::RuleResult Judge::State::ReadableRule() {
  record::RuleResult result;
  result.id = "record_readable";
  result.kind = "record_readable";
  result.description = "Each record can be cut into the header's columns";
  result.dimension = record::Dimension::kConformity;
  result.severity = record::Severity::kCritical;
  result.counts.pass = readable;
  result.counts.fail = unreadable;
  result.threshold = "mustBe 0";
  result.samples = unreadable_samples.Take();
  return result;
}

record::Scorecard Judge::State::Tally(uint64_t blank) {
  EmitUnreadableBefore(UINT64_MAX);
  record::Scorecard card;
  card.total = readable + unreadable;
  card.accepted = readable - held_back;
  card.quarantined = held_back;
  card.unreadable = unreadable;
  card.blank = blank;
  for (RuleState& rule : states) {
    card.rules.push_back(rule.Finish(readable));
    const record::RuleResult& result = card.rules.back();
    if (sink != nullptr && !rule.shadow() && result.dataset_rule && !result.samples.empty())
      sink->OnFinding(result.samples.front());
  }
  if (unreadable > 0) card.rules.push_back(ReadableRule());
  for (record::RuleResult& result : adapter.Finish(readable)) card.rules.push_back(std::move(result));
  card.dimensions = std::move(adapter_dimensions);
  return card;
}

Judge::Judge(std::shared_ptr<const CompiledRules> rules, const policy::Gate& gate, RunContext context,
             std::vector<AdapterRule> adapter_rules, FindingSink* sink)
    : state_(std::make_unique<State>(std::move(rules), gate, std::move(context), std::move(adapter_rules),
                                     sink)) {}

Judge::~Judge() = default;

void Judge::Expect(uint64_t records) {
  for (RuleState& rule : state_->states) rule.Expect(records);
}

data::RowSet Judge::Add(const data::Batch& batch, const std::vector<AdapterFinding>& adapter_findings) {
  data::RowSet held(batch.rows());
  if (batch.rows() == 0) {
    state_->EmitUnreadableBefore(UINT64_MAX);
    return held;
  }
  state_->JudgeBatch(batch, held);
  state_->adapter.Add(batch, adapter_findings);
  const std::vector<uint8_t>& by_adapter = state_->adapter.held_back();
  for (size_t row = 0; row < by_adapter.size(); ++row) held.data()[row] |= by_adapter[row];
  state_->KeepSamples(batch, state_->sink != nullptr);
  if (state_->sink != nullptr) state_->EmitAll(batch);
  state_->EmitUnreadableBefore(UINT64_MAX);
  state_->readable += batch.rows();
  state_->held_back += held.count();
  return held;
}

void Judge::AddUnreadable(const std::vector<data::UnreadableRecord>& unreadable) {
  for (const data::UnreadableRecord& record : unreadable) {
    ++state_->unreadable;
    if (state_->sink == nullptr && !state_->unreadable_samples.wants(false)) continue;
    record::Finding finding;
    finding.record = record.record;
    finding.line = record.line;
    finding.rule = "record_readable";
    finding.severity = record::Severity::kCritical;
    finding.values = {{"_raw", record.raw}};
    finding.message = record.reason;
    finding.mend = "correct the line so that it has the header's columns";
    if (state_->sink != nullptr) state_->unreadable_findings.push_back(finding);
    state_->unreadable_samples.Add(std::move(finding));
  }
}

void Judge::AddSkips(size_t rule, uint64_t records) { state_->adapter.AddSkips(rule, records); }

void Judge::AddAdapterDimension(std::string name, double score, std::string basis) {
  record::DimensionScore dimension;
  dimension.dimension = "adapter/" + name;
  // A score that is no number tells nothing good of what was measured.
  dimension.score = std::isnan(score) ? 0 : std::clamp(score, 0.0, 100.0);
  dimension.rules = 1;
  dimension.basis = std::move(basis);
  state_->adapter_dimensions.push_back(std::move(dimension));
}

Outcome Judge::Finish(uint64_t blank) {
  Outcome outcome;
  outcome.scorecard = state_->Tally(blank);
  record::Scorecard& card = outcome.scorecard;
  ScoreCard(card, state_->rules->dimension_weights);
  outcome.decision = Decide(card, state_->gate, state_->context.on_host);
  if (outcome.decision.verdict == record::Verdict::kReject) {
    card.quarantined += card.accepted;
    card.accepted = 0;
  }
  return outcome;
}

Outcome Judge::Unreadable(std::string reason) {
  Outcome outcome;
  outcome.decision.verdict = record::Verdict::kReject;
  outcome.decision.reasons.push_back({"source", std::move(reason)});
  outcome.decision.could_not_evaluate = true;
  return outcome;
}

}  // namespace concordat::quality
