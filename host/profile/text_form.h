// The form of a text: which kinds of characters stand where.
#pragma once

#include <string>
#include <string_view>

namespace concordat::profile {

/// "DE1 2GU" becomes "AA9 9AA": A for a capital letter, a for a small one, 9 for a digit, all else as it
/// stands; letters beyond ASCII count as a. Sixteen and more hexadecimal digits are "64 hexadecimal digits".
/// Longer than 40 characters, runs are drawn together: "a+ 9+".
std::string FormOf(std::string_view text);

/// A regular expression (RE2) for the texts of a form: "AA9 9AA" becomes "[A-Z]{2}[0-9] [0-9][A-Z]{2}".
std::string PatternOf(std::string_view form);

}  // namespace concordat::profile
