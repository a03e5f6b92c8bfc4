// pseudonymise: a value leaves as HMAC-SHA-256 under the protocol's own key over protocol id, field and
// value. Equal values of a field get equal pseudonyms within a protocol and unlinkable ones across protocols
// and fields.
#include <algorithm>

#include "host/base/keyed_digest.h"
#include "host/sharing/duties/per_cell.h"

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

class Pseudonymised final : public PerCell<Pseudonymised> {
 public:
  // The two NUL bytes keep protocol, field and value apart: neither name can contain one.
  Pseudonymised(const DutyContext& context, const PseudonymKey& key)
      : PerCell(context.field->name),
        digest_(key.bytes, context.protocol.str() + '\0' + context.field->name + '\0') {}

  void Treat(const Cell& cell, std::string& out) const { digest_.AppendHex(cell.text(), out); }
  const char* Broken(const Cell& cell, std::string_view out) const {
    if (out == cell.text()) return "a value that was to be pseudonymised left as it is";
    return IsPseudonym(out) ? nullptr : "a value left in another form than a pseudonym";
  }

 private:
  const KeyedDigest digest_;
};

absl::StatusOr<std::unique_ptr<FieldTreatment>> Bind(const DutyContext& context) {
  const std::optional<PseudonymKey>& key = context.materials->key;
  if (!key || key->bytes.size() != kKeyBytes) {
    return absl::FailedPreconditionError(
        fmt::format("field {} cannot be pseudonymised: the key of protocol {} is not there",
                    context.field->name, context.protocol.str()));
  }
  return std::make_unique<Pseudonymised>(context, *key);
}

std::string InWords(const policy::DutyTerms& terms) {
  if (!terms.rotate) return "leaves as a pseudonym of this protocol's own";
  return fmt::format("leaves as a pseudonym of this protocol's own, under a new key every {}",
                     terms.rotate->text);
}

}  // namespace

DutyKind PseudonymiseDuty() {
  return {.name = "pseudonymise", .needs_key = true, .in_words = InWords, .misfit = FitsAll, .bind = Bind};
}

}  // namespace concordat::sharing
