#include "plugins/delimited/encoding.h"

#include <array>
#include <cstring>

namespace concordat::delimited {
namespace {

constexpr size_t kCutOff = SIZE_MAX;  // the bytes end within a sequence that is valid so far

bool IsContinuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

struct SequenceRule {
  size_t length;
  unsigned char second_min, second_max;  // leaves out overlong forms, surrogates and what is beyond U+10FFFF
};

// RFC 3629, section 4.
SequenceRule RuleOf(unsigned char lead) {
  if (lead >= 0xC2 && lead <= 0xDF) return {2, 0x80, 0xBF};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead >= 0xE1 && lead <= 0xEF) return {3, 0x80, 0xBF};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead >= 0xF1 && lead <= 0xF3) return {4, 0x80, 0xBF};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

// The length of the sequence that starts with a byte beyond ASCII, 0 when it is none, or kCutOff.
size_t SequenceLength(const char* at, const char* end) {
  const auto* p = reinterpret_cast<const unsigned char*>(at);
  const size_t left = static_cast<size_t>(end - at);
  const SequenceRule rule = RuleOf(p[0]);
  if (rule.length == 0) return 0;
  if (left < 2) return kCutOff;
  if (p[1] < rule.second_min || p[1] > rule.second_max) return 0;
  for (size_t i = 2; i < rule.length; ++i) {
    if (i >= left) return kCutOff;
    if (!IsContinuation(p[i])) return 0;
  }
  return rule.length;
}

const char* SkipAscii(const char* at, const char* end) {
  while (end - at >= 8) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    if (word & 0x8080808080808080ull) break;
    at += 8;
  }
  while (at < end && static_cast<unsigned char>(*at) < 0x80) ++at;
  return at;
}

// Calls `on_invalid(position)` for each byte that belongs to no sequence, `on_sequence()` for each sequence.
template <typename OnInvalid, typename OnSequence>
size_t WalkUtf8(const char* bytes, size_t size, bool last, OnInvalid on_invalid, OnSequence on_sequence) {
  const char* end = bytes + size;
  const char* at = SkipAscii(bytes, end);
  while (at < end) {
    size_t length = SequenceLength(at, end);
    if (length == kCutOff && !last) break;
    if (length == 0 || length == kCutOff) {
      on_invalid(static_cast<size_t>(at - bytes));
      ++at;
    } else {
      on_sequence();
      at += length;
    }
    at = SkipAscii(at, end);
  }
  return static_cast<size_t>(at - bytes);
}

// Windows-1252 from 0x80 to 0x9F, as the WHATWG and Microsoft map it; 0 where it defines nothing.
constexpr std::array<uint16_t, 32> kWindows1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

// The caller has reserved four bytes.
char* PutCharacter(uint32_t c, char* to) {
  if (c < 0x80) {
    *to++ = static_cast<char>(c);
  } else if (c < 0x800) {
    *to++ = static_cast<char>(0xC0 | c >> 6);
    *to++ = static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    *to++ = static_cast<char>(0xE0 | c >> 12);
    *to++ = static_cast<char>(0x80 | (c >> 6 & 0x3F));
    *to++ = static_cast<char>(0x80 | (c & 0x3F));
  } else {
    *to++ = static_cast<char>(0xF0 | c >> 18);
    *to++ = static_cast<char>(0x80 | (c >> 12 & 0x3F));
    *to++ = static_cast<char>(0x80 | (c >> 6 & 0x3F));
    *to++ = static_cast<char>(0x80 | (c & 0x3F));
  }
  return to;
}

size_t DecodeWindows1252(std::string_view bytes, RawBuffer<char>& text, bool& damaged) {
  text.Reserve(3 * bytes.size());
  char* to = text.data() + text.size();
  const char* at = bytes.data();
  const char* end = at + bytes.size();
  while (at < end) {
    const char* plain = SkipAscii(at, end);
    std::memcpy(to, at, static_cast<size_t>(plain - at));
    to += plain - at;
    at = plain;
    if (at == end) break;
    const auto byte = static_cast<unsigned char>(*at++);
    const uint32_t character = byte >= 0xA0 ? byte : kWindows1252[byte - 0x80];
    damaged |= character == 0;
    if (character == 0) {
      *to++ = kUndecodable;
    } else {
      to = PutCharacter(character, to);
    }
  }
  text.set_size(static_cast<size_t>(to - text.data()));
  return bytes.size();
}

uint32_t CodeUnit(const char* at, bool big_endian) {
  const auto* p = reinterpret_cast<const unsigned char*>(at);
  return big_endian ? static_cast<uint32_t>(p[0]) << 8 | p[1] : static_cast<uint32_t>(p[1]) << 8 | p[0];
}

