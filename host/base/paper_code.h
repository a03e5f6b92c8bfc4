// 128 random bits as people write them down, read them out and type them in: 28 letters and digits in groups
// of four, "K7QM-3XRD-...".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace concordat {

inline constexpr size_t kPaperCodeBytes = 16;

/// A new code: Crockford's base32 (no I, L, O, U) of 16 random bytes and two characters of checking.
std::string NewPaperCode();
/// The code of these 16 bytes.
std::string PaperCodeOf(std::string_view bytes);
/// True for a text that has a code's length once blanks and hyphens are left out, mistyped or not.
bool LooksLikePaperCode(std::string_view text);
/// The code in its one form: small letters, blanks and hyphens do not count, O is read as 0, I and L as 1.
/// Nothing when it is no code or mistyped: one wrong character and two neighbours that changed places are
/// always noticed (the check is the number modulo the prime 1021), any other mistake in all but one of a
/// thousand.
std::optional<std::string> ReadPaperCode(std::string_view text);

}  // namespace concordat
