// What one evaluation may cost, so that a hostile expression exhausts neither time nor memory.
#pragma once

#include <cstddef>
#include <cstdint>

#include "host/base/status.h"

namespace concordat::expr {

/// Steps are visits of nodes and of compared members; bytes are what results take, never given back.
class Budget {
 public:
  static constexpr int64_t kSteps = 2'000'000;
  static constexpr int64_t kBytes = int64_t{64} << 20;

  void Reset() { steps_ = kSteps, bytes_ = kBytes; }
  /// False when it is used up, and ever after.
  bool Step(size_t count = 1) { return (steps_ -= static_cast<int64_t>(count)) >= 0; }
  bool Take(size_t bytes) { return (bytes_ -= static_cast<int64_t>(bytes)) >= 0; }

  bool spent() const { return steps_ < 0 || bytes_ < 0; }
  static absl::Status Spent() {
    return absl::ResourceExhaustedError("the expression takes too many steps or too much memory");
  }

 private:
  int64_t steps_ = kSteps;
  int64_t bytes_ = kBytes;
};

}  // namespace concordat::expr
