#include "host/base/ids.h"

#include "host/base/encoding.h"
#include "host/base/random.h"

namespace concordat {

std::string NewRandomId(std::string_view prefix) { return std::string(prefix) + HexEncode(RandomBytes(8)); }

}  // namespace concordat
