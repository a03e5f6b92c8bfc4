#include "host/base/random.h"

#include <openssl/rand.h>

#include <cstdlib>

namespace concordat {

std::string RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  // A predictable key or salt is worse than no process.
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) std::abort();
  return bytes;
}

}  // namespace concordat
