// pseudonymise: a value leaves as HMAC-SHA-256 under the protocol's own key over protocol id, field and
// value. Equal values of a field get equal pseudonyms within a protocol and unlinkable ones across protocols
// and fields.
#include <algorithm>

#include "fmt/format.h"
#include "host/base/digest.h"
#include "host/base/encoding.h"
#include "host/sharing/duties/duty.h"

namespace concordat::sharing {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kPseudonymDigits = 64;

// Lower-case hexadecimal and not base64url: the latter may begin with "-", which spreadsheets read as a
// formula.
bool IsPseudonym(std::string_view text) {
  return text.size() == kPseudonymDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

class Pseudonymise final : public CellDuty {
 public:
  // The two NUL bytes keep protocol, field and value apart: neither name can contain one.
  explicit Pseudonymise(const DutyContext& context)
      : field_(context.field),
        key_(context.key->bytes),
        prefix_(context.protocol.str() + '\0' + context.field + '\0') {}

  // A missing value stays missing: a pseudonym of nothing would link records that have nothing in common. A
  // marker says why there is no value, so it stays as well.
  std::string Execute(std::string_view text, data::CellState state) const override {
    if (state == data::CellState::kMissing) return "";
    if (state == data::CellState::kMarker) return std::string(text);
    return HexEncode(HmacSha256(key_, prefix_ + std::string(text)));
  }

  absl::Status Verify(std::string_view text, data::CellState state, std::string_view output) const override {
    switch (state) {
      case data::CellState::kMissing:
        return output.empty() ? absl::OkStatus() : Violated("a missing value left as something");
      case data::CellState::kMarker:
        return output == text ? absl::OkStatus() : Violated("a marker left changed");
      default:
        break;
    }
    if (output == text) return Violated("a value left as it is");
    return IsPseudonym(output) ? absl::OkStatus() : Violated("a value left in another form than a pseudonym");
  }

 private:
  absl::Status Violated(std::string_view what) const {
    return absl::InternalError(fmt::format("field {} was to be pseudonymised: {}", field_, what));
  }

  const std::string field_;
  const std::string key_;
  const std::string prefix_;
};

absl::StatusOr<std::unique_ptr<CellDuty>> Bind(const DutyContext& context) {
  if (context.key == nullptr || context.key->bytes.size() != kKeyBytes) {
    return absl::FailedPreconditionError(
        fmt::format("field {} cannot be pseudonymised: the key of protocol {} is not there", context.field,
                    context.protocol.str()));
  }
  return std::make_unique<Pseudonymise>(context);
}

}  // namespace

DutyKind PseudonymiseDuty() {
  return {"pseudonymise", /*needs_key=*/true, "leaves as a pseudonym of this protocol's own", Bind};
}

}  // namespace concordat::sharing
