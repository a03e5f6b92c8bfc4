// One adapter, opened and agreed with on a version: its three verbs as C++.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/base/status.h"
#include "host/worker/host_table.h"
#include "plugins/sdk/adapter_abi.h"

namespace concordat::worker {

/// An Arrow struct with one owner, who calls its release.
template <typename T>
class ArrowOwner {
 public:
  ArrowOwner() = default;
  ArrowOwner(ArrowOwner&& other) noexcept : value_(other.value_) { other.value_ = {}; }
  ArrowOwner& operator=(ArrowOwner&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~ArrowOwner() {
    if (value_.release != nullptr) value_.release(&value_);
  }

  T* get() { return &value_; }
  const T& operator*() const { return value_; }
  const T* operator->() const { return &value_; }
  bool released() const { return value_.release == nullptr; }

 private:
  T value_ = {};
};

/// The stream that `submit` filled. Must end before its adapter does.
class BatchStream {
 public:
  explicit BatchStream(ArrowOwner<ArrowArrayStream> stream) : stream_(std::move(stream)) {}

  absl::StatusOr<ArrowOwner<ArrowSchema>> Schema();
  /// A released array at the end.
  absl::StatusOr<ArrowOwner<ArrowArray>> Next();

 private:
  absl::Status Failure(int code, std::string_view verb);

  ArrowOwner<ArrowArrayStream> stream_;
};

/// Statuses of all verbs: InvalidArgument, the source is unreadable as a whole, in the adapter's words for a
/// steward; Aborted, the adapter failed. One thread at a time.
class Adapter {
 public:
  /// Offers the newest version of the ABI first and then the older ones. A required function that is missing
  /// is refused by name. `host` outlives the adapter. `versions` are all that the worker
  /// speaks, newest first: one is dropped only when no adapter speaks it any more.
  static absl::StatusOr<std::unique_ptr<Adapter>> Create(concordat_adapter_init_function init,
                                                         HostTable& host,
                                                         const std::vector<uint32_t>& versions = {
                                                             CONCORDAT_ABI});
  ~Adapter();
  Adapter(const Adapter&) = delete;
  Adapter& operator=(const Adapter&) = delete;

  absl::StatusOr<BatchStream> Submit();
  bool has_validate() const { return table_.validate != nullptr; }
  absl::Status Validate(const ArrowSchema& schema, const ArrowArray& batch,
                        const std::vector<uint64_t>& records);
  bool has_score() const { return table_.score != nullptr; }
  absl::Status Score();

 private:
  Adapter() = default;

  concordat_adapter table_ = {};
};

}  // namespace concordat::worker
