// Findings turned into numbers per rule, dimension and dataset, and the decision drawn from them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/record/finding.h"
#include "host/record/words.h"

namespace concordat::record {

/// The five counts of a rule: of records, or of datasets (one) for a dataset rule. Add up over parts.
struct Counts {
  uint64_t pass = 0;
  uint64_t fail = 0;
  uint64_t skip = 0;        // not applicable: missing, a marker, `when` is false
  uint64_t unresolved = 0;  // applicable but cannot be told for this record
  uint64_t error = 0;       // the rule itself could not run

  uint64_t measured() const { return pass + fail; }
  uint64_t total() const { return pass + fail + skip + unresolved + error; }
  Counts& operator+=(const Counts& other);
  friend bool operator==(const Counts&, const Counts&) = default;
};

enum class RuleStatus { kMet, kWarned, kBreached, kNotEvaluated };
enum class Origin { kHost, kAdapter };
std::string_view RuleStatusName(RuleStatus status);
std::string_view OriginName(Origin origin);

/// One rule's part of a scorecard.
struct RuleResult {
  std::string id;
  Origin origin = Origin::kHost;
  std::string kind;
  std::string description;
  Dimension dimension = Dimension::kConformity;
  Severity severity = Severity::kError;
  double weight = 0;
  RuleStatus status = RuleStatus::kNotEvaluated;
  bool dataset_rule = false;
  std::vector<std::string> columns;
  Counts counts;
  std::optional<uint64_t> groups;       // uniqueness: keys that occur more than once
  std::optional<uint64_t> occurrences;  // uniqueness: records that carry such a key
  std::optional<double> figure;         // what a dataset rule measured: a mean, a number of values
  std::string threshold;                // "mustBe 0"
  std::optional<bool>
      threshold_broken;      // its own threshold, when it has one; nothing: broken by any failing record
  bool warn_broken = false;  // its warn threshold
  bool enforced = true;      // false: outside score and gate (a draft, a shadow, nothing the host runs)
  RuleLife life = RuleLife::kEnforced;  // on the day of the judgement
  std::string note;                     // why it is not evaluated, or what the error was
  std::string mend;
  std::vector<Finding> samples;  // the first few, in record order
};

/// A dimension's score: 0 to 100, exact; nothing when none of its rules was measured.
struct DimensionScore {
  std::string dimension;  // a word of words.h, or "adapter/<name>"
  std::optional<double> score;
  uint64_t rules = 0;  // measured ones
  std::string basis;   // for an adapter's own dimension: what it was measured on
};

enum class Grade { kA, kB, kC, kD };
char GradeLetter(Grade grade);

/// What was counted and how good it is. Same input, same scorecard, whatever the batch size.
struct Scorecard {
  uint64_t total = 0;
  uint64_t accepted = 0;
  uint64_t quarantined = 0;
  uint64_t unreadable = 0;
  uint64_t blank = 0;
  std::optional<double> score;  // 0..100, exact
  std::optional<Grade> grade;   // nothing when there is no score
  double evaluated_share = 0;   // 0..1
  std::vector<DimensionScore> dimensions;
  std::vector<RuleResult> rules;
};

enum class Verdict { kAccept, kAcceptWithQuarantine, kReject };
std::string_view VerdictName(Verdict verdict);  // "accept_with_quarantine"

/// Why: which rule (or "gate", "record_readable", "source"), in a sentence.
struct Reason {
  std::string rule;
  std::string message;
};

/// Accept, accept with quarantine, or reject, with its reasons. `could_not_evaluate`: exit code 2 of a check.
struct Decision {
  Verdict verdict = Verdict::kReject;
  std::vector<Reason> reasons;
  bool could_not_evaluate = false;
};

/// Wilson's score interval for the share of passing records, 95% (E. B. Wilson, JASA 22, 1927): what few
/// records can tell. 0..1; nothing when none was measured.
struct Interval {
  double low = 0;
  double high = 1;
};
std::optional<Interval> PassInterval(const Counts& counts);
/// Below so many measured records a bare share misleads: the interval is shown beside it.
inline constexpr uint64_t kFewRecords = 30;

/// Floored to one decimal, as scores are shown; absorbs the last-digit noise of binary fractions first.
double ShownScore(double exact);

}  // namespace concordat::record
