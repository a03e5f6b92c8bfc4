#include <bitset>

#include "host/quality/pattern_matcher.h"

namespace concordat::quality {
namespace {

using ByteClass = std::bitset<256>;
using Sequence = std::vector<ByteClass>;
using Alternatives = std::vector<Sequence>;

constexpr size_t kMostAlternatives = 16;
constexpr size_t kMostLength = 128;

// Recursive descent over the subset; gives up (nothing) at
// whatever lies outside it, so that RE2 alone defines the rest.
class Spelling {
 public:
  explicit Spelling(std::string_view pattern) : rest_(pattern) {}

  std::optional<Alternatives> Whole() {
    std::optional<Alternatives> all = Alternation(0);
    if (!rest_.empty()) return std::nullopt;
    return all;
  }

 private:
  std::optional<Alternatives> Alternation(int depth) {
    if (depth > 8) return std::nullopt;
    Alternatives all;
    do {
      std::optional<Alternatives> one = Concatenation(depth);
      if (!one) return std::nullopt;
      all.insert(all.end(), one->begin(), one->end());
      if (all.size() > kMostAlternatives) return std::nullopt;
    } while (Take('|'));
    return all;
  }

  std::optional<Alternatives> Concatenation(int depth) {
    Alternatives all = {Sequence{}};
    while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
      std::optional<Alternatives> item = Item(depth);
      if (!item) return std::nullopt;
      std::optional<Alternatives> joined = Join(all, *item);
      if (!joined) return std::nullopt;
      all = *std::move(joined);
    }
    return all;
  }

  static std::optional<Alternatives> Join(const Alternatives& left, const Alternatives& right) {
    if (left.size() * right.size() > kMostAlternatives) return std::nullopt;
    Alternatives all;
    for (const Sequence& head : left) {
      for (const Sequence& tail : right) {
        all.push_back(head);
        all.back().insert(all.back().end(), tail.begin(), tail.end());
        if (all.back().size() > kMostLength) return std::nullopt;
      }
    }
    return all;
  }

  std::optional<Alternatives> Item(int depth) {
    std::optional<Alternatives> atom = Atom(depth);
    int least = 1;
    int most = 1;
    if (!atom || !Repetition(least, most)) return std::nullopt;
    Alternatives all;
    Alternatives repeated = {Sequence{}};
    for (int times = 0; times <= most; ++times) {
      if (times >= least) all.insert(all.end(), repeated.begin(), repeated.end());
      if (all.size() > kMostAlternatives) return std::nullopt;
      if (times == most) break;
      std::optional<Alternatives> longer = Join(repeated, *atom);
      if (!longer) return std::nullopt;
      repeated = *std::move(longer);
    }
    return all;
  }

  bool Repetition(int& least, int& most) {
    if (Take('?')) {
      least = 0;
    } else if (Take('{')) {
      if (!Number(least)) return false;
      most = least;
      if (Take(',') && !Number(most)) return false;
      if (!Take('}') || most < least) return false;
    }
    // A second repetition ("{2}?", "a**") or an open end is RE2's to read.
    return rest_.empty() || std::string_view("*+?{").find(rest_.front()) == std::string_view::npos;
  }

  bool Number(int& number) {
    size_t digits = 0;
    number = 0;
    while (digits < rest_.size() && digits < 3 && IsDigit(rest_[digits]))
      number = number * 10 + (rest_[digits++] - '0');
    rest_.remove_prefix(digits);
    return digits > 0;
  }

  std::optional<Alternatives> Atom(int depth) {
    if (Take('(')) {
      if (Take('?') && !Take(':')) return std::nullopt;
      std::optional<Alternatives> group = Alternation(depth + 1);
      if (!Take(')')) return std::nullopt;
      return group;
    }
    ByteClass bytes;
    if (Take('[')) {
      if (!Class(bytes)) return std::nullopt;
    } else if (!Literal(bytes)) {
      return std::nullopt;
    }
    return Alternatives{Sequence{bytes}};
  }

