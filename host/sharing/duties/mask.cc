// mask: every character but the first and last few leaves as a sign; a value too short to hide any is hidden
// whole.
#include "host/sharing/duties/per_cell.h"

namespace concordat::sharing {
namespace {

bool StartsCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

size_t Characters(std::string_view text) {
  size_t count = 0;
  for (const char byte : text) count += StartsCharacter(byte);
  return count;
}

// The bytes of the first `count` characters.
size_t BytesOf(std::string_view text, size_t count) {
  size_t at = 0;
  for (; at < text.size(); ++at) {
    if (StartsCharacter(text[at]) && count-- == 0) break;
  }
  return at;
}

class Masked final : public PerCell<Masked> {
 public:
  Masked(std::string field, const policy::DutyTerms& terms)
      : PerCell(std::move(field)),
        first_(static_cast<size_t>(terms.keep_first)),
        last_(static_cast<size_t>(terms.keep_last)),
        sign_(terms.with) {}

  void Treat(const Cell& cell, std::string& out) const {
    const std::string_view text = cell.text();
    const size_t characters = Characters(text);
    const bool hides_some = first_ + last_ < characters;
    const size_t first = hides_some ? first_ : 0;
    const size_t last = hides_some ? last_ : 0;
    out.append(text.substr(0, BytesOf(text, first)));
    for (size_t i = first + last; i < characters; ++i) out.append(sign_);
    out.append(text.substr(BytesOf(text, characters - last)));
  }

  const char* Broken(const Cell& cell, std::string_view out) const {
    const std::string_view text = cell.text();
    const size_t characters = Characters(text);
    const bool hides_some = first_ + last_ < characters;
    const size_t hidden = hides_some ? characters - first_ - last_ : characters;
    const std::string_view head = text.substr(0, hides_some ? BytesOf(text, first_) : 0);
    if (!out.starts_with(head)) return "a masked value left with another beginning";
    out.remove_prefix(head.size());
    for (size_t i = 0; i < hidden; ++i) {
      if (!out.starts_with(sign_)) return "a character that was to be masked left as it is";
      out.remove_prefix(sign_.size());
    }
    return out.size() <= last_ * 4 && text.ends_with(out) ? nullptr
                                                          : "a masked value left longer than agreed";
  }

 private:
  const size_t first_;
  const size_t last_;
  const std::string sign_;
};

absl::StatusOr<std::unique_ptr<FieldTreatment>> Bind(const DutyContext& context) {
  return std::make_unique<Masked>(context.field->name, context.duty->terms);
}

std::string InWords(const policy::DutyTerms& terms) {
  if (terms.keep_first == 0 && terms.keep_last == 0) return "is masked whole";
  return fmt::format("is masked but for its first {} and last {} characters", terms.keep_first,
                     terms.keep_last);
}

}  // namespace

DutyKind MaskDuty() { return {.name = "mask", .in_words = InWords, .misfit = FitsAll, .bind = Bind}; }

}  // namespace concordat::sharing
