#include "host/worker/source.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "host/base/sealed_blocks.h"

namespace concordat::worker {
namespace {

/// As it came.
class PlainSource : public Source {
 public:
  explicit PlainSource(const data::WorkerJob& job) : job_(job) {}

  const std::string& name() const override { return job_.source_name; }
  uint64_t size() const override { return job_.source_size; }

  int64_t Read(uint64_t offset, void* buffer, uint64_t size) override {
    uint64_t done = 0;
    while (done < size && offset + done < job_.source_size) {
      const ssize_t count = pread(data::kSourceFd, static_cast<char*>(buffer) + done, size - done,
                                  static_cast<off_t>(offset + done));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return -1;
      if (count == 0) break;
      done += static_cast<uint64_t>(count);
    }
    return static_cast<int64_t>(done);
  }

 protected:
  const void* DoMap() override {
    void* mapped = mmap(nullptr, job_.source_size, PROT_READ, MAP_PRIVATE, data::kSourceFd, 0);
    return mapped == MAP_FAILED ? nullptr : mapped;
  }

  const data::WorkerJob& job_;
};

/// As it came, in sealed blocks. There is nothing plain to map.
class SealedSource : public PlainSource {
 public:
  using PlainSource::PlainSource;

  int64_t Read(uint64_t offset, void* buffer, uint64_t size) override {
    const absl::StatusOr<uint64_t> got =
        ReadSealedBlocks(data::kSourceFd, job_.source_key, job_.source_size, offset, buffer, size);
    return got.ok() ? static_cast<int64_t>(*got) : -1;
  }

 protected:
  const void* DoMap() override { return Source::DoMap(); }
};

}  // namespace

absl::StatusOr<std::unique_ptr<Source>> Source::Open(const data::WorkerJob& job) {
  std::unique_ptr<Source> raw;
  if (job.source_key.empty()) {
    raw = std::make_unique<PlainSource>(job);
  } else {
    raw = std::make_unique<SealedSource>(job);
  }
  ASSIGN_OR_RETURN(std::unique_ptr<Source> unpacked, Unpack(job, raw));
  return unpacked == nullptr ? std::move(raw) : std::move(unpacked);
}

const void* Source::Map() {
  std::call_once(mapping_, [this] {
    if (size() > 0) mapped_ = DoMap();
  });
  return mapped_;
}

const void* Source::DoMap() {
  void* memory = mmap(nullptr, size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  if (Read(0, memory, size()) == static_cast<int64_t>(size())) return memory;
  munmap(memory, size());
  return nullptr;
}

}  // namespace concordat::worker
