#include "host/base/paper_code.h"

#include <array>
#include <cstdint>
#include <cstdlib>

#include "host/base/random.h"

namespace concordat {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr size_t kBodyCharacters = 26;  // 130 bits: two of them are always 0
constexpr size_t kCharacters = kBodyCharacters + 2;
constexpr size_t kGroup = 4;
constexpr uint32_t kModulus = 1021;  // the largest prime below 32 * 32

// The value of a character; -1 when it is none of a code's.
int ValueOf(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') c = '0';
  if (c == 'I' || c == 'L') c = '1';
  const size_t at = kAlphabet.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

bool IsSeparator(char c) { return c == '-' || c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string WithoutSeparators(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (!IsSeparator(c)) plain += c;
  }
  return plain;
}

uint32_t CheckOf(std::string_view body) {
  uint32_t rest = 0;
  for (const char c : body) rest = (rest * 32 + static_cast<uint32_t>(ValueOf(c))) % kModulus;
  return rest;
}

std::string Grouped(std::string_view characters) {
  std::string code;
  for (size_t i = 0; i < characters.size(); ++i) {
    if (i > 0 && i % kGroup == 0) code += '-';
    code += characters[i];
  }
  return code;
}

}  // namespace

std::string NewPaperCode() { return PaperCodeOf(RandomBytes(kPaperCodeBytes)); }

std::string PaperCodeOf(std::string_view bytes) {
  if (bytes.size() != kPaperCodeBytes) std::abort();
  std::string characters;
  uint32_t bits = 0;
  int count = 2;  // the two that are always 0 come first
  for (const char byte : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(byte);
    count += 8;
    while (count >= 5) {
      count -= 5;
      characters += kAlphabet[(bits >> count) & 31];
    }
    bits &= (uint32_t{1} << count) - 1;
  }
  const uint32_t check = CheckOf(characters);
  characters += kAlphabet[check / 32];
  characters += kAlphabet[check % 32];
  return Grouped(characters);
}

bool LooksLikePaperCode(std::string_view text) {
  const std::string plain = WithoutSeparators(text);
  if (plain.size() != kCharacters) return false;
  for (const char c : plain) {
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) return false;
  }
  return true;
}

std::optional<std::string> ReadPaperCode(std::string_view text) {
  const std::string plain = WithoutSeparators(text);
  if (plain.size() != kCharacters) return std::nullopt;
  std::string characters;
  for (const char c : plain) {
    const int value = ValueOf(c);
    if (value < 0) return std::nullopt;
    characters += kAlphabet[static_cast<size_t>(value)];
  }
  const std::string_view body = std::string_view(characters).substr(0, kBodyCharacters);
  const auto check = static_cast<uint32_t>(ValueOf(characters[kBodyCharacters]) * 32 +
                                           ValueOf(characters[kBodyCharacters + 1]));
  if (CheckOf(body) != check) return std::nullopt;
  return Grouped(characters);
}

}  // namespace concordat
