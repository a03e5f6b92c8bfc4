// The partner's bytes as the adapter is to see them: as they came, or what gzip, Zstandard or zip packed.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "host/base/status.h"
#include "host/data/worker_protocol.h"
#include "plugins/packed/byte_stream.h"

namespace concordat::worker {

/// All thread-safe.
class Source {
 public:
  /// By the job's `unpack`: none, auto, or a pattern of the zip member that is meant. What is packed is
  /// unpacked once, to its end: its size is then known, and damage, a bomb, a password or a choice between
  /// several members is refused before the adapter is opened. InvalidArgument says so, for a steward. The job
  /// outlives it.
  static absl::StatusOr<std::unique_ptr<Source>> Open(const data::WorkerJob& job);
  virtual ~Source() = default;

  /// As the adapter is to know it: "2019.csv" for 2019.csv.gz.
  virtual const std::string& name() const = 0;
  virtual uint64_t size() const = 0;
  /// See concordat_host::read_source and map_source.
  virtual int64_t Read(uint64_t offset, void* buffer, uint64_t size) = 0;
  const void* Map();
  /// For people; empty when nothing was unpacked.
  virtual std::string note() const { return ""; }

 protected:
  /// The default reads all into memory.
  virtual const void* DoMap();

 private:
  std::once_flag mapping_;
  const void* mapped_ = nullptr;
};

/// Unpacks `raw` as above; null when it is nothing packed. `raw` is taken then only.
absl::StatusOr<std::unique_ptr<Source>> Unpack(const data::WorkerJob& job, std::unique_ptr<Source>& raw);

}  // namespace concordat::worker
