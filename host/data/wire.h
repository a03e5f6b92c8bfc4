// Plain values as bytes, for memory that two processes of the same machine share: native byte order, aligned
// arrays. The reader takes the bytes for a stranger's: it never reads past the end, and reads every byte at
// most once.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace concordat::data {

/// Writes one after the other; without memory it only counts, so that the same code computes the size
/// beforehand.
class WireWriter {
 public:
  WireWriter() = default;
  /// `out` has room for all that is going to be written, and is aligned to 8 bytes.
  explicit WireWriter(char* out) : out_(out) {}

  size_t size() const { return size_; }

  void Bytes(const void* bytes, size_t count) {
    if (out_ != nullptr && count > 0) std::memcpy(out_ + size_, bytes, count);
    size_ += count;
  }
  template <typename T>
  void Put(T value) {
    static_assert(std::is_arithmetic_v<T>);
    Bytes(&value, sizeof value);
  }
  void Text(std::string_view text) {
    Put(static_cast<uint32_t>(text.size()));
    Bytes(text.data(), text.size());
  }
  void Texts(const std::vector<std::string>& texts) {
    Put(static_cast<uint32_t>(texts.size()));
    for (const std::string& text : texts) Text(text);
  }
  template <typename T>
  void Array(const T* values, size_t count) {
    Align();
    Bytes(values, count * sizeof(T));
  }
  /// Room for `count` values, to be filled in place; nullptr while counting.
  template <typename T>
  T* Room(size_t count) {
    Align();
    T* room = out_ == nullptr ? nullptr : reinterpret_cast<T*>(out_ + size_);
    size_ += count * sizeof(T);
    return room;
  }
  void Align() {
    static constexpr char zeros[8] = {};
    if (size_ % 8 != 0) Bytes(zeros, 8 - size_ % 8);
  }

 private:
  char* out_ = nullptr;
  size_t size_ = 0;
};

/// Reads what a WireWriter wrote. Every function answers false, and goes on doing so, once the bytes do not
/// suffice.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : bytes_(bytes) {}

  size_t left() const { return bytes_.size() - at_; }
  bool at_end() const { return ok_ && left() == 0; }

  template <typename T>
  bool Get(T& value) {
    static_assert(std::is_arithmetic_v<T>);
    const char* from = Bytes(sizeof value);
    if (from != nullptr) std::memcpy(&value, from, sizeof value);
    return ok_;
  }
  bool Text(std::string& text) {
    uint32_t size = 0;
    if (!Get(size)) return false;
    const char* from = Bytes(size);
    if (from != nullptr) text.assign(from, size);
    return ok_;
  }
  bool Texts(std::vector<std::string>& texts) {
    uint32_t count = 0;
    if (!Get(count) || count > left() / sizeof(uint32_t)) return ok_ = false;
    texts.resize(count);
    for (std::string& text : texts) {
      if (!Text(text)) return false;
    }
    return ok_;
  }
  /// The next `count` values where they are, aligned as they were written; nullptr when they are not all
  /// there.
  template <typename T>
  const T* Array(size_t count) {
    Align();
    if (!ok_ || count > left() / sizeof(T)) {
      ok_ = false;
      return nullptr;
    }
    return reinterpret_cast<const T*>(Bytes(count * sizeof(T)));
  }
  void Align() {
    const size_t aligned = (at_ + 7) / 8 * 8;
    if (aligned > bytes_.size()) ok_ = false;
    if (ok_) at_ = aligned;
  }

 private:
  const char* Bytes(size_t count) {
    if (!ok_ || count > left()) {
      ok_ = false;
      return nullptr;
    }
    const char* from = bytes_.data() + at_;
    at_ += count;
    return from;
  }

  std::string_view bytes_;
  size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace concordat::data
