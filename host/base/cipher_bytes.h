// What both kinds of sealing in this folder need of OpenSSL's shape; included by seal.cc and column_cipher.cc
// alone.
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

namespace concordat::cipher {

inline const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
inline unsigned char* Bytes(std::string& text, size_t at) {
  return reinterpret_cast<unsigned char*>(text.data() + at);
}

/// OpenSSL fails here only without memory or without AES; going on would write plain text.
inline void Must(int outcome) {
  if (outcome != 1) std::abort();
}

}  // namespace concordat::cipher
