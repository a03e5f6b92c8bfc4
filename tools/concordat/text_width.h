// Text on a terminal: how many columns it takes, where it breaks, and nothing in it that moves a reader's
// cursor.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace concordat::cli {

/// Columns a terminal needs for one line: wide characters take two, combining marks none (Unicode Annex 11),
/// colours ("\x1b[1m") none.
size_t Columns(std::string_view text);
/// What strangers wrote, fit for a terminal: line ends and tabs become blanks, other control characters and
/// those that turn the writing direction U+FFFD.
std::string Harmless(std::string_view text);
/// The same of a page with line ends, tabs and colours of our own, which stay.
std::string HarmlessPage(std::string_view text);
/// Lines of at most `width` columns, broken at blanks, inside a word only when it is longer than a line.
/// At least one line; `width` 0 counts as 1.
std::vector<std::string> Wrapped(std::string_view text, size_t width);
/// Wrapped lines, each after `indent` blanks and with a line end; the first one after `lead` instead.
std::string Indented(std::string_view text, size_t indent, size_t width, std::string_view lead = "");
/// At most `width` columns; "…" at the end when something was cut. Colours are dropped when it is cut.
std::string CutTo(std::string_view text, size_t width);
/// Blanks at the end up to `width` columns.
std::string PaddedTo(std::string_view text, size_t width);

}  // namespace concordat::cli
