// What a rule kind implements: a rule compiled once (immutable) and its run over one file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "host/base/status.h"
#include "host/data/batch.h"
#include "host/quality/judge.h"
#include "host/record/scorecard.h"

namespace concordat::quality {

/// What a rule came to for one record. The low bit says "holds the
/// record back" when the gate quarantines the rule's severity.
enum class Answer : uint8_t { kPass = 0, kFail = 1, kSkip = 2, kUnresolved = 3 };

/// Fails or is unresolved.
inline bool HoldsBack(Answer answer) { return (static_cast<uint8_t>(answer) & 1) != 0; }

/// What is wrong, with the value, and how to mend it: one clause each, no full stop, for a steward.
struct Explanation {
  std::string message;
  std::string mend;
};

/// A rule about records over one file. One thread; batches in record order.
class RecordRun {
 public:
  virtual ~RecordRun() = default;
  /// One answer a record. `applies` has a byte a record, 0 where `when` does not hold (null: it holds for
  /// all): such records must leave no trace in the run, and what is written for them is overwritten.
  virtual void Judge(const data::Batch& batch, const uint8_t* applies, std::span<Answer> answers) = 0;
  /// Before the first batch, when it can be told: about how many records will come.
  virtual void Expect(uint64_t records) { (void)records; }
  /// Why a record of the batch judged last fails or is unresolved.
  virtual Explanation Explain(const data::Batch& batch, size_t row, Answer answer) = 0;
  /// Adds what only this kind knows (groups, occurrences).
  virtual void Report(record::RuleResult& result) const { (void)result; }
};

/// A rule about the dataset as a whole over one file.
class DatasetRun {
 public:
  struct Result {
    Answer answer = Answer::kSkip;
    Explanation why;                                          // unless it passes
    std::vector<std::pair<std::string, std::string>> values;  // contract field -> text, as `why` shows them
    std::optional<double> figure = std::nullopt;              // what was measured, for the next submission
  };
  virtual ~DatasetRun() = default;
  virtual void Add(const data::Batch& batch, const uint8_t* applies) = 0;
  virtual Result Finish() = 0;
};

using RuleRun = std::variant<std::unique_ptr<RecordRun>, std::unique_ptr<DatasetRun>>;

/// A rule with its `with` read. Immutable, thread-safe; outlives its runs.
class Rule {
 public:
  virtual ~Rule() = default;
  /// Unavailable: cannot be told here (the rule is not_evaluated,
  /// for this reason); any other error: the rule could not run.
  virtual absl::StatusOr<RuleRun> Start(const RunContext& context) const = 0;
  virtual bool about_dataset() const { return false; }
};

/// A rule that judges each record by itself and remembers nothing.
class PlainRule : public Rule {
 public:
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override;
  virtual void Judge(const data::Batch& batch, std::span<Answer> answers) const = 0;
  virtual Explanation Explain(const data::Batch& batch, size_t row, Answer answer) const = 0;
};

/// A value as messages show it: in quotes, control characters as blanks, cut after 60 characters.
std::string Shown(std::string_view value);
/// "remove the blank at its end" and the like when the text begins or ends with one; "" otherwise.
std::string BlankHint(std::string_view text);
/// The text without blanks at its ends.
std::string_view Trimmed(std::string_view text);

}  // namespace concordat::quality
