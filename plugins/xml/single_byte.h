// Encodings of one byte a character that expat does not know itself.
#pragma once

#include <string_view>

namespace concordat::xml {

struct SingleByte {
  std::string_view name;
  /// The character of a byte, -1 when it has none.
  int (*CodePoint)(unsigned char byte);
};

/// By its name in lower case ("windows-1252", "cp1252", "iso-8859-15"); null when it is not known.
const SingleByte* FindSingleByte(std::string_view name);

}  // namespace concordat::xml
