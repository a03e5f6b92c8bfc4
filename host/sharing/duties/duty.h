// What the host does to a field before it leaves. A duty is one file here and one line in the list of
// duties.cc.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/ids.h"
#include "host/base/status.h"
#include "host/data/batch.h"
#include "host/sharing/release.h"

namespace concordat::sharing {

/// A duty bound to one field of one release. Immutable.
class CellDuty {
 public:
  virtual ~CellDuty() = default;
  /// The cell as it leaves.
  virtual std::string Execute(std::string_view text, data::CellState state) const = 0;
  /// Judges an outcome by what the duty promises, not by doing it again. Not OK: nothing of the release may
  /// leave.
  virtual absl::Status Verify(std::string_view text, data::CellState state,
                              std::string_view output) const = 0;
};

/// What a duty is bound with.
struct DutyContext {
  ProtocolId protocol;
  std::string field;
  const PseudonymKey* key = nullptr;  // null: the host has none
};

/// One kind of duty, under its name in YAML.
struct DutyKind {
  std::string_view name;
  bool needs_key = false;
  std::string_view in_words;  // follows the field's name: "leaves as it is"
  absl::StatusOr<std::unique_ptr<CellDuty>> (*bind)(const DutyContext& context) = nullptr;
};

/// Everything that can be done to a field, in the order of the README.
const std::vector<DutyKind>& FieldDuties();
/// Null when there is no such duty.
const DutyKind* FindDuty(std::string_view name);

DutyKind ReleaseDuty();
DutyKind PseudonymiseDuty();

}  // namespace concordat::sharing
