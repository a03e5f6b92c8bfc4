// Small things about text.
#pragma once

#include <string>
#include <string_view>

namespace concordat::spreadsheet {

inline bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

inline std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

/// ASCII only.
inline std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return lower;
}

/// A heading on one line: line breaks and runs of blanks become one blank.
inline std::string OneLine(std::string_view text) {
  std::string line;
  for (const char c : Trimmed(text)) {
    if (!IsBlank(c)) {
      line += c;
    } else if (line.back() != ' ') {
      line += ' ';
    }
  }
  return line;
}

/// For a note: cut after `most` bytes, between two characters.
inline std::string Short(std::string_view text, size_t most = 60) {
  const std::string line = OneLine(text);
  if (line.size() <= most) return line;
  size_t end = most;
  while (end > 0 && (line[end] & 0xC0) == 0x80) --end;
  return line.substr(0, end) + "...";
}

/// "1 row", "2 rows".
inline std::string Counted(uint64_t count, const std::string& one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

}  // namespace concordat::spreadsheet
