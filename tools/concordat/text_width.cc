#include "tools/concordat/text_width.h"

#include <algorithm>
#include <cstdint>

namespace concordat::cli {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};
// Unicode Standard Annex 11, East Asian Width W and F, by blocks.
constexpr Range kWide[] = {{0x1100, 0x115F},  {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xA960, 0xA97F},
                           {0xAC00, 0xD7A3},  {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                           {0xFFE0, 0xFFE6},  {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF},
                           {0x20000, 0x3FFFD}};
constexpr Range kNone[] = {{0x0300, 0x036F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
                           {0x200B, 0x200F}, {0x2060, 0x2064}, {0x20D0, 0x20FF},
                           {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}};
// Controls, and what turns the direction of writing (Unicode Annex 9).
constexpr Range kHarmful[] = {
    {0x00, 0x1F}, {0x7F, 0x9F}, {0x200E, 0x200F}, {0x202A, 0x202E}, {0x2066, 0x2069}};

template <size_t N>
bool Within(uint32_t code, const Range (&ranges)[N]) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [code](const Range& range) { return code >= range.first && code <= range.last; });
}

// One character with all that belongs to it on the screen; an SGR escape is a character of no width.
struct Character {
  std::string_view bytes;
  size_t columns = 1;
  uint32_t code = 0;
};

size_t EscapeLength(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  const size_t end = text.find_first_not_of("0123456789;", 2);
  return end != std::string_view::npos && text[end] == 'm' ? end + 1 : 0;
}

Character FirstOf(std::string_view text) {
  if (const size_t escape = EscapeLength(text); escape > 0) return {text.substr(0, escape), 0, 0x1B};
  const auto byte = static_cast<unsigned char>(text[0]);
  const size_t length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
  const std::string_view bytes = text.substr(0, std::min(length, text.size()));
  uint32_t code = length == 1 ? byte : byte & (0xFF >> (length + 1));
  for (size_t i = 1; i < bytes.size(); ++i) code = code << 6 | (static_cast<unsigned char>(bytes[i]) & 0x3F);
  return {bytes, Within(code, kNone) ? size_t{0} : Within(code, kWide) ? size_t{2} : size_t{1}, code};
}

// As much of `text` as fits into `width` columns, at least one character.
std::string_view Fitting(std::string_view text, size_t width) {
  size_t taken = 0;
  size_t columns = 0;
  while (taken < text.size()) {
    const Character next = FirstOf(text.substr(taken));
    if (columns + next.columns > width && taken > 0) break;
    columns += next.columns;
    taken += next.bytes.size();
  }
  return text.substr(0, taken);
}

std::string WithoutColours(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Character next = FirstOf(text);
    if (next.code != 0x1B) out += next.bytes;
    text.remove_prefix(next.bytes.size());
  }
  return out;
}

}  // namespace

size_t Columns(std::string_view text) {
  size_t columns = 0;
  while (!text.empty()) {
    const Character next = FirstOf(text);
    columns += next.columns;
    text.remove_prefix(next.bytes.size());
  }
  return columns;
}

std::string Harmless(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    // An escape is cut at its first byte here: what follows is shown as the letters it is.
    const Character next = text[0] == '\x1b' ? Character{text.substr(0, 1), 1, 0x1B} : FirstOf(text);
    if (next.code == '\n' || next.code == '\t' || next.code == '\r') {
      if (next.code != '\r') out += ' ';
    } else if (Within(next.code, kHarmful)) {
      out += "\xEF\xBF\xBD";
    } else {
      out += next.bytes;
    }
    text.remove_prefix(next.bytes.size());
  }
  return out;
}

std::string HarmlessPage(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t colour = EscapeLength(text);
    const size_t plain = text.find_first_of("\n\t\x1b");
    if (colour > 0 || plain == 0) {
      const size_t size = std::max<size_t>(colour, 1);
      out += colour == 0 && text[0] == '\x1b' ? std::string_view("\xEF\xBF\xBD") : text.substr(0, size);
      text.remove_prefix(size);
      continue;
    }
    out += Harmless(text.substr(0, plain));
    text.remove_prefix(std::min(plain, text.size()));
  }
  return out;
}

std::vector<std::string> Wrapped(std::string_view text, size_t width) {
  width = std::max<size_t>(width, 1);
  std::vector<std::string> lines(1);
  size_t used = 0;
  while (!text.empty()) {
    if (text[0] == ' ') {
      text.remove_prefix(1);
      continue;
    }
    std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    if (used > 0 && used + 1 + Columns(word) > width) {
      lines.emplace_back();
      used = 0;
    }
    while (used == 0 && Columns(word) > width) {
      const std::string_view head = Fitting(word, width);
      lines.back() = head;
      lines.emplace_back();
      word.remove_prefix(head.size());
    }
    if (word.empty()) continue;
    if (used > 0) lines.back() += ' ';
    lines.back() += word;
    used = Columns(lines.back());
  }
  if (lines.size() > 1 && lines.back().empty()) lines.pop_back();
  return lines;
}

std::string Indented(std::string_view text, size_t indent, size_t width, std::string_view lead) {
  std::string out;
  for (const std::string& line : Wrapped(text, width > indent ? width - indent : 1)) {
    if (out.empty() && !lead.empty()) {
      out += PaddedTo(lead, indent);
    } else {
      out.append(indent, ' ');
    }
    out += line + "\n";
  }
  return out;
}

std::string CutTo(std::string_view text, size_t width) {
  if (Columns(text) <= width) return std::string(text);
  if (width == 0) return "";
  const std::string plain = WithoutColours(text);
  return (width == 1 ? std::string() : std::string(Fitting(plain, width - 1))) + "…";
}

std::string PaddedTo(std::string_view text, size_t width) {
  const size_t columns = Columns(text);
  return std::string(text) + std::string(columns < width ? width - columns : 0, ' ');
}

}  // namespace concordat::cli
