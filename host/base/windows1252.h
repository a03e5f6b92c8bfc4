// Windows-1252, in which spreadsheets of western Europe save "CSV" when nobody says otherwise.
#pragma once

#include <string>
#include <string_view>

namespace concordat {

/// Every byte as the character it stands for (WHATWG Encoding: the five unassigned ones as controls).
std::string Windows1252ToUtf8(std::string_view bytes);

}  // namespace concordat
