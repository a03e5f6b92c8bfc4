// CEL over the texts of the source's own columns: source["Column name"].
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/base/status.h"
#include "host/data/raw_batch.h"
#include "host/expr/program.h"

namespace concordat::mapping {

/// Immutable; compiled without knowing the source. Every column is a text, an empty cell an empty text.
class SourceExpression {
 public:
  struct Result;
  /// `condition`: it must come to true or false. Offsets of issues are those of `text`.
  static Result Compile(const std::string& text, bool condition);

  /// The columns it names.
  const std::vector<std::string>& columns() const { return columns_; }
  /// InvalidArgument naming the first column that the source has not, with a suggestion; else their places.
  absl::StatusOr<std::vector<size_t>> Places(const std::vector<std::string>& source_columns) const;

  /// One answer a row.
  void Judge(const data::RawBatch& raw, const std::vector<size_t>& places,
             std::vector<expr::Truth>& out) const;
  /// Texts, one a row; where it cannot be computed the text is empty and `errors` has row and cause.
  void Compute(const data::RawBatch& raw, const std::vector<size_t>& places, data::TextColumn& out,
               std::vector<std::pair<size_t, std::string>>& errors) const;

 private:
  data::Batch BatchOf(const data::RawBatch& raw, const std::vector<size_t>& places) const;

  std::vector<std::string> columns_;
  std::shared_ptr<data::Schema> schema_;  // a text field a column
  expr::Program program_;
};

struct SourceExpression::Result {
  std::vector<expr::ExprIssue> issues;  // empty: `expression` is good
  SourceExpression expression;
};

}  // namespace concordat::mapping
