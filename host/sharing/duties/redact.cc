// redact: that there is a value can be seen, and nothing of it.
#include "host/sharing/duties/per_cell.h"

namespace concordat::sharing {
namespace {

constexpr std::string_view kRedacted = "[redacted]";

class Redacted final : public PerCell<Redacted> {
 public:
  Redacted(std::string field, std::string text) : PerCell(std::move(field)), text_(std::move(text)) {}
  void Treat(const Cell&, std::string& out) const { out.append(text_); }
  const char* Broken(const Cell&, std::string_view out) const {
    return out == text_ ? nullptr : "a value was to be redacted, and left as something else";
  }

 private:
  const std::string text_;
};

absl::StatusOr<std::unique_ptr<FieldTreatment>> Bind(const DutyContext& context) {
  const std::string& text = context.duty->terms.text;
  return std::make_unique<Redacted>(context.field->name, text.empty() ? std::string(kRedacted) : text);
}

std::string InWords(const policy::DutyTerms&) { return "is redacted: only whether there is a value leaves"; }

}  // namespace

DutyKind RedactDuty() { return {.name = "redact", .in_words = InWords, .misfit = FitsAll, .bind = Bind}; }

}  // namespace concordat::sharing
