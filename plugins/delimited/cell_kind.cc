#include "plugins/delimited/cell_kind.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace concordat::delimited {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// A word that numbers and dates may hold.
bool BelongsToTyped(std::string word) {
  static constexpr std::array kMonths = {"january",   "february", "march",    "april",
                                         "may",       "june",     "july",     "august",
                                         "september", "october",  "november", "december"};
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (word == "e" || word == "t" || word == "z" || word == "am" || word == "pm" || word == "utc") return true;
  return std::any_of(kMonths.begin(), kMonths.end(), [&](std::string_view month) {
    return word == month || (word.size() == 3 && word == month.substr(0, 3)) ||
           (word == "sept" && month[0] == 's');
  });
}

bool AllDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit); }

// Nothing but what numbers and dates are written with.
bool LooksTyped(std::string_view cell) {
  bool digits = false;
  for (size_t i = 0; i < cell.size();) {
    if (IsLetter(cell[i])) {
      size_t end = i;
      while (end < cell.size() && IsLetter(cell[end])) ++end;
      if (!BelongsToTyped(std::string(cell.substr(i, end - i)))) return false;
      i = end;
      continue;
    }
    digits |= IsDigit(cell[i]);
    const std::string_view rest = cell.substr(i);
    if (rest.substr(0, 2) == "\u00A3") {  // pound sign
      i += 2;
    } else if (rest.substr(0, 3) == "\u20AC") {  // euro sign
      i += 3;
    } else if (IsDigit(cell[i]) || std::string_view(" .,%:/-+()$").find(cell[i]) != std::string_view::npos) {
      ++i;
    } else {
      return false;
    }
  }
  return digits;
}

bool LooksLikeDate(std::string_view cell) {
  const bool parted = cell.find_first_of("/:") != std::string_view::npos;
  return parted || std::count(cell.begin(), cell.end(), '-') >= 2 ||
         std::count_if(cell.begin(), cell.end(), IsLetter) >= 3;
}

bool LooksLikeYear(std::string_view cell) {
  if (cell.size() < 4 || !AllDigits(cell.substr(0, 4))) return false;
  if (cell.substr(0, 2) != "19" && cell.substr(0, 2) != "20") return false;
  if (cell.size() == 4) return true;
  const std::string_view second = cell.substr(5);
  return (cell[4] == '/' || cell[4] == '-') && (second.size() == 2 || second.size() == 4) &&
         AllDigits(second);
}

}  // namespace

CellKind KindOf(std::string_view cell) {
  if (!LooksTyped(cell)) return CellKind::kOther;
  if (LooksLikeYear(cell)) return CellKind::kYear;
  return LooksLikeDate(cell) ? CellKind::kDate : CellKind::kNumber;
}

bool LooksLikeWords(std::string_view cell) {
  const auto belongs = [](char c) { return IsLetter(c) || static_cast<unsigned char>(c) >= 0x80; };
  return std::count_if(cell.begin(), cell.end(), belongs) >= 3 && KindOf(cell) == CellKind::kOther;
}

}  // namespace concordat::delimited
