// UTF-8 as RFC 3629 allows it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace concordat {

/// The byte offset of the first ill-formed sequence, or text.size() when all is well.
size_t Utf8ValidPrefix(std::string_view text);
inline bool IsUtf8(std::string_view text) { return Utf8ValidPrefix(text) == text.size(); }

/// Unicode code points of well-formed text.
size_t Utf8Length(std::string_view text);

/// Appends one code point; U+FFFD in place of what is none (a surrogate, or above U+10FFFF).
void AppendUtf8(uint32_t code_point, std::string& out);

/// The order of UTF-16 code units, which RFC 8785 sorts members by.
bool Utf16Less(std::string_view a, std::string_view b);

/// Columns a terminal needs, taking every code point as one; enough for carets.
inline size_t DisplayWidth(std::string_view text) { return Utf8Length(text); }

}  // namespace concordat
