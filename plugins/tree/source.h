// Where the bytes come from: the worker's source in production, a string in tests and fuzzers.
#pragma once

#include "plugins/delimited/source.h"
#include "plugins/sdk/host.h"

namespace concordat::tree {

using Source = delimited::Source;

/// The worker's source. `host` must outlive it.
class HostSource : public Source {
 public:
  explicit HostSource(const sdk::Host& host) : host_(host) {}
  uint64_t size() const override { return host_.source_size(); }
  int64_t Read(uint64_t offset, char* into, size_t size) override {
    size_t got = 0;
    return host_.ReadSource(offset, into, size, got).ok() ? static_cast<int64_t>(got) : -1;
  }

 private:
  const sdk::Host& host_;
};

}  // namespace concordat::tree
