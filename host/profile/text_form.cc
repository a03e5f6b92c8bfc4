#include "host/profile/text_form.h"

#include "fmt/format.h"

namespace concordat::profile {
namespace {

constexpr size_t kLongest = 40;

// The sign of a character, or 0 inside a character of several bytes.
char SignOf(unsigned char byte) {
  if (byte >= '0' && byte <= '9') return '9';
  if (byte >= 'A' && byte <= 'Z') return 'A';
  if ((byte >= 'a' && byte <= 'z') || byte >= 0xC0) return 'a';
  return byte >= 0x80 ? '\0' : static_cast<char>(byte);
}

bool IsClass(char sign) { return sign == '9' || sign == 'A' || sign == 'a'; }

std::string DrawnTogether(std::string_view form) {
  std::string shorter;
  for (size_t i = 0; i < form.size(); ++i) {
    const bool repeated = i > 0 && form[i] == form[i - 1] && IsClass(form[i]);
    if (repeated && shorter.back() != '+') shorter += '+';
    if (!repeated) shorter += form[i];
  }
  return shorter;
}

// Digests and random ids: a form of their own, lest each of them be one.
bool IsHexadecimal(std::string_view text) {
  constexpr size_t kShortest = 16;
  bool digit = false;
  bool letter = false;
  for (const char c : text) {
    digit = digit || (c >= '0' && c <= '9');
    letter = letter || (c >= 'a' && c <= 'f');
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
  }
  return text.size() >= kShortest && digit && letter;
}

constexpr std::string_view kHexadecimal = " hexadecimal digits";

std::string_view ClassOf(char sign) {
  if (sign == '9') return "[0-9]";
  return sign == 'A' ? "[A-Z]" : "[a-z]";
}

}  // namespace

std::string FormOf(std::string_view text) {
  if (IsHexadecimal(text)) return fmt::format("{}{}", text.size(), kHexadecimal);
  std::string form;
  for (const char byte : text) {
    const char sign = SignOf(static_cast<unsigned char>(byte));
    if (sign != '\0') form += sign;
  }
  if (form.size() <= kLongest) return form;
  std::string shorter = DrawnTogether(form);
  if (shorter.size() > kLongest) shorter.resize(kLongest);
  return shorter;
}

std::string PatternOf(std::string_view form) {
  if (form.ends_with(kHexadecimal))
    return fmt::format("[0-9a-f]{{{}}}", form.substr(0, form.size() - kHexadecimal.size()));
  std::string pattern;
  for (size_t i = 0; i < form.size();) {
    const char sign = form[i];
    size_t end = i + 1;
    while (IsClass(sign) && end < form.size() && form[end] == sign) ++end;
    if (!IsClass(sign)) {
      if (std::string_view("\\.+*?()|[]{}^$").find(sign) != std::string_view::npos) pattern += '\\';
      pattern += sign;
    } else {
      pattern += ClassOf(sign);
      if (end - i > 1) pattern += fmt::format("{{{}}}", end - i);
    }
    i = end;
  }
  return pattern;
}

}  // namespace concordat::profile
