// The scores of one submission, out of its JSON, and whether they are the same measure as those of another.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/base/json.h"
#include "host/record/scorecard.h"
#include "host/store/store.h"

namespace concordat::flows {

/// One rule's part. Plain value.
struct RuleMeasure {
  std::string id;
  std::string dimension;  // ODCS word
  std::string severity;
  std::string status;  // met | warned | breached | not_evaluated
  std::string state;   // draft | shadow | enforced
  std::string asks;    // kind, threshold, weight, columns, description in one text: what it measures
  record::Counts counts;
  bool few = false;  // so few records that the share alone misleads

  /// 0..100, exact; nothing when no record was measured.
  std::optional<double> share() const;
};

struct SubmissionMeasure {
  std::optional<double> score;  // 0..100, floored to one decimal; so are the dimensions
  std::string grade;            // A to D, or empty
  std::vector<std::pair<std::string, std::optional<double>>> dimensions;
  std::vector<RuleMeasure> rules;
  std::string contract_version;
  std::string contract_digest;
  json::Value records;  // {total, accepted, quarantined, ...} or null
  json::Array reasons;  // [{rule, message}]

  const RuleMeasure* FindRule(std::string_view id) const;
};
SubmissionMeasure MeasureOf(const store::Attempt& attempt);

/// Why the scores of two submissions are not the same measure.
struct MeasureChange {
  std::string version_before;
  std::string version_after;
  bool contract = false;                 // its version or its digest
  std::vector<std::string> rules_added;  // ids, like the next two
  std::vector<std::string> rules_removed;
  std::vector<std::string> rules_changed;  // severity, threshold, weight, state, kind, columns or description

  bool any() const {
    return contract || !rules_added.empty() || !rules_removed.empty() || !rules_changed.empty();
  }
  /// "contract 1.0.0 became 1.1.0: rule lsoa_code_format changed; the scores before and after are not the
  /// same measure".
  std::string InWords() const;
};
MeasureChange ChangeBetween(const SubmissionMeasure& before, const SubmissionMeasure& after);

}  // namespace concordat::flows
