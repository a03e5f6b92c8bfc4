// The upload limit: counts what is under way, so that the one too many is turned away before it sends a byte.
#pragma once

#include <atomic>
#include <cstddef>

namespace concordat::server {

/// Thread-safe.
class Admission {
 public:
  explicit Admission(size_t limit) : limit_(limit) {}
  /// False when `limit` are under way; after true, Leave is owed once.
  bool TryEnter();
  void Leave() { under_way_.fetch_sub(1); }
  size_t under_way() const { return under_way_.load(); }
  size_t limit() const { return limit_; }

 private:
  const size_t limit_;
  std::atomic<size_t> under_way_{0};
};

}  // namespace concordat::server
