#include "plugins/xml/single_byte.h"

#include <cstddef>

namespace concordat::xml {
namespace {

// The bytes 0x80 to 0x9F as the WHATWG's index of Windows-1252 has them; the five that are unassigned stay
// controls there and are no characters here.
constexpr int kWindows1252[] = {0x20AC, -1,     0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, -1,     0x017D, -1,
                                -1,     0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, -1,     0x017E, 0x0178};

int Windows1252(unsigned char byte) { return byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80] : byte; }

// Differs from ISO 8859-1 in eight places.
int Latin9(unsigned char byte) {
  switch (byte) {
    case 0xA4:
      return 0x20AC;
    case 0xA6:
      return 0x0160;
    case 0xA8:
      return 0x0161;
    case 0xB4:
      return 0x017D;
    case 0xB8:
      return 0x017E;
    case 0xBC:
      return 0x0152;
    case 0xBD:
      return 0x0153;
    case 0xBE:
      return 0x0178;
    default:
      return byte;
  }
}

constexpr SingleByte kTables[] = {{"windows-1252", &Windows1252}, {"cp1252", &Windows1252},
                                  {"cp-1252", &Windows1252},      {"x-cp1252", &Windows1252},
                                  {"ansi", &Windows1252},         {"iso-8859-15", &Latin9},
                                  {"latin-9", &Latin9},           {"iso8859-15", &Latin9}};

}  // namespace

const SingleByte* FindSingleByte(std::string_view name) {
  for (const SingleByte& table : kTables) {
    if (table.name == name) return &table;
  }
  return nullptr;
}

}  // namespace concordat::xml
