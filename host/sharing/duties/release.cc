// release: the value leaves as it is; a missing token leaves as an empty cell, a marker as itself.
#include "host/sharing/duties/per_cell.h"

namespace concordat::sharing {
namespace {

class Unchanged final : public PerCell<Unchanged> {
 public:
  using PerCell::PerCell;
  void Treat(const Cell& cell, std::string& out) const { out.append(cell.text()); }
  const char* Broken(const Cell& cell, std::string_view out) const {
    return out == cell.text() ? nullptr : "a value was to leave as it is, and did not";
  }
};

absl::StatusOr<std::unique_ptr<FieldTreatment>> Bind(const DutyContext& context) {
  return std::make_unique<Unchanged>(context.field->name);
}

std::string InWords(const policy::DutyTerms&) { return "leaves as it is"; }

}  // namespace

DutyKind ReleaseDuty() {
  return {.name = "release", .in_words = InWords, .keeps_type = true, .misfit = FitsAll, .bind = Bind};
}

}  // namespace concordat::sharing
