// Random bytes for keys, salts and ids.
#pragma once

#include <cstddef>
#include <string>

namespace concordat {

/// `count` bytes from OpenSSL's generator; ends the process if the system has no randomness left to give.
std::string RandomBytes(size_t count);

}  // namespace concordat
