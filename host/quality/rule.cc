#include "host/quality/rule.h"

#include "host/base/utf8.h"

namespace concordat::quality {
namespace {

class PlainRun : public RecordRun {
 public:
  explicit PlainRun(const PlainRule& rule) : rule_(rule) {}
  void Judge(const data::Batch& batch, const uint8_t*, std::span<Answer> answers) override {
    rule_.Judge(batch, answers);
  }
  Explanation Explain(const data::Batch& batch, size_t row, Answer answer) override {
    return rule_.Explain(batch, row, answer);
  }

 private:
  const PlainRule& rule_;
};

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool StartsCodePoint(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

}  // namespace

absl::StatusOr<RuleRun> PlainRule::Start(const RunContext&) const {
  return RuleRun(std::make_unique<PlainRun>(*this));
}

std::string Shown(std::string_view value) {
  constexpr size_t kMost = 60;
  std::string shown = "\"";
  size_t characters = 0;
  for (const char c : value) {
    if (StartsCodePoint(c) && ++characters > kMost) return shown + "...\"";
    shown += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  }
  return shown + "\"";
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

std::string BlankHint(std::string_view text) {
  if (text.empty()) return "";
  const bool front = IsBlank(text.front());
  const bool back = IsBlank(text.back());
  if (front && back) return "remove the blanks at its beginning and end";
  if (front) return "remove the blank at its beginning";
  return back ? "remove the blank at its end" : "";
}

}  // namespace concordat::quality
