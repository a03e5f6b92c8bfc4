// The JSON of a check and of a submission (interfaces.md, "JSON of a check and of a submission").
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "host/base/json.h"
#include "host/data/raw_batch.h"
#include "host/data/schema.h"
#include "host/policy/period.h"
#include "host/record/scorecard.h"

namespace concordat::quality {

/// Everything about a run that is neither scorecard nor decision.
/// Digests are "sha256:..."; empty texts are left out or null.
struct CheckFacts {
  std::string feed;
  std::string partner;
  std::string dataset;
  std::optional<policy::Period> period;
  absl::Time as_of;
  std::string contract_id;
  std::string contract_version;
  std::string contract_digest;
  std::string policy_digest;
  std::string adapter_name;
  std::string adapter_version;
  std::string adapter_digest;
  std::string source_name;
  uint64_t source_bytes = 0;
  std::string source_digest;  // empty: left out (a check without --digest)
  data::SourceFacts source;
  double seconds = 0;
};

/// The document, members in the order of interfaces.md. `schema` may be
/// null when the source was never mapped. Without `show_values` the values
/// of confidential columns are hidden. Deterministic but for `timing`.
json::Object CheckJson(const CheckFacts& facts, const record::Scorecard& card,
                       const record::Decision& decision, const data::Schema* schema, bool show_values);

/// Parts of it, for other documents. A score is floored to one decimal, null when not measured.
json::Value ScoreJson(std::optional<double> score);
json::Array ReasonsJson(const record::Decision& decision);
json::Object RecordsJson(const record::Scorecard& card);
json::Object RuleJson(const record::RuleResult& rule, const data::Schema* schema, bool show_values);

}  // namespace concordat::quality
