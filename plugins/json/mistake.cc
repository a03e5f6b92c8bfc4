#include "plugins/json/mistake.h"

#include <algorithm>
#include <cctype>

#include "plugins/delimited/encoding.h"
#include "plugins/json/options.h"

namespace concordat::json {
namespace {

struct Habit {
  std::string_view begins;
  std::string_view what;
};
// How other languages and careless programs write it.
constexpr Habit kHabits[] = {
    {"'", "a text in single quotes: JSON wants double quotes"},
    {"\xE2\x80\x9C", "a typographic quote: JSON wants the plain \""},
    {"\xE2\x80\x9D", "a typographic quote: JSON wants the plain \""},
    {"//", "a comment: JSON has none, leave it out"},
    {"/*", "a comment: JSON has none, leave it out"},
    {"#", "a comment: JSON has none, leave it out"},
    {"NaN", "NaN, which is no JSON: write null"},
    {"nan", "nan, which is no JSON: write null"},
    {"Infinity", "Infinity, which is no JSON: write null"},
    {"-Infinity", "-Infinity, which is no JSON: write null"},
    {"inf", "inf, which is no JSON: write null"},
    {"None", "None, as Python writes it: write null"},
    {"True", "True, as Python writes it: write true"},
    {"False", "False, as Python writes it: write false"},
    {"TRUE", "TRUE: JSON writes true"},
    {"FALSE", "FALSE: JSON writes false"},
    {"NULL", "NULL: JSON writes null"},
    {"undefined", "undefined, which is no JSON: write null"},
    {"+", "a number with a plus sign: JSON writes it without"},
    {".", "a number that begins with its point: JSON writes 0.5, not .5"},
};

void AppendUtf8(uint32_t code, std::string& text) {
  if (code < 0x80) {
    text += static_cast<char>(code);
    return;
  }
  const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr unsigned char kLead[] = {0, 0xC0, 0xE0, 0xF0};
  text += static_cast<char>(kLead[more] | (code >> (6 * more)));
  for (int i = more - 1; i >= 0; --i) text += static_cast<char>(0x80 | ((code >> (6 * i)) & 0x3F));
}

class Checker {
 public:
  explicit Checker(std::string_view text) : text_(text) {}

  std::optional<Mistake> Run() {
    SkipBlank();
    if (Value(0)) {
      SkipBlank();
      if (at_ < text_.size()) Fail(at_, "something after the end of the value: " + Shown());
    }
    return mistake_;
  }

 private:
  bool Fail(size_t at, std::string what) {
    mistake_ = Mistake{at, std::move(what)};
    return false;
  }
  bool at_end() const { return at_ >= text_.size(); }
  char here() const { return at_end() ? '\0' : text_[at_]; }
  std::string Shown() const { return "\"" + delimited::ForPeople(text_.substr(at_), 12) + "\""; }
  void SkipBlank() {
    while (!at_end() && (here() == ' ' || here() == '\n' || here() == '\r' || here() == '\t')) ++at_;
  }

  bool Value(size_t depth) {
    if (depth > kDeepest) return Fail(at_, "more than 100 levels of brackets");
    if (at_end()) return Fail(at_, "the text ends where a value should stand");
    if (here() == '{') return Object(depth);
    if (here() == '[') return Array(depth);
    if (here() == '"') return Text();
    if (here() == '-' || std::isdigit(static_cast<unsigned char>(here())) != 0) return Number();
    for (const std::string_view word : {"true", "false", "null"}) {
      if (text_.substr(at_, word.size()) != word) continue;
      at_ += word.size();
      return true;
    }
    return Fail(at_, NotAValue(text_.substr(at_)));
  }

  bool Object(size_t depth) {
    ++at_;
    SkipBlank();
    if (here() == '}') return ++at_, true;
    while (true) {
      if (at_end()) return Fail(at_, "the text ends before a }");
      if (here() != '"')
        return Fail(at_, "a name should stand here in double quotes, not " + NotAValue(text_.substr(at_)));
      if (!Text()) return false;
      SkipBlank();
      if (here() != ':') return Fail(at_, "a : is missing between a name and its value");
      ++at_;
      SkipBlank();
      if (!Value(depth + 1)) return false;
      bool more = false;
      if (!Separator('}', more)) return false;
      if (!more) return true;
    }
  }

  bool Array(size_t depth) {
    ++at_;
    SkipBlank();
    if (here() == ']') return ++at_, true;
    while (true) {
      if (!Value(depth + 1)) return false;
      bool more = false;
      if (!Separator(']', more)) return false;
      if (!more) return true;
    }
  }

  // A comma and something behind it, or the end.
  bool Separator(char close, bool& more) {
    SkipBlank();
    if (here() == close && !at_end()) return ++at_, true;
    if (at_end()) return Fail(at_, std::string("the text ends before a ") + close);
    if (here() != ',') return Fail(at_, "a comma is missing before " + Shown());
    const size_t comma = at_++;
    SkipBlank();
    if (here() == close && !at_end())
      return Fail(comma, std::string("a comma before ") + close + ": leave it out");
    more = true;
    return true;
  }

