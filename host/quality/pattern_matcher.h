// Whole-value regular expressions over columns: a table of
// byte classes where the pattern allows it, else RE2.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace concordat::quality {

/// A pattern without open ends (literals, ASCII classes, groups, alternation,
/// ?, {n}, {n,m}) spelt out as at most 16 sequences of byte classes, all tried
/// at once: a table look-up a byte. Says exactly what RE2 says. Immutable.
class ByteClassMatcher {
 public:
  /// Nothing when the pattern is not of that form; it may still be a good one.
  static std::optional<ByteClassMatcher> Compile(std::string_view pattern);

  bool Matches(std::string_view text) const {
    if (text.size() >= of_length_.size()) return false;
    uint16_t alive = of_length_[text.size()];
    for (size_t i = 0; i < text.size(); ++i) alive &= table_[i * 256 + static_cast<unsigned char>(text[i])];
    return alive != 0;
  }

 private:
  std::vector<uint16_t> of_length_;  // by length: the sequences that are so long
  std::vector<uint16_t> table_;      // 256 a position: the sequences whose class holds the byte
};

/// Immutable, thread-safe.
class PatternMatcher {
 public:
  enum class Mode { kWhole, kSearch };
  PatternMatcher() = default;
  /// Empty, or RE2's reason.
  std::string Compile(std::string_view pattern, Mode mode);

  const std::optional<ByteClassMatcher>& fast() const { return fast_; }
  /// By RE2, whether or not there is a faster way.
  bool MatchesSlowly(std::string_view text) const;
  bool Matches(std::string_view text) const { return fast_ ? fast_->Matches(text) : MatchesSlowly(text); }

 private:
  std::optional<ByteClassMatcher> fast_;
  std::shared_ptr<const re2::RE2> slow_;
  Mode mode_ = Mode::kWhole;
};

}  // namespace concordat::quality
