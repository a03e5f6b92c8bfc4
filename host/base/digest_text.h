// The printed form of a digest, as people hand it in.
#pragma once

#include <string_view>

namespace concordat {

/// Whether the text is "sha256:" and 64 small hexadecimal digits.
bool IsDigestText(std::string_view text);

}  // namespace concordat
