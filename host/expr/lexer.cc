#include "host/expr/lexer.h"

#include <array>

#include "fmt/format.h"
#include "host/base/utf8.h"

namespace concordat::expr {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsNamePart(char c) { return IsNameStart(c) || IsDigit(c); }

// The value of a digit in `base`, or -1.
int DigitOf(char c, int base) {
  const int value = IsDigit(c)             ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : 99;
  return value < base ? value : -1;
}

// The longer signs first, so that <= is not read as < and =.
constexpr std::array<std::string_view, 22> kSigns = {"==", "!=", "<=", ">=", "&&", "||", "<", ">",
                                                     "!",  "+",  "-",  "*",  "/",  "%",  "?", ":",
                                                     "(",  ")",  "[",  "]",  ",",  "."};
constexpr std::array<std::string_view, 2> kBraces = {"{", "}"};

/// What people write instead, and what CEL has for it.
struct Slip {
  std::string_view written;
  std::string_view hint;
};
constexpr std::array<Slip, 8> kSlips = {
    {{"=", "write == to compare"},
     {"&", "write && for \"and\""},
     {"|", "write || for \"or\""},
     {"\xE2\x80\x9C", "write straight quotes: \""},
     {"\xE2\x80\x9D", "write straight quotes: \""},
     {"\xE2\x80\x98", "write straight quotes: '"},
     {"\xE2\x80\x99", "write straight quotes: '"},
     {"\xC2\xA0", "there is a no-break space here: write an ordinary one"}}};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Lexed Run() {
    if (const size_t bad = Utf8ValidPrefix(text_); bad < text_.size()) Fail(bad, "this is not UTF-8 text");
    for (SkipBlanks(); !out_.issue && at_ < text_.size(); SkipBlanks()) ReadToken();
    Push(TokenKind::kEnd, text_.size(), "");
    return std::move(out_);
  }

 private:
  char Peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  std::string_view Rest() const { return text_.substr(at_); }

  void Push(TokenKind kind, size_t offset, std::string text, bool quoted = false) {
    out_.tokens.push_back({kind, offset, std::move(text), quoted});
  }

  void Fail(size_t offset, std::string message, std::string hint = "") {
    if (!out_.issue) out_.issue = ExprIssue{offset, std::move(message), std::move(hint)};
  }

