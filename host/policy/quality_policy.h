// Kind QualityPolicy: what the partners hold each other to, clause by clause; the "why" behind every rule.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/ids.h"
#include "host/policy/fields.h"
#include "host/policy/rule_spec.h"
#include "host/record/words.h"

namespace concordat::policy {

/// One clause. A rule cites it by name, or is covered by its kind or dimension.
struct QualityClause {
  std::string id;  // "DQP-4.2"
  std::string title;
  std::string text;
  std::vector<std::string> characteristics;   // of the policy's list
  std::vector<std::string> kinds;             // rule kinds that it stands behind unless they cite another
  std::vector<record::Dimension> dimensions;  // the same for dimensions, where no clause covers the kind
  Place place;
};

/// The partnership's data-quality policy: one document, quality-policy.yaml. Signed by its parties as
/// protocols are; its rules stand in contracts and hold whether it is signed or not.
struct QualityPolicy {
  std::string id;
  std::string version;
  std::string title;
  std::string statement;  // what it is for, in a paragraph
  std::string owner_post;
  PartnerId owner_partner;
  int64_t review = 0;  // days since 1970-01-01: the last day before it is overdue
  std::vector<PartnerId> parties;
  std::vector<std::string> characteristics;  // of good data, in this policy's words
  std::vector<QualityClause> clauses;
  std::string digest;  // sha256 of the canonical JSON: what is signed
  std::string path;
  Place place;

  const QualityClause* FindClause(std::string_view id) const;
  /// The clause behind a rule: the one that it cites, else the one that covers its kind, else its dimension.
  /// Null when there is none, or it cites one that does not exist.
  const QualityClause* Behind(std::string_view cited, std::string_view kind,
                              record::Dimension dimension) const;
};

/// Reports every mistake of the document; whether its partners exist is the cross-check's.
QualityPolicy ReadQualityPolicy(const Node& document, Issues& issues);

}  // namespace concordat::policy
