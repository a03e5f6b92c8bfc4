// The findings of one attempt, compactly: what is the same for thousands of them stands once, in
// _finding_kinds.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "host/base/status.h"
#include "host/record/finding.h"
#include "host/store/sqlite/attempt_seal.h"
#include "host/store/sqlite/connection.h"
#include "host/store/sqlite/text_list.h"

namespace concordat::store {

/// Appends findings to a file being staged, making the tables at the first one. Bounded memory. One thread at
/// a time.
class FindingWriter {
 public:
  /// `seal` may be null; both outlive it.
  FindingWriter(Connection& file, const AttemptSeal* seal);
  /// In any order; ResourceExhausted after a million findings on one record.
  absl::Status Append(const record::Finding& finding);

 private:
  struct Kind {
    int64_t id = 0;
    std::string mend;
  };

  absl::Status CreateTables();
  absl::StatusOr<const Kind*> KindOf(const record::Finding& finding);  // until the next call
  absl::StatusOr<int64_t> PlaceFor(uint64_t record);
  absl::StatusOr<int64_t> LastPlaceUpTo(uint64_t record);

  absl::Status InsertSealed(const record::Finding& finding, int64_t place, int64_t kind);

  Connection& file_;
  std::optional<TableSeal> seal_;
  bool created_ = false;
  absl::flat_hash_map<std::string, Kind> kinds_;
  int64_t newest_kind_ = 0;
  int64_t last_place_ = -1;  // the greatest so far
  std::string key_;          // scratch
  TextList values_;          // scratch
};

/// Findings of a rule (empty: of all) in record order, those of one record in the order in which they were
/// appended.
absl::Status VisitFindingsIn(Connection& file, const AttemptSeal* seal, std::string_view rule,
                             const std::function<absl::Status(const record::Finding&)>& visit);

}  // namespace concordat::store
