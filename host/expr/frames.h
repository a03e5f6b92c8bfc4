// Where computed expressions find their values: a row of a batch, or the attributes of a request.
#pragma once

#include <map>
#include <string>

#include "host/data/batch.h"
#include "host/expr/interpreter.h"

namespace concordat::expr {

/// One row at a time; attributes of requests are errors here. The batch outlives it.
class BatchFrame : public Frame {
 public:
  explicit BatchFrame(const data::Batch& batch) : batch_(batch) {}
  void MoveTo(size_t row) { row_ = row; }

  Result ValueOf(const Term& name) const override;
  absl::StatusOr<bool> Has(const Term& name) const override;

 private:
  const data::Batch& batch_;
  size_t row_ = 0;
};

/// Attributes under their full names, as Program::Evaluate has them; they outlive the frame.
class AttributeFrame : public Frame {
 public:
  explicit AttributeFrame(const std::map<std::string, Value>& attributes) : attributes_(attributes) {}

  Result ValueOf(const Term& name) const override;
  absl::StatusOr<bool> Has(const Term& name) const override;

 private:
  const std::map<std::string, Value>& attributes_;
};

}  // namespace concordat::expr
