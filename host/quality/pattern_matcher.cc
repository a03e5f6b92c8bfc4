#include "host/quality/pattern_matcher.h"

#include "re2/re2.h"

namespace concordat::quality {
namespace {

// A search for a pattern that is anchored at both ends is a whole match. With a "|" outside a group each
// anchor binds one side only; any "|" at all is left to RE2 unless one group spans all between the anchors.
bool IsAnchored(std::string_view pattern) {
  if (pattern.size() < 2 || pattern.front() != '^' || pattern.back() != '$' || pattern.ends_with("\\$"))
    return false;
  int depth = 0;
  bool in_class = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\') {
      ++i;
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
    } else if (c == '(' || c == ')') {
      depth += c == '(' ? 1 : -1;
    } else if (c == '|' && depth == 0) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string PatternMatcher::Compile(std::string_view pattern, Mode mode) {
  RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_shared<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!compiled->ok()) return compiled->error();
  slow_ = std::move(compiled);
  mode_ = mode;
  if (mode == Mode::kWhole || IsAnchored(pattern)) fast_ = ByteClassMatcher::Compile(pattern);
  return "";
}

bool PatternMatcher::MatchesSlowly(std::string_view text) const {
  const re2::StringPiece piece(text.data(), text.size());
  return mode_ == Mode::kWhole ? RE2::FullMatch(piece, *slow_) : RE2::PartialMatch(piece, *slow_);
}

}  // namespace concordat::quality
