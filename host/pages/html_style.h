// What all pages share: one style, no script; light and dark, good on paper.
#pragma once

#include <string>
#include <string_view>

namespace concordat::pages {

/// The page up to its content; `title` is escaped. `more_style`: rules of this page alone.
std::string HtmlHead(std::string_view title, std::string_view more_style = "");
/// From the content to the end.
std::string_view HtmlFoot();
/// A wide table in a region of its own that scrolls and takes the keyboard's focus, so that the page itself
/// never scrolls sideways; `label` is escaped.
std::string ScrollRegion(std::string_view label, std::string_view table);
/// A bar filled to `share` (0..1).
std::string HtmlBar(double share);

}  // namespace concordat::pages
