// Time as a value handed in, so that tests tick it by hand.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "host/base/status.h"

namespace concordat {

/// What time it is. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

/// The machine's clock.
class SystemClock : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

/// A clock that stands where it was put.
class FixedClock : public Clock {
 public:
  explicit FixedClock(absl::Time now) : now_(now) {}
  absl::Time Now() const override { return now_; }
  void Set(absl::Time now) { now_ = now; }

 private:
  absl::Time now_;
};

/// RFC 3339 in UTC, whole seconds: 2026-11-20T12:00:00Z.
std::string TimeText(absl::Time time);
/// RFC 3339 with an offset, or a plain date, which is its first instant in UTC.
absl::StatusOr<absl::Time> ParseTime(std::string_view text);

}  // namespace concordat
