#include "host/server/admission.h"

namespace concordat::server {

bool Admission::TryEnter() {
  size_t seen = under_way_.load();
  while (seen < limit_) {
    if (under_way_.compare_exchange_weak(seen, seen + 1)) return true;
  }
  return false;
}

}  // namespace concordat::server
