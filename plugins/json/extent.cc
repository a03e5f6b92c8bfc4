#include "plugins/json/extent.h"

#include <array>
#include <cstring>
#include <utility>

#include "plugins/json/options.h"

namespace concordat::json {
namespace {

constexpr std::array<bool, 256> Interesting() {
  std::array<bool, 256> is = {};
  for (const char c : {'"', '{', '}', '[', ']'}) is[static_cast<unsigned char>(c)] = true;
  return is;
}
constexpr std::array<bool, 256> kInteresting = Interesting();

bool EndsScalar(char c) {
  return c == ',' || c == ']' || c == '}' || c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\x1E';
}

}  // namespace

// From within a text to behind its closing quote; false when the text goes on beyond `text`.
bool Extent::SkipText(std::string_view text) {
  while (true) {
    const void* const found =
        at_ < text.size() ? std::memchr(text.data() + at_, '"', text.size() - at_) : nullptr;
    if (found == nullptr) {
      // The backslashes before the end are counted again when more is known.
      size_t end = text.size();
      while (end > at_ && text[end - 1] == '\\') --end;
      at_ = end;
      return false;
    }
    const size_t quote = static_cast<size_t>(static_cast<const char*>(found) - text.data());
    size_t slash = quote;
    while (slash > text_from_ && text[slash - 1] == '\\') --slash;
    at_ = quote + 1;
    if ((quote - slash) % 2 == 1) continue;
    if (suspect_ == kNone && std::memchr(text.data() + text_from_, '\n', quote - text_from_) != nullptr) {
      suspect_ = text_from_ - 1;
    }
    return true;
  }
}

Extent::State Extent::FollowScalar(std::string_view text, bool last) {
  while (at_ < text.size() && !EndsScalar(text[at_])) ++at_;
  return at_ < text.size() || last ? State::kComplete : State::kOpen;
}

Extent::State Extent::Follow(std::string_view text, bool last) {
  if (text.empty()) return State::kOpen;
  if (!begun_ && text[0] != '"' && text[0] != '{' && text[0] != '[') return FollowScalar(text, last);
  begun_ = true;
  while (true) {
    if (in_text_) {
      if (!SkipText(text)) return State::kOpen;
      in_text_ = false;
      if (open_.empty()) return State::kComplete;
    }
    while (at_ < text.size() && !kInteresting[static_cast<unsigned char>(text[at_])]) ++at_;
    if (at_ >= text.size()) return State::kOpen;
    const char c = text[at_];
    if (c == '"') {
      in_text_ = true;
      text_from_ = ++at_;
    } else if (c == '{' || c == '[') {
      if (open_.size() >= kDeepest) return State::kTooDeep;
      open_ += c;
      ++at_;
    } else {
      if (open_.empty() || open_.back() != (c == '}' ? '{' : '[')) return State::kMismatch;
      open_.pop_back();
      ++at_;
      if (open_.empty()) return State::kComplete;
    }
  }
}

size_t Extent::Release() {
  suspect_ = kNone;
  text_from_ = 0;  // within a text at_ never stands behind a backslash that counts
  return std::exchange(at_, 0);
}

}  // namespace concordat::json
