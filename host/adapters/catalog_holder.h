// The adapters in force, as a whole: what is under way keeps the catalog that it began with.
#pragma once

#include <memory>
#include <mutex>

#include "host/adapters/manifest.h"

namespace concordat::adapters {

/// Thread-safe.
class CatalogHolder {
 public:
  explicit CatalogHolder(Catalog first = {}) : current_(std::make_shared<const Catalog>(std::move(first))) {}
  std::shared_ptr<const Catalog> Get() const {
    const std::lock_guard lock(mutex_);
    return current_;
  }
  void Replace(Catalog next) {
    auto whole = std::make_shared<const Catalog>(std::move(next));
    const std::lock_guard lock(mutex_);
    current_ = std::move(whole);
  }
  /// Held while folders, decisions and catalog change together: one change at a time.
  std::mutex& changing() { return changing_; }

 private:
  std::mutex changing_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Catalog> current_;  // guarded by mutex_
};

}  // namespace concordat::adapters
