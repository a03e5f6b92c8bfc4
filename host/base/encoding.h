// Bytes as text: hexadecimal and base64 (RFC 4648, with padding).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace concordat {

std::string HexEncode(std::string_view bytes);
/// Nothing for an odd length or any other character than 0-9 a-f A-F.
std::optional<std::string> HexDecode(std::string_view text);

std::string Base64Encode(std::string_view bytes);
/// Strict: padding required, no blanks, no stray bits; nothing otherwise.
std::optional<std::string> Base64Decode(std::string_view text);

}  // namespace concordat
