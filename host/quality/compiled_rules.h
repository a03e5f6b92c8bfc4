// The rules of one contract object, compiled.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/expr/program.h"
#include "host/policy/contract.h"
#include "host/quality/rule.h"

namespace concordat::quality {

struct CompiledRule {
  policy::RuleSpec spec;
  std::vector<std::string> columns;  // fields it reads
  std::unique_ptr<const Rule> rule;  // null: listed but not run (spec.not_evaluated says why)
  std::optional<size_t> when;        // index into CompiledRules::whens
};

class CompiledRules {
 public:
  std::shared_ptr<const data::Schema> schema;
  std::vector<CompiledRule> rules;
  std::vector<expr::Program> whens;  // each distinct text once
  std::vector<std::pair<record::Dimension, double>> dimension_weights;
};

}  // namespace concordat::quality