  bool Text() {
    const size_t from = at_++;
    while (!at_end() && here() != '"') {
      const auto byte = static_cast<unsigned char>(here());
      if (byte == '\n' || byte == '\r') {
        return Fail(from,
                    "a text runs over the end of its line: write \\n, or add the quote that is missing");
      }
      if (byte == '\t') return Fail(at_, "a tab inside a text: write \\t");
      if (byte < 0x20) return Fail(at_, "a control character inside a text");
      if (byte == '\\') {
        if (!Escape()) return false;
      } else {
        ++at_;
      }
    }
    if (at_end()) return Fail(from, "a text has no closing quote");
    return JudgeUtf8(from, ++at_);
  }

  bool JudgeUtf8(size_t from, size_t to) {
    const std::string_view bytes = text_.substr(from, to - from);
    delimited::Utf8Census census;
    delimited::CountUtf8(bytes, true, census);
    if (census.invalid == 0) return true;
    size_t good = from;
    for (size_t i = from; i < to; ++i) {
      if (text_[i] == delimited::kUndecodable) return Fail(i, "a byte that is not UTF-8");
    }
    return Fail(good, "a text with bytes that are not UTF-8");
  }

  bool Escape() {
    const size_t from = at_++;
    if (at_end()) return Fail(from, "a text has no closing quote");
    if (std::string_view("\"\\/bfnrt").find(here()) != std::string_view::npos) return ++at_, true;
    if (here() != 'u') {
      return Fail(
          from, "\\" + std::string(1, std::isprint(static_cast<unsigned char>(here())) != 0 ? here() : '?') +
                    " is no JSON: a backslash is written \\\\");
    }
    unsigned code = 0;
    if (!Hex(code)) return Fail(from, "\\u needs four hexadecimal digits");
    if (code >= 0xDC00 && code < 0xE000)
      return Fail(from, "half a character: \\u with the second half of a pair alone");
    if (code < 0xD800 || code >= 0xDC00) return true;
    unsigned second = 0;
    if (text_.substr(at_, 2) != "\\u" || !(++at_, Hex(second)) || second < 0xDC00 || second >= 0xE000) {
      return Fail(from, "half a character: \\u with the first half of a pair alone");
    }
    return true;
  }

  // From the u on.
  bool Hex(unsigned& code) {
    ++at_;
    code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      if (at_end() || std::isxdigit(static_cast<unsigned char>(here())) == 0) return false;
      const int digit =
          std::isdigit(static_cast<unsigned char>(here())) != 0 ? here() - '0' : (here() | 0x20) - 'a' + 10;
      code = code * 16 + static_cast<unsigned>(digit);
    }
    return true;
  }

  bool Number() {
    const size_t from = at_;
    while (!at_end() && std::string_view("+-.0123456789eE").find(here()) != std::string_view::npos) ++at_;
    const std::string_view number = text_.substr(from, at_ - from);
    if (IsNumber(number)) return true;
    if (text_.substr(from, 9) == "-Infinity") return Fail(from, NotAValue(text_.substr(from)));
    if (number.size() > 1 && number[0] == '0' && std::isdigit(static_cast<unsigned char>(number[1])) != 0) {
      return Fail(from, "\"" + std::string(number.substr(0, 24)) +
                            "\": a number has no leading zeros; a code is written in quotes");
    }
    return Fail(from, "\"" + std::string(number.substr(0, 24)) + "\" is no number as JSON writes it");
  }

  const std::string_view text_;
  size_t at_ = 0;
  std::optional<Mistake> mistake_;
};

}  // namespace

std::optional<Mistake> FirstMistake(std::string_view text) { return Checker(text).Run(); }

std::string NotAValue(std::string_view rest) {
  for (const Habit& habit : kHabits) {
    if (rest.substr(0, habit.begins.size()) == habit.begins) return std::string(habit.what);
  }
  if (rest.empty()) return "the end of the text";
  if (rest[0] == delimited::kUndecodable) return "a byte that is not UTF-8";
  const std::string shown =
      "\"" + delimited::ForPeople(rest.substr(0, rest.find_first_of(",:]}\r\n")), 24) + "\"";
  if (rest[0] == ',' || rest[0] == ':' || rest[0] == ']' || rest[0] == '}') {
    return std::string("\"") + rest[0] + "\" where a value should stand";
  }
  return shown + ", which is neither a number nor true, false or null: a text needs double quotes";
}

std::string Unescaped(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      plain += text[i];
      continue;
    }
    const char escape = text[++i];
    constexpr std::string_view kLetters = "bfnrt";
    if (const size_t letter = kLetters.find(escape); letter != std::string_view::npos) {
      plain += "\b\f\n\r\t"[letter];
    } else if (escape != 'u') {
      plain += escape;
    } else {
      uint32_t code = static_cast<uint32_t>(std::stoul(std::string(text.substr(i + 1, 4)), nullptr, 16));
      i += 4;
      if (code >= 0xD800 && code < 0xDC00) {
        const auto second =
            static_cast<uint32_t>(std::stoul(std::string(text.substr(i + 3, 4)), nullptr, 16));
        code = 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00);
        i += 6;
      }
      AppendUtf8(code, plain);
    }
  }
  return plain;
}

bool IsNumber(std::string_view text) {
  size_t at = 0;
  const auto digits = [&] {
    const size_t from = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - from;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const size_t whole = at;
  const size_t count = digits();
  if (count == 0 || (count > 1 && text[whole] == '0')) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

}  // namespace concordat::json
