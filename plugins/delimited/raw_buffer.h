// Memory that grows without being filled with zeros first: the hot loops write it themselves.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>
#include <utility>

namespace concordat::delimited {

/// An array of plain values. Growing keeps `size()` elements; what lies beyond is indeterminate.
template <typename T>
class RawBuffer {
 public:
  RawBuffer() = default;
  RawBuffer(RawBuffer&& other) noexcept { swap(other); }
  RawBuffer& operator=(RawBuffer&& other) noexcept {
    swap(other);
    return *this;
  }
  ~RawBuffer() { std::free(data_); }

  T* data() { return data_; }
  const T* data() const { return data_; }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }

  void set_size(size_t size) { size_ = size; }
  void clear() { size_ = 0; }

  /// Room for `more` elements beyond size().
  void Reserve(size_t more) {
    if (capacity_ - size_ < more) Grow(size_ + more);
  }
  void Append(T value) {
    Reserve(1);
    data_[size_++] = value;
  }

 private:
  void Grow(size_t needed) {
    const size_t capacity = needed > 2 * capacity_ ? needed : 2 * capacity_;
    void* moved = std::realloc(data_, capacity * sizeof(T));
    if (moved == nullptr) throw std::bad_alloc();
    data_ = static_cast<T*>(moved);
    capacity_ = capacity;
  }
  void swap(RawBuffer& other) {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  T* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace concordat::delimited
