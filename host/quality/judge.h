// Judges one file: rules over batches -> findings -> scorecard -> decision.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "host/data/batch.h"
#include "host/data/raw_batch.h"
#include "host/data/row_set.h"
#include "host/policy/policy_set.h"
#include "host/record/scorecard.h"

namespace concordat::quality {

/// Keys of another dataset or of a list file, for `in_reference`. Immutable, thread-safe.
struct ReferenceTable {
  /// Of equal length; names as in the dataset or header.
  std::vector<std::shared_ptr<const data::TextColumn>> columns;
};

/// The newest submission in force of the same feed for an earlier period: what history kinds compare with.
struct PreviousSubmission {
  policy::Period period;
  uint64_t records = 0;                   // accepted ones
  std::map<std::string, double> figures;  // by rule id, as its scorecard kept them
};

/// What is known about this run besides the records.
struct RunContext {
  absl::Time as_of;
  policy::Period period;               // id empty: no period was named (a check without --period)
  bool on_host = false;                // false: what only the host can know is not_evaluated, named
  std::optional<absl::Time> received;  // for lateness
  std::optional<absl::Time> due;       // from the feed's schedule; nothing when it has none
  size_t samples = 20;                 // findings kept a rule
  size_t threads = 1;                  // that judge; the answer is the same for any number
  /// "submission S-... for 2012-04" when the same bytes came before for another period.
  std::string repeated_bytes;
  /// Asked only by rules about history; empty where no host stands behind the run.
  std::function<absl::StatusOr<std::optional<PreviousSubmission>>()> previous;
  /// The source's columns, filled in before Judge::Finish; null when there is no source.
  std::shared_ptr<const std::vector<std::string>> columns;
  /// The records of another dataset by name; Unavailable when only the host has them. May be empty.
  std::function<absl::StatusOr<std::shared_ptr<const ReferenceTable>>(const DatasetId&)> dataset;
};

/// The rules of one contract object, ready to run. Immutable,
/// thread-safe, shared by all runs of a policy set.
class CompiledRules;

/// Compiles, reporting every mistake in a rule's `with`, `when`, thresholds.
/// Lint and runs both call this. Returns null when there were errors.
std::shared_ptr<const CompiledRules> CompileRules(const policy::Contract& contract,
                                                  const policy::ContractObject& object,
                                                  const policy::PolicySet& policies, Issues& issues);

/// A rule that an adapter declares in its manifest, or of the host's own mapping.
struct AdapterRule {
  std::string id;
  record::Origin origin = record::Origin::kAdapter;
  std::string description;
  record::Dimension dimension = record::Dimension::kConsistency;
  record::Severity severity = record::Severity::kError;
  std::vector<std::string> columns;
  std::string mend;
  std::string kind = "adapter";
};

/// What an adapter's `validate` said of one record under one of its rules.
struct AdapterFinding {
  enum class Outcome { kFail, kSkip, kUnresolved };
  uint64_t record = 0;
  size_t rule = 0;  // index into the declared rules
  Outcome outcome = Outcome::kFail;
  std::vector<std::pair<std::string, std::string>> values;  // source column -> text
  std::string message;
  std::string mend;
};

/// Receives every finding as it is made, in record order within
/// a batch. Must be quick; called on the judging thread.
class FindingSink {
 public:
  virtual ~FindingSink() = default;
  virtual void OnFinding(const record::Finding& finding) = 0;
};

struct Outcome {
  record::Scorecard scorecard;
  record::Decision decision;
};

/// One run over one file. One thread at a time. Batches must come in record order.
class Judge {
 public:
  /// `sink` may be null and outlives the judge.
  Judge(std::shared_ptr<const CompiledRules> rules, const policy::Gate& gate, RunContext context,
        std::vector<AdapterRule> adapter_rules, FindingSink* sink);
  ~Judge();

  /// About how many records will come; before the first Add. A guess that is wrong costs time alone.
  void Expect(uint64_t records);
  /// Rows that are held back: they fail, or are unresolved
  /// on, a rule whose severity stands in gate.quarantine.
  data::RowSet Add(const data::Batch& batch, const std::vector<AdapterFinding>& adapter_findings);
  /// Records that could not be cut into columns: findings of rule `record_readable`. Before the Add of the
  /// batch they stand in, so that the sink has all findings in the order of the records.
  void AddUnreadable(const std::vector<data::UnreadableRecord>& unreadable);
  /// So many records had nothing that rule `rule` of `adapter_rules` could judge, besides those with a finding.
  void AddSkips(size_t rule, uint64_t records);
  /// An adapter's own dimension: it can only lower the dataset's score.
  void AddAdapterDimension(std::string name, double score, std::string basis);

  /// After the last batch. `blank`: all-empty rows of the source.
  Outcome Finish(uint64_t blank);
  /// When the source is unreadable as a whole: a rejection with that reason, nothing measured.
  Outcome Unreadable(std::string reason);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The score arithmetic alone (interfaces.md, "Scores and the gate"): fills dimensions, score, grade,
/// evaluated share and each rule's status from the counts in `card`. `dimension_weights` default to 1.
void ScoreCard(record::Scorecard& card,
               const std::vector<std::pair<record::Dimension, double>>& dimension_weights);
/// The gate: the decision for a scored card whose `accepted` counts what would be accepted.
record::Decision Decide(const record::Scorecard& card, const policy::Gate& gate, bool on_host);

}  // namespace concordat::quality
