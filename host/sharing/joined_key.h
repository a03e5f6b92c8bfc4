// Three names as one key of an index, on the stack for what names usually are.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace concordat::sharing {

/// NUL keeps the parts apart: no name contains one. Not copied: text() may point into it.
class Key {
 public:
  Key(std::string_view a, std::string_view b, std::string_view c) {
    const size_t size = a.size() + b.size() + c.size() + 2;
    if (size > sizeof small_) large_.resize(size);
    char* const start = size > sizeof small_ ? large_.data() : small_;
    char* at = std::copy(a.begin(), a.end(), start);
    *at++ = '\0';
    at = std::copy(b.begin(), b.end(), at);
    *at++ = '\0';
    std::copy(c.begin(), c.end(), at);
    text_ = {start, size};
  }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  std::string_view text() const { return text_; }

 private:
  char small_[192];
  std::string large_;
  std::string_view text_;
};

}  // namespace concordat::sharing
