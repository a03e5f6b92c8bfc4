// Data contract: a valid ODCS v3.1 document, as far as the host acts on it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/base/ids.h"
#include "host/data/schema.h"
#include "host/policy/period.h"
#include "host/policy/rule_spec.h"

namespace concordat::policy {

/// One object of the contract's schema.
struct ContractObject {
  std::string name;
  std::shared_ptr<const data::Schema> schema;
  std::vector<std::string> primary_key;  // field names in key order
  std::vector<std::string> quasi_identifiers;  // fields tagged quasi-identifier
  std::vector<RuleSpec> rules;           // in written order; native keys of a property before its own rules
};

/// Immutable once loaded.
struct Contract {
  std::string id;
  std::string name;  // the dataset's name
  std::string version;
  std::string status;
  std::string title;    // description.purpose, for people; may be empty
  std::string digest;   // sha256 of the canonical JSON
  std::string schema_digest;  // of `schema` alone, quality rules included: what an agreement rests on
  std::vector<ContractObject> objects;
  std::vector<std::pair<record::Dimension, double>> dimension_weights;  // default 1
  std::optional<Duration>
      retention;     // how long the store keeps a submission; none: until it is erased by hand
  std::string path;  // relative to the policies folder
  Place place;

  const ContractObject* FindObject(std::string_view object) const;
};

/// Judges the document by the standard (structure and meaning) and reads what the host needs. Always returns
/// what it could.
Contract ReadContract(const Node& document, Issues& issues);

/// True when the document is meant as a contract (kind: DataContract, or apiVersion v3.x, or the name
/// *.odcs.yaml).
bool LooksLikeContract(const Node& document, std::string_view path);

}  // namespace concordat::policy