  // One byte outside a class, escaped or not. A byte beyond
  // ASCII is part of a character: repeated, it is RE2's to read.
  bool Literal(ByteClass& bytes) {
    const char c = rest_.front();
    if (c == '\\') return Escape(bytes);
    if (std::string_view("^$.*+?{}[]()|").find(c) != std::string_view::npos) return false;
    rest_.remove_prefix(1);
    bytes.set(static_cast<unsigned char>(c));
    const bool ascii = static_cast<unsigned char>(c) < 0x80;
    return ascii || rest_.empty() || std::string_view("?{").find(rest_.front()) == std::string_view::npos;
  }

  bool Escape(ByteClass& bytes) {
    if (rest_.size() < 2) return false;
    const char c = rest_[1];
    rest_.remove_prefix(2);
    if (c == 'd') return Range(bytes, '0', '9');
    if (c == 'w') {
      bytes.set('_');
      return Range(bytes, '0', '9') && Range(bytes, 'a', 'z') && Range(bytes, 'A', 'Z');
    }
    if (static_cast<unsigned char>(c) >= 0x80 || IsDigit(c) || IsLetter(c) || c == '_') return false;
    bytes.set(static_cast<unsigned char>(c));
    return true;
  }

  bool Class(ByteClass& bytes) {
    if (!rest_.empty() && (rest_.front() == '^' || rest_.front() == ']')) return false;
    while (!rest_.empty() && !Take(']')) {
      unsigned char first = 0;
      const bool escaped = rest_.front() == '\\';
      if (escaped) {
        ByteClass some;
        if (!Escape(some)) return false;
        bytes |= some;
        if (some.count() > 1) continue;
        for (size_t i = 0; i < 256; ++i) first = some[i] ? static_cast<unsigned char>(i) : first;
      } else if (!ClassByte(first)) {
        return false;
      }
      bytes.set(first);
      if (rest_.size() < 2 || rest_[0] != '-' || rest_[1] == ']') continue;
      rest_.remove_prefix(1);
      unsigned char last = 0;
      if (rest_.front() == '\\' || !ClassByte(last) || last < first) return false;
      Range(bytes, first, last);
    }
    return closed_;
  }

  bool ClassByte(unsigned char& byte) {
    byte = static_cast<unsigned char>(rest_.front());
    if (byte == '[' || byte >= 0x80) return false;  // "[:digit:]", and characters of several bytes
    rest_.remove_prefix(1);
    return true;
  }

  static bool Range(ByteClass& bytes, unsigned char first, unsigned char last) {
    for (unsigned i = first; i <= last; ++i) bytes.set(i);
    return true;
  }

  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    closed_ = c == ']';
    return true;
  }
  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }
  static bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

  std::string_view rest_;
  bool closed_ = false;  // the last character taken was "]"
};

// "^" at the very beginning and "$" at the very end say what a whole match says anyway.
std::string_view WithoutAnchors(std::string_view pattern) {
  if (pattern.starts_with('^')) pattern.remove_prefix(1);
  if (pattern.ends_with('$') && !pattern.ends_with("\\$")) pattern.remove_suffix(1);
  return pattern;
}

}  // namespace

std::optional<ByteClassMatcher> ByteClassMatcher::Compile(std::string_view pattern) {
  const std::optional<Alternatives> all = Spelling(WithoutAnchors(pattern)).Whole();
  if (!all) return std::nullopt;
  size_t longest = 0;
  for (const Sequence& sequence : *all) longest = std::max(longest, sequence.size());
  ByteClassMatcher matcher;
  matcher.of_length_.assign(longest + 1, 0);
  matcher.table_.assign(longest * 256, 0);
  for (size_t which = 0; which < all->size(); ++which) {
    const Sequence& sequence = (*all)[which];
    const auto bit = static_cast<uint16_t>(1 << which);
    matcher.of_length_[sequence.size()] |= bit;
    for (size_t i = 0; i < sequence.size(); ++i) {
      for (size_t byte = 0; byte < 256; ++byte) {
        if (sequence[i][byte]) matcher.table_[i * 256 + byte] |= bit;
      }
    }
  }
  return matcher;
}

}  // namespace concordat::quality
