// One quality rule as its contract states it, native ODCS keys and our own alike; quality/ compiles it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "host/policy/node.h"
#include "host/record/words.h"

namespace concordat::policy {

/// What a rule does with a missing or an unparseable value. kDefault: as the kind says.
enum class Handling { kDefault, kSkip, kFail, kUnresolved };

/// ODCS comparison of a library metric, e.g. mustBeLessThan 5 percent. Without one: no failing record.
struct Threshold {
  std::string op;  // mustBe, mustNotBe, mustBeGreaterThan, mustBeGreaterOrEqualTo, mustBeLessThan,
                   // mustBeLessOrEqualTo, mustBeBetween, mustNotBeBetween
  double value = 0;
  double upper = 0;  // the second bound of the two "between"
  bool percent =
      false;  // unit: percent (of pass + fail), else a number of records (groups for duplicateValues)
  bool of_groups = false;  // compare the rule's `groups`
};

/// What a rule may bear: a share of pass + fail (0..1), or a number of records. Broken when exceeded.
struct Allowance {
  double value = 0;
  bool records = false;
};
struct Tolerance {
  std::optional<Allowance> warn;
  std::optional<Allowance> breach;
};

/// Drafted, tried in the shadow, enforced from a day on and until another (both inclusive, UTC).
/// An enforced rule outside its days runs as a shadow, so that its effect is seen before it counts.
struct RuleLifetime {
  record::RuleLife state = record::RuleLife::kEnforced;
  std::optional<absl::CivilDay> effective;
  std::optional<absl::CivilDay> until;

  record::RuleLife On(absl::CivilDay day) const;
};

/// Everything that is written about a rule. `with` is read by the rule kind itself, which reports its
/// mistakes. Native ODCS keys come in the same shapes as interfaces.md's table, with these besides:
///   type      {field}                     a value that does not parse as its field's type
///   pattern   {field, pattern}            searches, where `regex` matches the whole value
///   required  {field, missing: [...]}     missingValues: these texts count as missing too, for this rule
///   alone unique    {fields: [...]}             duplicateValues: threshold of_groups in_reference {fields:
///   [...], dataset: name/object, key: [...]}   relationships, `key` in the order of `fields` row_count {}
///   rowCount: the threshold is compared with the number of records
struct RuleSpec {
  std::string id;
  std::string kind;    // a kind of interfaces.md's table, or "type"
  Place kind_place;    // where the author wrote it; none for native keys
  Node with;           // map; for native keys made by the contract reader
  std::string object;  // the schema object it belongs to
  std::string field;   // the property it stands on; empty for a rule of the object
  std::string description;
  record::Dimension dimension = record::Dimension::kConformity;
  record::Severity severity = record::Severity::kError;
  double weight = 0;
  std::string when;  // CEL; empty: always
  Place when_place;
  Handling on_missing = Handling::kDefault;
  Handling on_unparseable = Handling::kDefault;
  Tolerance tolerance;
  RuleLifetime lifetime;
  std::optional<Threshold> threshold;
  std::string clause;         // customProperties clause: "DQP-4.2" of the quality policy
  Place clause_place;
  std::string mend;           // customProperties mend: how to mend, in the author's words
  bool native = false;        // from an ODCS key, not from `engine: concordat`
  std::string not_evaluated;  // why the host cannot run it (type: sql, text, another engine); empty otherwise
  Place place;
};

}  // namespace concordat::policy
