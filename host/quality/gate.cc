// The decision drawn from a scorecard: interfaces.md, "Scores and the gate", in its order.
#include <algorithm>

#include "fmt/format.h"
#include "host/quality/judge.h"

namespace concordat::quality {
namespace {

using record::Decision;
using record::RuleResult;
using record::RuleStatus;
using record::Scorecard;
using record::Severity;
using record::Verdict;

// Scores and shares come from divisions: a difference this small is noise of binary fractions.
constexpr double kNoise = 1e-9;

std::string Percent(double share) { return fmt::format("{:.4g}%", share * 100); }
std::string Records(uint64_t count) { return count == 1 ? "1 record" : fmt::format("{} records", count); }

void RejectUnreadable(const Scorecard& card, const policy::Gate& gate, Decision& decision) {
  if (card.total == 0) return;
  const double share = static_cast<double>(card.unreadable) / static_cast<double>(card.total);
  if (share <= gate.reject_unreadable + kNoise) return;
  decision.reasons.push_back(
      {"record_readable",
       fmt::format("{} of {} records ({}) cannot be read; the gate allows {}", card.unreadable, card.total,
                   Percent(share), Percent(gate.reject_unreadable))});
}

void RejectByRules(const Scorecard& card, bool on_host, Decision& decision) {
  const auto add = [&decision](const RuleResult& rule, std::string message) {
    decision.reasons.push_back({rule.id, std::move(message)});
  };
  for (const RuleResult& rule : card.rules) {
    if (!rule.enforced || !rule.dataset_rule || rule.severity != Severity::kCritical ||
        rule.status != RuleStatus::kBreached)
      continue;
    add(rule, rule.samples.empty() ? "the dataset as a whole breaks this critical rule"
                                   : rule.samples.front().message);
  }
  for (const RuleResult& rule : card.rules) {
    const bool critical = rule.enforced && rule.severity == Severity::kCritical;
    if (!on_host || !critical || rule.status != RuleStatus::kNotEvaluated || rule.counts.error > 0) continue;
    add(rule, fmt::format("this critical rule could not be evaluated: {}",
                          rule.note.empty() ? "no record has a value that it judges" : rule.note));
  }
  for (const RuleResult& rule : card.rules) {
    if (!rule.enforced || rule.counts.error == 0) continue;
    add(rule,
        rule.note.empty() ? "the rule could not run" : fmt::format("the rule could not run: {}", rule.note));
    decision.could_not_evaluate = true;
  }
}

void RejectByScore(const Scorecard& card, const policy::Gate& gate, Decision& decision) {
  const auto add = [&decision](std::string message) {
    decision.reasons.push_back({"gate", std::move(message)});
  };
  if (card.total == 0) return add("there is no record");
  if (!card.score) {
    add("there is no score: no rule with a weight could be measured");
  } else if (*card.score + kNoise < gate.reject_score) {
    add(fmt::format("the score is {:.1f}; the gate asks for {:.10g}", record::ShownScore(*card.score),
                    gate.reject_score));
  }
  if (card.evaluated_share + kNoise < gate.reject_evaluated_share) {
    add(fmt::format("only {} of what the rules should judge could be judged; the gate asks for {}",
                    Percent(card.evaluated_share), Percent(gate.reject_evaluated_share)));
  }
  if (card.accepted == 0) add("no record would be accepted");
}

bool Quarantines(const policy::Gate& gate, Severity severity) {
  return std::find(gate.quarantine.begin(), gate.quarantine.end(), severity) != gate.quarantine.end();
}

void NameHeldBack(const Scorecard& card, const policy::Gate& gate, Decision& decision) {
  for (const RuleResult& rule : card.rules) {
    if (!rule.enforced || rule.dataset_rule ||
        (!Quarantines(gate, rule.severity) && rule.id != "record_readable"))
      continue;
    if (rule.counts.fail > 0)
      decision.reasons.push_back({rule.id, fmt::format("{} held back", Records(rule.counts.fail))});
    if (rule.counts.unresolved > 0) {
      decision.reasons.push_back(
          {rule.id, fmt::format("{} held back: it cannot be told whether the rule holds",
                                Records(rule.counts.unresolved))});
    }
  }
}

}  // namespace

Decision Decide(const Scorecard& card, const policy::Gate& gate, bool on_host) {
  Decision decision;
  RejectUnreadable(card, gate, decision);
  RejectByRules(card, on_host, decision);
  RejectByScore(card, gate, decision);
  if (!decision.reasons.empty()) {
    decision.verdict = Verdict::kReject;
  } else if (card.quarantined + card.unreadable > 0) {
    decision.verdict = Verdict::kAcceptWithQuarantine;
    NameHeldBack(card, gate, decision);
  } else {
    decision.verdict = Verdict::kAccept;
  }
  return decision;
}

}  // namespace concordat::quality
