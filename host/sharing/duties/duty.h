// What the host does to a field before it leaves. A duty is one file here and one line in the list of
// duties.cc.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "host/base/ids.h"
#include "host/base/status.h"
#include "host/data/batch.h"
#include "host/policy/sharing_protocol.h"
#include "host/sharing/materials.h"

namespace concordat::sharing {

/// A duty bound to one field of one release. Immutable; thread-safe.
class FieldTreatment {
 public:
  virtual ~FieldTreatment() = default;
  /// Appends the cells of `rows` as they leave, one each.
  virtual void Execute(const data::Column& column, const std::vector<uint32_t>& rows,
                       data::TextColumn& out) const = 0;
  /// Judges an outcome by what the duty promises, not by doing it again; Internal names the first cell that
  /// breaks it: then nothing of the release may leave.
  virtual absl::Status Verify(const data::Column& column, const std::vector<uint32_t>& rows,
                              const data::TextColumn& out) const = 0;
};

/// What a duty is bound with; all pointees outlive the treatment.
struct DutyContext {
  ProtocolId protocol;
  const policy::FieldDuty* duty = nullptr;
  const data::Field* field = nullptr;
  const Materials* materials = nullptr;
  absl::Time now;  // ages are as of this
};

/// One kind of duty, under its name in YAML.
struct DutyKind {
  std::string_view name;
  bool needs_key = false;
  /// Follows the field's name: "leaves as it is".
  std::string (*in_words)(const policy::DutyTerms& terms) = nullptr;
  /// The field as it leaves: `release` and `round` keep its type, the others make a text of it.
  bool keeps_type = false;
  /// Why the duty cannot be done to a field of this type; empty when it can.
  std::string (*misfit)(const policy::DutyTerms& terms, const data::Field& field) = nullptr;
  absl::StatusOr<std::unique_ptr<FieldTreatment>> (*bind)(const DutyContext& context) = nullptr;
};

/// Everything that can be done to a field, in the order of the README.
const std::vector<DutyKind>& FieldDuties();
/// Null when there is no such duty.
const DutyKind* FindDuty(std::string_view name);

DutyKind ReleaseDuty();
DutyKind MaskDuty();
DutyKind PseudonymiseDuty();
DutyKind GeneraliseDuty();
DutyKind RoundDuty();
DutyKind RedactDuty();

}  // namespace concordat::sharing
