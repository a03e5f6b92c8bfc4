#include "host/mapping/number_style.h"

#include <algorithm>

#include "host/mapping/units.h"

namespace concordat::mapping {
namespace {

using policy::NumberStyle;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool Take(std::string_view& text, std::string_view word) {
  if (word.empty() || !text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

bool TakeEnd(std::string_view& text, std::string_view word) {
  if (word.empty() || !text.ends_with(word)) return false;
  text.remove_suffix(word.size());
  return true;
}

// The blank, the no-break one, the narrow no-break one, the thin one.
constexpr std::string_view kBlanks[] = {" ", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89"};

bool TakeBlank(std::string_view& text) {
  return std::any_of(std::begin(kBlanks), std::end(kBlanks),
                     [&](std::string_view blank) { return Take(text, blank); });
}

void TakeBlanks(std::string_view& text) {
  while (TakeBlank(text)) {
  }
}

void TakeBlanksAtEnd(std::string_view& text) {
  while (std::any_of(std::begin(kBlanks), std::end(kBlanks),
                     [&](std::string_view blank) { return TakeEnd(text, blank); })) {
  }
}

size_t DigitsAt(std::string_view text) {
  size_t count = 0;
  while (count < text.size() && IsDigit(text[count])) ++count;
  return count;
}

bool Has(const NumberStyle& style, std::string_view negative) {
  return std::find(style.negative.begin(), style.negative.end(), negative) != style.negative.end();
}

/// Sign, parentheses, currency and the rest taken off; what remains is digits with their marks.
struct Bare {
  std::string_view digits;
  int signs = 0;  // how often something was said about the sign
  int currencies = 0;
  bool negative = false;
  bool percent = false;

  void Sign(bool is_negative) {
    ++signs;
    negative = negative || is_negative;
  }
};

void TakeSign(Bare& bare) {
  if (Take(bare.digits, "-") || Take(bare.digits, "\xE2\x88\x92"))
    bare.Sign(true);
  else if (Take(bare.digits, "+"))
    bare.Sign(false);
}

void TakeFront(const NumberStyle& style, Bare& bare) {
  TakeSign(bare);
  for (const std::string& currency : style.currency) {
    if (!Take(bare.digits, currency)) continue;
    ++bare.currencies;
    TakeBlanks(bare.digits);
    TakeSign(bare);
    break;
  }
}

// One mark off the end; false when there is none.
bool TakeMarkAtEnd(const NumberStyle& style, Bare& bare) {
  std::string_view rest = bare.digits;
  const auto taken = [&] {
    TakeBlanksAtEnd(rest);
    bare.digits = rest;
    return true;
  };
  if (style.percent != NumberStyle::Percent::kNone && !bare.percent && TakeEnd(rest, "%")) {
    bare.percent = true;
    return taken();
  }
  for (const std::string& currency : style.currency) {
    if (!TakeEnd(rest, currency)) continue;
    ++bare.currencies;
    return taken();
  }
  const bool credit = Has(style, "credit");
  if (credit || Has(style, "debit")) {
    const bool is_credit = TakeEnd(rest, "CR") || TakeEnd(rest, "Cr") || TakeEnd(rest, "cr");
    if (is_credit || TakeEnd(rest, "DR") || TakeEnd(rest, "Dr") || TakeEnd(rest, "dr")) {
      bare.Sign(is_credit == credit);
      return taken();
    }
  }
  if (Has(style, "trailing_minus") && TakeEnd(rest, "-")) {
    bare.Sign(true);
    return taken();
  }
  return false;
}

Bare Strip(std::string_view text, const NumberStyle& style) {
  Bare bare;
  bare.digits = text;
  if (Has(style, "parentheses") && text.size() > 2 && text.front() == '(' && text.back() == ')') {
    bare.Sign(true);
    bare.digits = text.substr(1, text.size() - 2);
  }
  TakeFront(style, bare);
  while (TakeMarkAtEnd(style, bare)) {
  }
  return bare;
}

bool TakeThousands(std::string_view& text, const std::string& mark) {
  if (mark == " ") return TakeBlank(text);
  if (mark == "'" && Take(text, "\xE2\x80\x99")) return true;
  return Take(text, mark);
}

// "1234" or "1,234,567": without marks, or with all of them.
bool AppendWhole(std::string_view& text, const std::string& thousands, std::string& out) {
  size_t count = DigitsAt(text);
  if (count == 0) return false;
  out.append(text.substr(0, count));
  text.remove_prefix(count);
  if (count > 3) return true;
  while (TakeThousands(text, thousands)) {
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

bool AppendCanonicalNumber(std::string_view text, const NumberStyle& style, std::string& out) {
  const size_t before = out.size();
  Bare bare = Strip(text, style);
  // Two ways to say negative at once is a slip, not a number; so are two currencies.
  if (bare.signs <= 1 && bare.currencies <= 1) {
    if (bare.negative) out += '-';
    if (AppendWhole(bare.digits, style.thousands, out) && AppendFraction(bare.digits, style.decimal, out) &&
        IsExponent(bare.digits) && !(bare.percent && !bare.digits.empty())) {
      out.append(bare.digits);
      if (bare.percent && style.percent == NumberStyle::Percent::kShare) {
        const std::string share = ShiftedPoint(std::string_view(out).substr(before), -2);
        out.resize(before);
        out += share;
      }
      return true;
    }
  }
  out.resize(before);
  return false;
}

std::string StyleInWords(const NumberStyle& style) {
  const std::string currency = style.currency.empty() ? "" : style.currency.front();
  std::string words = "a number such as " + currency + "1" + style.thousands + "234" + style.decimal + "50";
  if (Has(style, "parentheses")) words += " or (12)";
  if (Has(style, "trailing_minus")) words += " or 12-";
  if (Has(style, "credit") || Has(style, "debit")) words += " or 12 CR";
  if (style.percent != NumberStyle::Percent::kNone) words += " or 45%";
  return words;
}

}  // namespace concordat::mapping
