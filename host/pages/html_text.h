// Text that goes into a page.
#pragma once

#include <string>
#include <string_view>

namespace concordat::pages {

/// & < > " ' become references; control characters that HTML forbids become U+FFFD. Works for XML 1.0 too.
std::string Escaped(std::string_view text);

}  // namespace concordat::pages
