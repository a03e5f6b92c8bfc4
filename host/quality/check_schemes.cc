#include "host/quality/check_schemes.h"

#include <array>
#include <cstdint>
#include <string>

namespace concordat::quality {
namespace {

bool AllDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// NHS number: ten digits; weights 10 to 1, the sum divisible by 11 (NHS Data Dictionary).
bool IsNhsNumber(std::string_view text) {
  if (text.size() != 10 || !AllDigits(text)) return false;
  int sum = 0;
  for (int i = 0; i < 10; ++i) sum += (text[i] - '0') * (10 - i);
  return sum % 11 == 0;
}

// ISO/IEC 7812-1: from the right every second digit doubled, the sum of digits divisible by 10.
bool IsLuhn(std::string_view text) {
  if (text.size() < 2 || !AllDigits(text)) return false;
  int sum = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const int digit = (text[text.size() - 1 - i] - '0') * (i % 2 == 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 == 0;
}

// Unique pupil number: a check letter and twelve digits (the last of a temporary one is a letter); weights 2
// to 13, modulo 23 (Department for Education).
bool IsUpn(std::string_view text) {
  constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRTUVWXYZ";
  if (text.size() != 13 || !AllDigits(text.substr(1, 11))) return false;
  const bool digit = text[12] >= '0' && text[12] <= '9';
  const size_t last = digit ? static_cast<size_t>(text[12] - '0') : kLetters.find(text[12]);
  if (last == std::string_view::npos) return false;
  size_t sum = last * 13;
  for (size_t i = 1; i < 12; ++i) sum += static_cast<size_t>(text[i] - '0') * (i + 1);
  return text[0] == kLetters[sum % 23];
}

// Unique taxpayer reference: the first of ten digits checks the others, modulo 11 (HMRC; as in python-stdnum
// gb.utr).
bool IsUtr(std::string_view text) {
  constexpr std::array<int, 9> kWeights = {6, 7, 8, 9, 10, 5, 4, 3, 2};
  if (text.size() != 10 || !AllDigits(text)) return false;
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) sum += (text[i + 1] - '0') * kWeights[i];
  return text[0] == std::string_view("21987654321")[static_cast<size_t>(sum % 11)];
}

// "GB 980 7806 84" and "980780684" are the same number.
std::string Compact(std::string_view text, std::string_view prefix) {
  std::string compact;
  for (const char c : text) {
    if (c != ' ') compact += c;
  }
  return compact.starts_with(prefix) ? compact.substr(prefix.size()) : compact;
}

// UK VAT number: nine digits, or twelve with a branch; weights 8 to 2, 10 and 1; modulo 97, or 9755 since
// 2010 (HMRC).
bool IsVatNumber(std::string_view text) {
  constexpr std::array<int, 9> kWeights = {8, 7, 6, 5, 4, 3, 2, 10, 1};
  const std::string number = Compact(text, "GB");
  if ((number.size() != 9 && number.size() != 12) || !AllDigits(number)) return false;
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) sum += (number[i] - '0') * kWeights[i];
  const int rest = sum % 97;
  return rest == 0 || (number.substr(0, 3) >= "100" && (rest == 42 || rest == 55));
}

// Letters count 10 to 35; the number as a whole leaves 1 modulo 97 (ISO/IEC 7064, MOD 97-10).
bool LeavesOne(std::string_view text) {
  uint32_t rest = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      rest = (rest * 10 + static_cast<uint32_t>(c - '0')) % 97;
    } else if (c >= 'A' && c <= 'Z') {
      rest = (rest * 100 + static_cast<uint32_t>(c - 'A' + 10)) % 97;
    } else {
      return false;
    }
  }
  return rest == 1;
}

// ISO 13616: the first four characters move to the end.
bool IsIban(std::string_view text) {
  const std::string number = Compact(text, "");
  if (number.size() < 15 || number.size() > 34) return false;
  if (!AllDigits(number.substr(2, 2)) || number[0] < 'A' || number[1] < 'A') return false;
  return LeavesOne(number.substr(4) + number.substr(0, 4));
}

// ISO 17442: twenty characters, the last two digits check the others.
bool IsLei(std::string_view text) {
  return text.size() == 20 && AllDigits(text.substr(18)) && LeavesOne(text);
}

// ISO 2108: ten digits (the last may be X) with weights 10 to 1, or thirteen with 1 and 3 in turn; hyphens
// are dropped.
bool IsIsbn(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != '-' && c != ' ') digits += c;
  }
  int sum = 0;
  if (digits.size() == 13 && AllDigits(digits)) {
    for (size_t i = 0; i < 13; ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
    return sum % 10 == 0;
  }
  if (digits.size() != 10 || !AllDigits(digits.substr(0, 9))) return false;
  for (size_t i = 0; i < 9; ++i) sum += (digits[i] - '0') * static_cast<int>(10 - i);
  if (digits[9] != 'X' && (digits[9] < '0' || digits[9] > '9')) return false;
  return (sum + (digits[9] == 'X' ? 10 : digits[9] - '0')) % 11 == 0;
}

// J. Verhoeff, Error Detecting Decimal Codes, 1969: the dihedral group of order ten; SNOMED CT identifiers
// use it.
bool IsVerhoeff(std::string_view text) {
  constexpr uint8_t kPermutation[] = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
  const auto product = [](int a, int b) {
    if (a < 5) return b < 5 ? (a + b) % 5 : 5 + (a + b) % 5;
    return b < 5 ? 5 + (a - b) % 5 : (a - b + 5) % 5;
  };
  if (text.size() < 2 || !AllDigits(text)) return false;
  int check = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    int digit = text[text.size() - 1 - i] - '0';
    for (size_t turn = 0; turn < i % 8; ++turn) digit = kPermutation[digit];
    check = product(check, digit);
  }
  return check == 0;
}

constexpr CheckScheme kSchemes[] = {{"iban", "IBAN", IsIban},
                                    {"isbn", "ISBN", IsIsbn},
                                    {"lei", "legal entity identifier", IsLei},
                                    {"luhn", "number with a right check digit (Luhn)", IsLuhn},
                                    {"nhs_mod11", "NHS number", IsNhsNumber},
                                    {"upn", "unique pupil number", IsUpn},
                                    {"utr", "unique taxpayer reference", IsUtr},
                                    {"vat", "VAT number", IsVatNumber},
                                    {"verhoeff", "number with a right check digit (Verhoeff)", IsVerhoeff}};

}  // namespace

std::span<const CheckScheme> CheckSchemes() { return kSchemes; }

}  // namespace concordat::quality
