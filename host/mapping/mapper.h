// From an adapter's columns to the contract's fields: names, date and number formats, missing tokens.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/data/batch.h"
#include "host/data/raw_batch.h"
#include "host/policy/contract.h"
#include "host/policy/feed.h"

namespace concordat::mapping {

/// How the source's columns were matched with the contract's fields.
struct Matching {
  std::vector<int> source_of_field;         // index into the source's columns, -1: the source has none
  std::vector<std::string> ignored_columns; // of the source
  std::vector<std::string> absent_fields;   // of the contract
  std::vector<std::string> hints;           // "column \"Transation number\" is not known: did you mean ..."
};

/// Turns raw batches of one source into contract batches. Made once the source's columns are known. Thread-safe after Create.
class Mapper {
 public:
  /// InvalidArgument when the mapping cannot work for any record (two columns for one field, a pattern that does not
  /// compile). A column that is absent makes its field missing in every record; `required` rules then tell.
  static absl::StatusOr<Mapper> Create(const policy::Feed& feed, std::shared_ptr<const data::Schema> schema,
                                       const std::vector<std::string>& source_columns);

  /// Text is shared with `raw` where the mapping leaves it as it is; what a `parse` or `numbers` cannot read is
  /// handed through unchanged and comes out as kUnparseable.
  data::Batch Map(const data::RawBatch& raw) const;

  const Matching& matching() const { return matching_; }

 private:
  struct Plan;
  static absl::StatusOr<Plan> MakePlan(const policy::Feed& feed, const data::Field& field, int source);

  std::shared_ptr<const data::Schema> schema_;
  std::shared_ptr<const std::vector<Plan>> plans_;  // one a field
  Matching matching_;
};

}  // namespace concordat::mapping
