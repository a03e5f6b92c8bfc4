// From an adapter's columns to the contract's fields: names, forms, codes, missing tokens.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "host/data/batch.h"
#include "host/data/raw_batch.h"
#include "host/mapping/code_table.h"
#include "host/policy/contract.h"
#include "host/policy/feed.h"
#include "host/policy/mapping.h"

namespace concordat::mapping {

/// A field for which the source has no column.
struct Absence {
  std::string field;
  std::vector<std::string> wanted;  // names the column may have
  std::string near;                 // a column of the source that looks like it; may be empty
};

/// How the source's columns were matched with the contract's fields.
struct Matching {
  std::vector<int> source_of_field;          // index into the source's columns, -1: the source has none
  std::vector<std::string> ignored_columns;  // of the source
  std::vector<std::string> absent_fields;    // of the contract
  std::vector<Absence> absences;             // the same, with what would serve
  std::vector<std::string> hints;            // "column \"Transation number\" is not known: did you mean ..."
};

/// What a mapping may ask for besides the source's cells.
struct MappingContext {
  std::map<std::string, std::string> facts;  // by the names of policy::MappingFacts()
  CodeLookup lookup;                         // for codes in list files and datasets
};

/// The rule under which cells of a text field are reported that could not be mapped: <field>_mapping. Fields
/// of other types have their <field>_type.
struct MappingRule {
  std::string id;
  std::string field;
  std::string description;
  std::string mend;
};
std::vector<MappingRule> MappingRules(const policy::Feed& feed, const data::Schema& schema);

/// A text cell that could not be mapped.
struct CellFailure {
  size_t rule = 0;  // index into MappingRules
  size_t row = 0;   // of the batch
  std::string column;
  std::string value;  // as the source has it
  std::string message;
  std::string mend;
};

/// Turns raw batches of one source into contract batches. Made once the source's columns are known. One
/// thread at a time.
class Mapper {
 public:
  /// InvalidArgument when the mapping cannot work for any record (two columns for one field, a pattern that
  /// does not compile); Unavailable when its codes are not to be had here. A column that is absent makes its
  /// field missing in every record; `required` rules then tell.
  static absl::StatusOr<Mapper> Create(const policy::Feed& feed, std::shared_ptr<const data::Schema> schema,
                                       const std::vector<std::string>& source_columns,
                                       const MappingContext& context = {});

  /// Text is shared with `raw` where the mapping leaves it as it is; what it cannot map is handed through
  /// unchanged and comes out as kUnparseable.
  data::Batch Map(const data::RawBatch& raw);

  /// Of the batch mapped last: texts that could not be mapped, by row; and how many cells of each rule's
  /// field held nothing to map.
  const std::vector<CellFailure>& failures() const { return failures_; }
  const std::vector<uint64_t>& skipped() const { return skipped_; }

  const Matching& matching() const { return matching_; }

 private:
  struct Plan;
  static absl::StatusOr<std::shared_ptr<Plan>> MakePlan(const policy::Feed& feed, const data::Field& field,
                                                        int source,
                                                        const std::vector<std::string>& source_columns,
                                                        const MappingContext& context);
  void Report(const Plan& plan, const data::RawBatch& raw, const data::Column& column);

  std::shared_ptr<const data::Schema> schema_;
  std::vector<std::shared_ptr<Plan>> plans_;  // one a field
  Matching matching_;
  std::vector<CellFailure> failures_;
  std::vector<uint64_t> skipped_;
};

}  // namespace concordat::mapping