size_t DecodeUtf16(bool big_endian, std::string_view bytes, bool last, RawBuffer<char>& text, bool& damaged) {
  text.Reserve(2 * bytes.size() + 4);
  char* to = text.data() + text.size();
  size_t at = 0;
  while (at + 1 < bytes.size()) {
    uint32_t unit = CodeUnit(bytes.data() + at, big_endian);
    size_t used = 2;
    bool good = unit < 0xD800 || unit > 0xDFFF;
    if (!good && unit < 0xDC00) {
      if (at + 3 >= bytes.size() && !last) break;
      const uint32_t low = at + 3 < bytes.size() ? CodeUnit(bytes.data() + at + 2, big_endian) : 0;
      if (low >= 0xDC00 && low <= 0xDFFF) {
        unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        used = 4;
        good = true;
      }
    }
    damaged |= !good;
    if (good) {
      to = PutCharacter(unit, to);
    } else {
      *to++ = kUndecodable;
    }
    at += used;
  }
  if (last && at < bytes.size()) {  // half a code unit
    *to++ = kUndecodable;
    damaged = true;
    at = bytes.size();
  }
  text.set_size(static_cast<size_t>(to - text.data()));
  return at;
}

}  // namespace

const char* NameOf(Encoding encoding) {
  switch (encoding) {
    case Encoding::kUtf8:
      return "utf-8";
    case Encoding::kWindows1252:
      return "windows-1252";
    case Encoding::kUtf16Le:
      return "utf-16le";
    case Encoding::kUtf16Be:
      return "utf-16be";
  }
  return "";
}

ByteSurvey SurveyBytes(std::string_view bytes) {
  unsigned char any = 0;
  unsigned char nul = 0;
  for (const char c : bytes) {  // plain enough for the compiler to vectorize
    any |= static_cast<unsigned char>(c);
    nul |= static_cast<unsigned char>(c == 0);
  }
  return {any < 0x80, nul != 0};
}

size_t CountUtf8(std::string_view bytes, bool last, Utf8Census& census) {
  return WalkUtf8(
      bytes.data(), bytes.size(), last, [&](size_t) { ++census.invalid; }, [&] { ++census.sequences; });
}

size_t MarkInvalidUtf8(char* bytes, size_t size, bool last, bool& damaged) {
  return WalkUtf8(
      bytes, size, last,
      [&](size_t at) {
        bytes[at] = kUndecodable;
        damaged = true;
      },
      [] {});
}

size_t DecodeTo(Encoding encoding, std::string_view bytes, bool last, RawBuffer<char>& text, bool& damaged) {
  if (encoding == Encoding::kWindows1252) return DecodeWindows1252(bytes, text, damaged);
  return DecodeUtf16(encoding == Encoding::kUtf16Be, bytes, last, text, damaged);
}

ByteOrderMark FindByteOrderMark(std::string_view head) {
  if (head.substr(0, 3) == "\xEF\xBB\xBF") return {Encoding::kUtf8, 3};
  if (head.substr(0, 2) == "\xFF\xFE") return {Encoding::kUtf16Le, 2};
  if (head.substr(0, 2) == "\xFE\xFF") return {Encoding::kUtf16Be, 2};
  return {};
}

bool LooksLikeUtf16(std::string_view head, Encoding& encoding) {
  size_t nul[2] = {0, 0};
  for (size_t i = 0; i < head.size(); ++i) nul[i % 2] += head[i] == 0;
  const size_t units = head.size() / 2;
  if (units < 4) return false;
  encoding = nul[1] > nul[0] ? Encoding::kUtf16Le : Encoding::kUtf16Be;
  const size_t more = nul[0] > nul[1] ? nul[0] : nul[1];
  const size_t fewer = nul[0] > nul[1] ? nul[1] : nul[0];
  return more * 10 > units * 7 && fewer * 50 < units;
}

std::string ForPeople(std::string_view text, size_t limit) {
  if (SurveyBytes(text.substr(0, limit)).ascii) return std::string(text.substr(0, limit));
  std::string shown;
  for (size_t i = 0; i < text.size();) {
    size_t length = 1;
    if (static_cast<unsigned char>(text[i]) >= 0x80)
      length = SequenceLength(&text[i], text.data() + text.size());
    const bool bad = length == 0 || length == kCutOff;
    const std::string_view next = bad ? std::string_view("\uFFFD") : text.substr(i, length);
    if (shown.size() + next.size() > limit) break;
    shown += next;
    i += bad ? 1 : length;
  }
  return shown;
}

}  // namespace concordat::delimited
