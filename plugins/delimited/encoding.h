// From a file's bytes to UTF-8. Bytes that are not the file's encoding become kUndecodable, so that the
// record they stand in can be named, and no other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "plugins/delimited/raw_buffer.h"

namespace concordat::delimited {

enum class Encoding { kUtf8, kWindows1252, kUtf16Le, kUtf16Be };

/// "utf-8", "windows-1252", "utf-16le", "utf-16be".
const char* NameOf(Encoding encoding);

/// Never part of valid UTF-8, so it can stand in decoded text for what could not be decoded.
inline constexpr char kUndecodable = '\xFF';

struct ByteSurvey {
  bool ascii = true;
  bool nul = false;
};
/// One fast pass.
ByteSurvey SurveyBytes(std::string_view bytes);

/// Valid sequences of two to four bytes, and bytes that belong to none.
struct Utf8Census {
  uint64_t sequences = 0;
  uint64_t invalid = 0;
};
/// Adds what `bytes` holds to `census`. Returns how many bytes were judged: all of them when `last`, else all
/// but a sequence that is cut off at the end.
size_t CountUtf8(std::string_view bytes, bool last, Utf8Census& census);

/// Replaces, in place, every byte that is not UTF-8; returns how many bytes were judged (as CountUtf8).
size_t MarkInvalidUtf8(char* bytes, size_t size, bool last, bool& damaged);

/// Appends `bytes` to `text` as UTF-8 (any encoding but UTF-8 itself); returns how many bytes were used: all
/// of them when `last`, else all but a code unit or surrogate pair that is cut off at the end.
size_t DecodeTo(Encoding encoding, std::string_view bytes, bool last, RawBuffer<char>& text, bool& damaged);

/// A byte order mark at the start; size 0 when there is none.
struct ByteOrderMark {
  Encoding encoding = Encoding::kUtf8;
  size_t size = 0;
};
ByteOrderMark FindByteOrderMark(std::string_view head);

/// UTF-16 without a mark shows as NUL in every other byte of Latin text. False when unsure.
bool LooksLikeUtf16(std::string_view head, Encoding& encoding);

/// For people: undecodable bytes as U+FFFD, cut at a character's border after at most `limit` bytes.
std::string ForPeople(std::string_view text, size_t limit);

}  // namespace concordat::delimited
