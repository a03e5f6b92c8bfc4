// Reads one rule's `with` for its kind, reporting every mistake with its place.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/expr/program.h"
#include "host/policy/fields.h"
#include "host/policy/period.h"
#include "host/policy/policy_set.h"
#include "host/policy/rule_spec.h"
#include "host/quality/rule.h"

namespace concordat::quality {

/// List files that were read so far, by path; a null table: it could not be read, which was reported then.
using ListCache = std::map<std::string, std::shared_ptr<const ReferenceTable>>;

/// Lives while one rule is compiled; everything it was made from outlives it.
class RuleReader {
 public:
  RuleReader(const policy::RuleSpec& spec, const data::Schema& schema, const policy::PolicySet& policies,
             ListCache& lists, Issues& issues);

  const policy::RuleSpec& spec() const { return spec_; }
  const data::Schema& schema() const { return schema_; }
  const policy::PolicySet& policies() const { return policies_; }
  policy::Fields& with() { return with_; }
  Issues& issues() { return issues_; }

  /// The field named by `key`; left out, the property on
  /// which the rule stands. Nothing after a reported mistake.
  std::optional<size_t> Field(std::string_view key = "field");
  /// A field that must be named under `key`.
  std::optional<size_t> NamedField(std::string_view key);
  /// `fields`, or `field`, or the property on which the rule stands. Empty after a reported mistake.
  std::vector<size_t> FieldList(size_t at_least, std::string_view key = "fields");
  /// A rule within this one, written {rule, with}; it judges records. Null after a reported mistake.
  std::unique_ptr<const Rule> Part(const policy::Node& entry);
  /// The table of the list file under `key`; null when the key is absent or after a reported mistake.
  std::shared_ptr<const ReferenceTable> List(std::string_view key = "file");
  std::optional<policy::Duration> Duration(std::string_view key);
  /// What `onMissing` and `onUnparseable` say, else the kind's own way.
  Answer OnMissing() const;
  Answer OnUnparseable(Answer otherwise) const;
  /// For kinds that judge presence alone: says that the two have no effect.
  void WarnHandlingIgnored();
  /// A mistake about the rule as a whole.
  void Error(std::string code, std::string message, std::string hint = "");

  /// Field names that were read, in the order of reading, each once.
  const std::vector<std::string>& columns() const { return columns_; }
  void UseColumn(size_t field);
  /// After the kind has read what it knows: reports the other keys.
  void Finish() { with_.Finish(); }

 private:
  std::optional<size_t> Find(const std::string& name, const Place& place);

  const policy::RuleSpec& spec_;
  const data::Schema& schema_;
  const policy::PolicySet& policies_;
  ListCache& lists_;
  Issues& issues_;
  policy::Fields with_;
  std::vector<std::string> columns_;
};

/// Reports the mistakes of an expression that stands in the YAML scalar at `place`.
void ReportExpression(const std::vector<expr::ExprIssue>& mistakes, const Place& place, Issues& issues);

/// A field as messages name it, with its value: `month "2024-13"`.
std::string FieldShown(const data::Batch& batch, size_t field, size_t row);

}  // namespace concordat::quality
