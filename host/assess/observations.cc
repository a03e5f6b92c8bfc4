#include "host/assess/observations.h"

#include <algorithm>
#include <map>

#include "host/record/words.h"

namespace concordat::assess {
namespace {

using policy::Measure;

// Contracts and templates may say "validity" for conformity; histories have ODCS's word.
std::string DimensionWord(const Measure& measure) {
  const auto dimension = record::DimensionFrom(measure.dimension);
  return dimension ? std::string(record::DimensionName(*dimension)) : measure.dimension;
}

// A template may name the object of a dataset that has one only ("street_crime/crimes"); histories have the
// short name.
template <typename Entry>
bool OfDataset(const Measure& measure, const Entry& entry) {
  const std::string& wanted = measure.dataset;
  return wanted.empty() || wanted == entry.dataset || wanted.starts_with(entry.dataset + "/");
}

std::optional<double> ScoreOf(const HistoryEntry& entry, const std::string& dimension) {
  if (dimension.empty()) return entry.score;
  for (const auto& [name, score] : entry.dimensions) {
    if (name == dimension) return score;
  }
  return std::nullopt;
}

// What was accepted in the span and stands now.
std::vector<const HistoryEntry*> Standing(const Measure& measure, const History& history, const Span& span) {
  std::vector<const HistoryEntry*> standing;
  for (const HistoryEntry& entry : history.entries) {
    if (entry.accepted && entry.current && OfDataset(measure, entry) && span.Holds(entry.received))
      standing.push_back(&entry);
  }
  return standing;
}

std::vector<Observation> Scores(const Measure& measure, const History& history, const Span& span,
                                const std::string& dimension) {
  std::vector<Observation> scores;
  for (const HistoryEntry* entry : Standing(measure, history, span)) {
    if (const auto score = ScoreOf(*entry, dimension)) scores.push_back({entry->received, *score});
  }
  return scores;
}

std::vector<Observation> FirstTimes(const Measure& measure, const History& history, const Span& span) {
  std::vector<Observation> attempts;
  for (const HistoryEntry& entry : history.entries) {
    if (!entry.first_attempt || !OfDataset(measure, entry) || !span.Holds(entry.received)) continue;
    attempts.push_back({entry.received, entry.clean ? 1.0 : 0.0});
  }
  return attempts;
}

// Late counts as received unless `in_time` is asked for.
std::vector<Observation> Periods(const Measure& measure, const History& history, const Span& span,
                                 bool in_time) {
  std::vector<Observation> periods;
  for (const DuePeriod& period : history.periods) {
    if (!OfDataset(measure, period) || !span.Holds(period.due)) continue;
    const bool counts = period.received && (!in_time || *period.received <= period.due);
    periods.push_back({period.due, counts ? 1.0 : 0.0});
  }
  return periods;
}

std::vector<Observation> CriticalRules(const Measure& measure, const History& history, const Span& span) {
  std::map<std::string, const HistoryEntry*> newest;  // by feed
  for (const HistoryEntry* entry : Standing(measure, history, span)) {
    const HistoryEntry*& kept = newest[entry->feed];
    if (kept == nullptr || entry->received >= kept->received) kept = entry;
  }
  std::vector<Observation> rules;
  for (const auto& [feed, entry] : newest) {
    for (const RuleStanding& rule : entry->rules) {
      if (rule.severity != "critical") continue;
      rules.push_back({entry->received, rule.enforced && rule.status != "not_evaluated" ? 1.0 : 0.0});
    }
  }
  return rules;
}

bool IsOpenBreach(const RuleStanding& rule) {
  return rule.enforced && !rule.accepted && rule.status == "breached" &&
         (rule.severity == "critical" || rule.severity == "error");
}

std::vector<Observation> Unbroken(const Measure& measure, const History& history, const Span& span) {
  std::vector<Observation> submissions;
  for (const HistoryEntry* entry : Standing(measure, history, span)) {
    const bool broken = std::any_of(entry->rules.begin(), entry->rules.end(), IsOpenBreach);
    submissions.push_back({entry->received, broken ? 0.0 : 1.0});
  }
  return submissions;
}

std::vector<Observation> SignedOff(const Measure& measure, const History& history, const Span& span) {
  std::vector<Observation> submissions;
  for (const HistoryEntry* entry : Standing(measure, history, span)) {
    submissions.push_back({entry->received, entry->assurance.empty() ? 0.0 : 1.0});
  }
  return submissions;
}

std::vector<Observation> Protocols(const History& history, const Span& span) {
  std::vector<Observation> protocols;
  for (const UsedProtocol& used : history.protocols) {
    if (span.Holds(used.last_used)) protocols.push_back({used.last_used, used.in_force ? 1.0 : 0.0});
  }
  return protocols;
}

std::vector<Observation> LogLooks(const History& history, const Span& span) {
  if (!history.log || !span.Holds(history.log->time)) return {};
  return {{history.log->time, history.log->verified ? 1.0 : 0.0}};
}

std::vector<Observation> Restores(const History& history, const Span& span) {
  std::vector<Observation> trials;
  for (const RestoreTest& trial : history.restores) {
    if (span.Holds(trial.time)) trials.push_back({trial.time, trial.restored ? 1.0 : 0.0});
  }
  return trials;
}

std::vector<Observation> Tasks(const History& history, const Span& span) {
  std::vector<Observation> tasks;
  for (const DueTask& task : history.tasks) {
    if (!span.Holds(task.due)) continue;
    tasks.push_back({task.due, task.closed && *task.closed <= task.due ? 1.0 : 0.0});
  }
  return tasks;
}

}  // namespace

std::vector<Observation> ObservationsOf(const Measure& measure, const History& history, const Span& span) {
  const std::string& word = measure.measure;
  if (word == "dimension_score") return Scores(measure, history, span, DimensionWord(measure));
  if (word == "dataset_score") return Scores(measure, history, span, "");
  if (word == "first_time_pass_rate") return FirstTimes(measure, history, span);
  if (word == "on_time_rate") return Periods(measure, history, span, true);
  if (word == "periods_received_rate") return Periods(measure, history, span, false);
  if (word == "critical_rules_enforced") return CriticalRules(measure, history, span);
  if (word == "no_open_breach") return Unbroken(measure, history, span);
  if (word == "protocols_in_force") return Protocols(history, span);
  if (word == "audit_verified") return LogLooks(history, span);
  if (word == "restore_tested") return Restores(history, span);
  if (word == "due_items_met") return Tasks(history, span);
  if (word == "signed_off_rate") return SignedOff(measure, history, span);
  return {};
}

}  // namespace concordat::assess