  void SkipBlanks() {
    while (at_ < text_.size()) {
      if (Rest().starts_with("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (Peek() == ' ' || (Peek() >= '\t' && Peek() <= '\r')) {
        ++at_;
      } else {
        return;
      }
    }
  }

  void ReadToken() {
    if (IsDigit(Peek()) || (Peek() == '.' && IsDigit(Peek(1)))) return ReadNumber();
    if (const size_t prefix = StringPrefix(); prefix != std::string_view::npos) return ReadString(prefix);
    if (IsNameStart(Peek())) return ReadName();
    if (Peek() == '`') return ReadQuotedName();
    ReadSign();
  }

  void ReadName() {
    const size_t start = at_;
    while (IsNamePart(Peek())) ++at_;
    Push(TokenKind::kIdent, start, std::string(text_.substr(start, at_ - start)));
  }

  void ReadQuotedName() {
    const size_t start = at_;
    const size_t end = text_.find('`', at_ + 1);
    if (end == std::string_view::npos || end == at_ + 1)
      return Fail(start, "a name in backticks is empty or not closed");
    Push(TokenKind::kIdent, start, std::string(text_.substr(start + 1, end - start - 1)), true);
    at_ = end + 1;
  }

  void ReadSign() {
    for (const auto& slip : kSlips) {
      if (Rest().starts_with(slip.written) && !Rest().starts_with("==") && !Rest().starts_with("&&") &&
          !Rest().starts_with("||")) {
        return Fail(at_, fmt::format("{} is not a sign of CEL", slip.written), std::string(slip.hint));
      }
    }
    for (const std::string_view sign : kSigns) {
      if (Rest().starts_with(sign)) return PushSign(sign);
    }
    for (const std::string_view sign : kBraces) {
      if (Rest().starts_with(sign)) return PushSign(sign);
    }
    Fail(at_, fmt::format("unexpected character {}", Rest().substr(0, CharacterSize())));
  }

  size_t CharacterSize() const {
    size_t size = 1;
    while (at_ + size < text_.size() && (static_cast<unsigned char>(text_[at_ + size]) & 0xC0) == 0x80)
      ++size;
    return size;
  }

  void PushSign(std::string_view sign) {
    Push(TokenKind::kOperator, at_, std::string(sign));
    at_ += sign.size();
  }

  size_t SkipDigits(int base) {
    const size_t start = at_;
    while (DigitOf(Peek(), base) >= 0) ++at_;
    return at_ - start;
  }

  void ReadNumber() {
    const size_t start = at_;
    TokenKind kind = TokenKind::kInt;
    if (Peek() == '0' && (Peek(1) == 'x' || Peek(1) == 'X')) {
      at_ += 2;
      if (SkipDigits(16) == 0) return Fail(start, "0x without hexadecimal digits");
    } else {
      kind = ReadDecimal();
    }
    std::string digits(text_.substr(start, at_ - start));
    if (kind == TokenKind::kInt && (Peek() == 'u' || Peek() == 'U')) {
      kind = TokenKind::kUint;
      ++at_;
    }
    if (IsNamePart(Peek())) return Fail(start, fmt::format("{}{} is not a number", digits, Peek()));
    Push(kind, start, std::move(digits));
  }

  TokenKind ReadDecimal() {
    TokenKind kind = TokenKind::kInt;
    SkipDigits(10);
    if (Peek() == '.' && IsDigit(Peek(1))) {
      kind = TokenKind::kDouble;
      ++at_;
      SkipDigits(10);
    }
    const size_t sign = Peek(1) == '+' || Peek(1) == '-' ? 1 : 0;
    if ((Peek() == 'e' || Peek() == 'E') && IsDigit(Peek(1 + sign))) {
      kind = TokenKind::kDouble;
      at_ += 1 + sign;
      SkipDigits(10);
    }
    return kind;
  }

  // How many of the letters r and b stand before a quote here; npos when this is no string.
  size_t StringPrefix() const {
    size_t letters = 0;
    while (letters < 2 && std::string_view("rRbB").find(Peek(letters)) != std::string_view::npos &&
           Peek(letters) != '\0')
      ++letters;
    return Peek(letters) == '"' || Peek(letters) == '\'' ? letters : std::string_view::npos;
  }

  void ReadString(size_t prefix) {
    const size_t start = at_;
    bool raw = false;
    bool bytes = false;
    for (size_t i = 0; i < prefix; ++i) {
      raw |= Peek(i) == 'r' || Peek(i) == 'R';
      bytes |= Peek(i) == 'b' || Peek(i) == 'B';
    }
    at_ += prefix;
    const std::string quote(Rest().starts_with(std::string(3, Peek())) ? 3 : 1, Peek());
    at_ += quote.size();
    std::string content;
    while (!Rest().starts_with(quote)) {
      if (at_ >= text_.size() || (quote.size() == 1 && (Peek() == '\n' || Peek() == '\r'))) {
        return Fail(start, fmt::format("the text that begins here is not closed with {}", quote));
      }
      if (Peek() == '\\' && !raw) {
        if (!ReadEscape(content, bytes)) return;
      } else {
        content += text_[at_++];
      }
    }
    at_ += quote.size();
    Push(bytes ? TokenKind::kBytes : TokenKind::kString, start, std::move(content));
  }

  bool ReadEscape(std::string& content, bool bytes) {
    constexpr std::string_view kLetters = "abfnrtv\\?\"'`";
    constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\?\"'`";
    const size_t start = at_;
    const char letter = Peek(1);
    at_ += 2;
    if (const size_t known = kLetters.find(letter); known != std::string_view::npos && letter != '\0') {
      content += kMeanings[known];
      return true;
    }
    switch (letter) {
      case 'x':
      case 'X':
        return ReadCode(start, 2, 16, bytes, content);
      case 'u':
      case 'U':
        if (!bytes) return ReadCode(start, letter == 'u' ? 4 : 8, 16, bytes, content);
        break;
      default:
        break;
    }
    if (letter < '0' || letter > '3') {
      Fail(start, "this escape is not known",
           "write \\\\ for a backslash, or r\"...\" for a text without escapes");
      return false;
    }
    --at_;
    return ReadCode(start, 3, 8, bytes, content);
  }

  bool ReadCode(size_t start, int digits, int base, bool bytes, std::string& content) {
    uint32_t code = 0;
    for (int i = 0; i < digits; ++i, ++at_) {
      const int digit = DigitOf(Peek(), base);
      if (digit < 0) {
        Fail(start, fmt::format("this escape needs {} digits", digits));
        return false;
      }
      code = code * static_cast<uint32_t>(base) + static_cast<uint32_t>(digit);
    }
    if (bytes) {
      content += static_cast<char>(code);
    } else if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
      Fail(start, "this escape is not a Unicode character");
      return false;
    } else {
      AppendUtf8(code, content);
    }
    return true;
  }

  const std::string_view text_;
  size_t at_ = 0;
  Lexed out_;
};

}  // namespace

Lexed Lex(std::string_view text) { return Lexer(text).Run(); }

}  // namespace concordat::expr
