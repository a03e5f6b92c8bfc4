// HMAC-SHA-256 (RFC 2104) of many short texts under one key: the key's two blocks are hashed once.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace concordat {

/// A key, and a prefix that stands before every text. Immutable; thread-safe.
class KeyedDigest {
 public:
  /// `key`: at most 64 bytes, the block of SHA-256.
  KeyedDigest(std::string_view key, std::string_view prefix);
  ~KeyedDigest();
  KeyedDigest(const KeyedDigest&) = delete;
  KeyedDigest& operator=(const KeyedDigest&) = delete;

  /// HMAC-SHA-256 over prefix and text, appended in 64 lower-case hexadecimal digits.
  void AppendHex(std::string_view text, std::string& out) const;

 private:
  struct State;
  std::unique_ptr<const State> state_;
};

}  // namespace concordat
