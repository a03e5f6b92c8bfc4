// Many small texts under one key: AES-256-GCM (NIST SP 800-38D) whose nonce counts up, which needs no
// randomness and sets up nothing but the nonce for each.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_cipher_ctx_st;

namespace concordat {

/// Seals and opens the cells of one column. Only one object may ever seal under a key: two texts under one
/// count would give both away. One thread at a time.
class ColumnCipher {
 public:
  /// What sealing adds, besides padding: count and tag.
  static constexpr size_t kOverhead = 6 + 16;

  /// `key`: 32 bytes.
  explicit ColumnCipher(std::string_view key);

  /// Into `sealed` (overwritten): count, ciphertext, tag. Bound to `place`, as its record's number. Texts are
  /// padded to whole 16 bytes (ISO/IEC 7816-4), so that their length tells little.
  void Seal(uint64_t place, std::string_view text, std::string& sealed);
  /// Into `text` (overwritten). False when it was changed, moved to another place, or sealed with another
  /// key.
  bool Open(uint64_t place, std::string_view sealed, std::string& text);

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  std::unique_ptr<evp_cipher_ctx_st, Free> sealing_;
  std::unique_ptr<evp_cipher_ctx_st, Free> opening_;
  uint64_t count_ = 0;  // sealed so far
  std::string padded_;  // scratch
};

/// A key of its own for `purpose`, from which `key` cannot be told: HMAC-SHA-256 as a key derivation function
/// (NIST SP 800-108 with one block).
std::string DerivedKey(std::string_view key, std::string_view purpose);

}  // namespace concordat
