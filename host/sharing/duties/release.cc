// release: the value leaves as it is; a missing token leaves as an empty cell, a marker as itself.
#include "fmt/format.h"
#include "host/sharing/duties/duty.h"

namespace concordat::sharing {
namespace {

class Unchanged final : public CellDuty {
 public:
  explicit Unchanged(std::string field) : field_(std::move(field)) {}

  std::string Execute(std::string_view text, data::CellState state) const override {
    return state == data::CellState::kMissing ? "" : std::string(text);
  }

  absl::Status Verify(std::string_view text, data::CellState state, std::string_view output) const override {
    const std::string_view expected = state == data::CellState::kMissing ? "" : text;
    if (output == expected) return absl::OkStatus();
    return absl::InternalError(fmt::format("field {}: a value was to leave as it is, and did not", field_));
  }

 private:
  const std::string field_;
};

absl::StatusOr<std::unique_ptr<CellDuty>> Bind(const DutyContext& context) {
  return std::make_unique<Unchanged>(context.field);
}

}  // namespace

DutyKind ReleaseDuty() { return {"release", /*needs_key=*/false, "leaves as it is", Bind}; }

}  // namespace concordat::sharing
