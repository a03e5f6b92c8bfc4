// Where a JSON value ends, without reading it: the text may grow between two calls.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace concordat::json {

/// Follows brackets and quotes of one value from its first byte on.
class Extent {
 public:
  enum class State { kOpen, kComplete, kMismatch, kTooDeep };

  /// `text` begins with the value and is what the last call saw or longer; `last`: it will not grow. A value
  /// that is not complete although nothing follows stays kOpen.
  State Follow(std::string_view text, bool last);

  /// Bytes of the value when complete; else how far it was followed (kMismatch, kTooDeep: the byte that is
  /// wrong).
  size_t size() const { return at_; }
  /// For values that are too long to be held: forgets what was followed; the next call's text begins behind
  /// it. Returns how many bytes that are.
  size_t Release();
  /// What is still open, outermost first: { and [.
  const std::string& open() const { return open_; }
  bool in_text() const { return in_text_; }
  /// The first text that runs over a line break, from where it begins: JSON has none, a quote may be missing.
  static constexpr size_t kNone = static_cast<size_t>(-1);
  size_t suspect() const { return suspect_; }

 private:
  bool SkipText(std::string_view text);
  State FollowScalar(std::string_view text, bool last);

  size_t at_ = 0;
  size_t text_from_ = 0;
  std::string open_;
  bool in_text_ = false;
  bool begun_ = false;
  size_t suspect_ = kNone;
};

}  // namespace concordat::json
