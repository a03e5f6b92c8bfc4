#include "host/quality/key_table.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>
#include <utility>

#include "host/base/files.h"
#include "host/base/random.h"
#include "host/quality/quick_hash.h"

namespace concordat::quality {
namespace {

struct SipState {
  uint64_t v0, v1, v2, v3;

  void Round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }
  void Absorb(uint64_t word) {
    v3 ^= word;
    Round();
    v0 ^= word;
  }
  uint64_t Squeeze() {
    Round();
    Round();
    Round();
    return v0 ^ v1 ^ v2 ^ v3;
  }
};

// The last up to seven bytes, with the length in the top one, as SipHash pads.
uint64_t LastWord(std::string_view rest, size_t size) {
  uint64_t word = static_cast<uint64_t>(size) << 56;
  for (size_t i = 0; i < rest.size(); ++i)
    word |= static_cast<uint64_t>(static_cast<unsigned char>(rest[i])) << (8 * i);
  return word;
}

constexpr size_t kFirstSlots = 4096;
constexpr size_t kWorthFetching = size_t{8} << 20;
// Of a hundred slots; room for a guess is made with some to spare.
constexpr size_t kMostTaken = 85;
constexpr size_t kReservedTaken = 78;
// A gigabyte: beyond, an estimate is more likely wrong than right.
constexpr uint64_t kMostReservedSlots = uint64_t{1} << 26;

// Null where there is no folder for it, or no room.
void* MapNamelessFile(size_t bytes) {
  const char* const folder = std::getenv("TMPDIR");
  const FileDescriptor file(
      open(folder == nullptr ? "/tmp" : folder, O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR));
  // Room is taken now: a write to a page without room on disk would end the process.
  if (!file.valid() || posix_fallocate(file.get(), 0, static_cast<off_t>(bytes)) != 0) return nullptr;
  void* const pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  if (pages == MAP_FAILED) return nullptr;
  madvise(pages, bytes, MADV_RANDOM);
  return pages;
}

}  // namespace

KeyHasher::KeyHasher() {
  const std::string bytes = RandomBytes(sizeof secret_);
  std::memcpy(secret_, bytes.data(), sizeof secret_);
}

Fingerprint KeyHasher::operator()(std::string_view key) const {
  SipState state = {secret_[0] ^ 0x736f6d6570736575, secret_[1] ^ 0x646f72616e646f6d ^ 0xee,
                    secret_[0] ^ 0x6c7967656e657261, secret_[1] ^ 0x7465646279746573};
  const size_t whole = key.size() & ~size_t{7};
  for (size_t i = 0; i < whole; i += 8) state.Absorb(Load64(key.data() + i));
  state.Absorb(LastWord(key.substr(whole), key.size()));
  state.v2 ^= 0xee;
  const uint64_t high = state.Squeeze();
  state.v1 ^= 0xdd;
  return {high | 1, static_cast<uint32_t>(state.Squeeze())};
}

// Asks the system for the pages of a large table on threads of its own, ahead of the keys: a machine that
// lends its memory elsewhere (a virtual one) takes long to give it back, and one thread would wait for each
// page in turn.
class KeyTable::Fetcher {
 public:
  Fetcher(char* start, size_t bytes) : start_(start), bytes_(bytes) {
    const size_t cores = std::thread::hardware_concurrency();
    const size_t threads = std::min<size_t>(kMostThreads, cores > 1 ? cores - 1 : 1);
    for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Fetch(); });
  }
  ~Fetcher() {
    next_ = bytes_;
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  static constexpr size_t kMostThreads = 3;
  static constexpr size_t kPiece = size_t{2} << 20;

  void Fetch() {
    for (size_t at = next_.fetch_add(kPiece); at < bytes_; at = next_.fetch_add(kPiece)) {
      // Kernels before 5.14 do not know it: then each page comes when it is touched.
      if (madvise(start_ + at, std::min(kPiece, bytes_ - at), MADV_POPULATE_WRITE) != 0) return;
    }
  }

  char* const start_;
  const size_t bytes_;
  std::atomic<size_t> next_ = 0;
  std::vector<std::thread> threads_;
};

void KeyTable::Unmap::operator()(Slot* slots) {
  fetcher.reset();
  munmap(slots, bytes);
}

// Fresh pages of the system, and of a file, are zero, that is free; huge
// ones spare most of the misses of a table of millions.
KeyTable::Slots KeyTable::Allocate(size_t count) const {
  const size_t bytes = count * sizeof(Slot);
  if (bytes > memory_limit_) {
    void* const pages = MapNamelessFile(bytes);
    if (pages != nullptr) return Slots(static_cast<Slot*>(pages), Unmap{bytes, nullptr});
  }
  void* const pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  madvise(pages, bytes, MADV_HUGEPAGE);
  std::shared_ptr<Fetcher> fetcher;
  if (bytes >= kWorthFetching) fetcher = std::make_shared<Fetcher>(static_cast<char*>(pages), bytes);
  return Slots(static_cast<Slot*>(pages), Unmap{bytes, std::move(fetcher)});
}

KeyTable::KeyTable(size_t memory_limit)
    : memory_limit_(memory_limit), count_(kFirstSlots), slots_(Allocate(kFirstSlots)) {}

KeyTable::Slot& KeyTable::Insert(const Fingerprint& key, bool& is_new) {
  if (size_ * 100 >= count_ * kMostTaken) GrowTo(2 * count_);
  for (size_t i = Home(key.high);; i = After(i)) {
    Slot& slot = slots_[i];
    is_new = slot.high == 0;
    if (is_new) {
      slot.high = key.high;
      slot.low = key.low;
      ++size_;
      return slot;
    }
    if (slot.high == key.high && slot.low == key.low) return slot;
  }
}

const KeyTable::Slot* KeyTable::Find(const Fingerprint& key) const {
  for (size_t i = Home(key.high); slots_[i].high != 0; i = After(i)) {
    if (slots_[i].high == key.high && slots_[i].low == key.low) return &slots_[i];
  }
  return nullptr;
}

void KeyTable::Reserve(uint64_t keys) {
  const uint64_t wanted = std::min(keys, kMostReservedSlots) * 100 / kReservedTaken;
  const size_t slots = std::min(wanted, kMostReservedSlots);
  if (slots > count_) GrowTo(slots);
}

void KeyTable::GrowTo(size_t slots) {
  const size_t old_count = count_;
  const Slots old = std::move(slots_);
  slots_ = Allocate(slots);
  count_ = slots;
  for (size_t from = 0; from < old_count; ++from) {
    if (old[from].high == 0) continue;
    size_t i = Home(old[from].high);
    while (slots_[i].high != 0) i = After(i);
    slots_[i] = old[from];
  }
}

std::string_view KeyReader::At(size_t row) {
  if (columns_.size() == 1) return columns_[0]->at(row);
  joined_.clear();
  for (const data::TextColumn* column : columns_) {
    const std::string_view part = column->at(row);
    const auto size = static_cast<uint32_t>(part.size());
    joined_.append(reinterpret_cast<const char*>(&size), sizeof size);
    joined_ += part;
  }
  return joined_;
}

}  // namespace concordat::quality
