#include "plugins/spreadsheet/cell_text.h"

#include <charconv>
#include <cmath>
#include <cstdio>

#include "plugins/spreadsheet/row.h"

namespace concordat::spreadsheet {
namespace {

constexpr double kFixedBelow = 1e21;
constexpr double kFixedFrom = 1e-7;

bool IsWhole(std::string_view stored) {
  const size_t sign = !stored.empty() && stored[0] == '-' ? 1 : 0;
  return stored.size() > sign && stored.size() - sign <= 20 &&
         stored.find_first_not_of("0123456789", sign) == stored.npos;
}

// Of at most 15 digits with a point and no exponent, as most are stored: what is shown is what is stored, but
// for noughts at the end.
std::optional<std::string_view> ShownAsStored(std::string_view stored) {
  const size_t sign = !stored.empty() && stored[0] == '-' ? 1 : 0;
  const size_t point = stored.find('.');
  if (point == stored.npos || point == sign || stored.size() - sign > 16 || stored.size() == point + 1)
    return std::nullopt;
  if (stored.find_first_not_of("0123456789", point + 1) != stored.npos) return std::nullopt;
  if (stored.substr(sign, point - sign).find_first_not_of("0123456789") != stored.npos) return std::nullopt;
  if (stored[sign] == '0' &&
      (point > sign + 1 || stored.substr(point + 1, 6).find_first_not_of('0') == stored.npos))
    return std::nullopt;
  const size_t last = stored.find_last_not_of('0');
  return stored.substr(0, last == point ? point : last + 1);
}

void AppendUtf8(uint32_t code, std::string& text) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | code >> 6);
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    text += static_cast<char>(0xE0 | code >> 12);
    text += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// "_xHHHH_" at `at`; surrogates and control characters are left as they stand.
std::optional<uint32_t> EscapeAt(std::string_view text, size_t at) {
  if (text.size() < at + 7 || text[at + 1] != 'x' || text[at + 6] != '_') return std::nullopt;
  uint32_t code = 0;
  const char* const digits = text.data() + at + 2;
  const auto [end, error] = std::from_chars(digits, digits + 4, code, 16);
  if (error != std::errc() || end != digits + 4 || (code >= 0xD800 && code < 0xE000)) return std::nullopt;
  if (code < 0x20 && code != '\t' && code != '\n' && code != '\r') return std::nullopt;
  return code;
}

}  // namespace

std::optional<double> ReadNumber(std::string_view stored) {
  double value = 0;
  const auto [end, error] = std::from_chars(stored.data(), stored.data() + stored.size(), value);
  if (error != std::errc() || end != stored.data() + stored.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::string NumberText(std::string_view stored, double value) {
  if (IsWhole(stored)) return stored == "-0" ? "0" : std::string(stored);
  if (const auto shown = ShownAsStored(stored)) return std::string(*shown);
  char digits[40];
  std::snprintf(digits, sizeof digits, "%.15g", value);
  double shown = value;
  std::from_chars(digits, digits + sizeof digits, shown);
  if (shown == 0) return "0";
  const double size = std::fabs(shown);
  const auto form =
      size >= kFixedFrom && size < kFixedBelow ? std::chars_format::fixed : std::chars_format::scientific;
  char buffer[64];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, shown, form);
  return error == std::errc() ? std::string(buffer, end) : std::string(stored);
}

std::string WithoutEscapes(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const std::optional<uint32_t> code = text[i] == '_' ? EscapeAt(text, i) : std::nullopt;
    if (code) {
      AppendUtf8(*code, plain);
      i += 7;
    } else {
      plain += text[i++];
    }
  }
  return plain;
}

std::string ColumnName(uint32_t column) {
  std::string name;
  for (uint32_t left = column + 1; left > 0; left = (left - 1) / 26)
    name.insert(name.begin(), static_cast<char>('A' + (left - 1) % 26));
  return name;
}

bool ReadPlace(std::string_view text, uint32_t& column, uint64_t& row) {
  size_t at = 0;
  uint32_t letters = 0;
  while (at < text.size() && text[at] == '$') ++at;
  const size_t first = at;
  for (; at < text.size() && at < first + 4; ++at) {
    const char c = text[at] >= 'a' && text[at] <= 'z' ? static_cast<char>(text[at] - 32) : text[at];
    if (c < 'A' || c > 'Z') break;
    letters = letters * 26 + static_cast<uint32_t>(c - 'A' + 1);
  }
  if (at == first || letters > kMostColumns) return false;
  column = letters - 1;
  row = 0;
  if (at < text.size() && text[at] == '$') ++at;
  if (at == text.size()) return true;
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), row);
  return error == std::errc() && end == text.data() + text.size() && row >= 1 && row <= kMostRows;
}

bool ReadArea(std::string_view text, Area& area) {
  area = {};
  const size_t colon = text.find(':');
  uint32_t column = 0;
  uint64_t row = 0;
  if (!ReadPlace(text.substr(0, colon), column, row)) return false;
  area.first_column = column;
  area.first_row = row == 0 ? 1 : row;
  if (colon == text.npos) return true;
  if (!ReadPlace(text.substr(colon + 1), column, row)) return false;
  area.last_column = column;
  area.last_row = row == 0 ? kMostRows : row;
  return area.last_column >= area.first_column && area.last_row >= area.first_row;
}

}  // namespace concordat::spreadsheet
