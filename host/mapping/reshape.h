// The rows and columns of a source as its feed takes them: cells filled down, rows left out, wide tables made
// long.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/base/status.h"
#include "host/data/raw_batch.h"
#include "host/mapping/source_expression.h"
#include "host/policy/feed.h"
#include "host/policy/mapping.h"

namespace concordat::mapping {

/// One source, batches in order, one thread. Record numbers are the source's; of a wide table, record r with
/// w columns (or sets of them) becomes the records (r-1)*w+1 to r*w.
class Reshaper {
 public:
  /// Records replaced (or, without cells, dropped) by their number after reshaping.
  using Mended = std::map<uint64_t, std::optional<std::vector<std::string>>>;

  /// InvalidArgument when the source has not the columns that the feed names.
  static absl::StatusOr<Reshaper> Create(const policy::Feed& feed,
                                         const std::vector<std::string>& source_columns);

  /// For wide tables alone; cells are in the order of `columns`.
  absl::Status Mend(const std::vector<std::string>& columns, const Mended& mended);

  const std::vector<std::string>& columns() const { return columns_; }
  data::RawBatch Apply(data::RawBatch raw);

  /// Records that one record of the source becomes.
  size_t width() const { return pivots_.empty() ? 1 : pivots_.size(); }
  /// Number of the first of them.
  uint64_t FirstOf(uint64_t source_record) const { return (source_record - 1) * width() + 1; }
  /// Source records that `rows` left out.
  uint64_t left_out() const { return left_out_; }
  /// For people: how many rows were left out, and which columns became records.
  std::vector<std::string> Notes() const;

 private:
  // One record of the long table: the texts of the header and where its values stand.
  struct Pivot {
    std::string header;
    std::vector<std::string> parts;  // one a named group
    std::vector<int> sources;        // one a value column; -1: this one has none
  };
  absl::Status PlanUnpivot(const policy::Unpivot& unpivot, const std::vector<std::string>& source_columns);
  absl::Status PlanByPattern(const policy::Unpivot& unpivot, const std::vector<std::string>& source_columns,
                             std::vector<bool>& used);
  void FillDown(data::RawBatch& raw);
  void TakeRows(data::RawBatch& raw);
  data::RawBatch Unpivoted(const data::RawBatch& raw) const;
  data::RawBatch WithMended(const data::RawBatch& raw) const;

  std::vector<std::string> columns_;
  std::vector<size_t> fill_down_;
  std::vector<std::string> last_;  // of each filled column
  std::optional<SourceExpression> rows_;
  std::vector<size_t> row_places_;
  std::vector<size_t> kept_;  // columns of the source that a long record repeats
  bool names_ = false;        // the header's text is a column
  std::vector<std::string> part_names_;
  std::vector<std::string> value_names_;
  std::vector<Pivot> pivots_;
  bool leave_out_empty_ = false;
  Mended mended_;
  uint64_t left_out_ = 0;
  uint64_t undecided_ = 0;
  uint64_t empty_ = 0;
};

}  // namespace concordat::mapping
