#include "host/mapping/number_style.h"

namespace concordat::mapping {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool Take(std::string_view& text, std::string_view word) {
  if (word.empty() || !text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

size_t DigitsAt(std::string_view text) {
  size_t count = 0;
  while (count < text.size() && IsDigit(text[count])) ++count;
  return count;
}

/// Sign, parentheses and currency taken off; what remains is digits with their marks.
struct Bare {
  std::string_view digits;
  bool negative = false;
  bool ok = false;
};

Bare Strip(std::string_view text, const policy::NumberStyle& style) {
  Bare bare;
  const bool parentheses =
      style.negative == "parentheses" && text.size() > 2 && text.front() == '(' && text.back() == ')';
  if (parentheses) text = text.substr(1, text.size() - 2);
  bool minus = Take(text, "-");
  bool sign = minus || Take(text, "+");
  if (Take(text, style.currency)) {
    while (Take(text, " ")) {
    }
    if (!sign) {
      minus = Take(text, "-");
      sign = minus;
    }
  }
  bare.negative = parentheses || minus;
  bare.ok = !(parentheses && sign);  // two ways to say negative at once is a slip, not a number
  bare.digits = text;
  return bare;
}

// "1234" or "1,234,567": without marks, or with all of them.
bool AppendWhole(std::string_view& text, const std::string& thousands, std::string& out) {
  size_t count = DigitsAt(text);
  if (count == 0) return false;
  out.append(text.substr(0, count));
  text.remove_prefix(count);
  if (count > 3) return true;
  while (Take(text, thousands)) {
    if (DigitsAt(text) != 3) return false;
    out.append(text.substr(0, 3));
    text.remove_prefix(3);
  }
  return true;
}

bool AppendFraction(std::string_view& text, const std::string& decimal, std::string& out) {
  if (!Take(text, decimal)) return true;
  const size_t count = DigitsAt(text);
  if (count == 0) return false;
  out += '.';
  out.append(text.substr(0, count));
  text.remove_prefix(count);
  return true;
}

// What follows is judged by the type itself, so that "1.5e3" stays a number.
bool IsExponent(std::string_view text) {
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  text.remove_prefix(1);
  if (!Take(text, "-")) Take(text, "+");
  return !text.empty() && DigitsAt(text) == text.size();
}

}  // namespace

bool AppendCanonicalNumber(std::string_view text, const policy::NumberStyle& style, std::string& out) {
  const size_t before = out.size();
  Bare bare = Strip(text, style);
  if (bare.ok) {
    if (bare.negative) out += '-';
    if (AppendWhole(bare.digits, style.thousands, out) && AppendFraction(bare.digits, style.decimal, out) &&
        IsExponent(bare.digits)) {
      out.append(bare.digits);
      return true;
    }
  }
  out.resize(before);
  return false;
}

}  // namespace concordat::mapping
