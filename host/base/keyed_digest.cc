// The one-shot functions of OpenSSL 3 look an algorithm up at every call, which costs more than hashing a
// short text; a copied SHA256_CTX costs nothing.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "host/base/keyed_digest.h"

#include <openssl/sha.h>

#include <cstdlib>

namespace concordat {
namespace {

constexpr size_t kBlock = 64;

// A digest that was not made would leave as a pseudonym.
void Must(int outcome) {
  if (outcome != 1) std::abort();
}

SHA256_CTX Started(std::string_view key, unsigned char pad) {
  std::array<unsigned char, kBlock> block;
  block.fill(pad);
  for (size_t i = 0; i < key.size(); ++i) block[i] ^= static_cast<unsigned char>(key[i]);
  SHA256_CTX context;
  Must(SHA256_Init(&context));
  Must(SHA256_Update(&context, block.data(), block.size()));
  return context;
}

}  // namespace

struct KeyedDigest::State {
  SHA256_CTX inner;
  SHA256_CTX outer;
};

KeyedDigest::KeyedDigest(std::string_view key, std::string_view prefix) {
  if (key.size() > kBlock) std::abort();
  SHA256_CTX inner = Started(key, 0x36);
  Must(SHA256_Update(&inner, prefix.data(), prefix.size()));
  state_ = std::make_unique<const State>(State{inner, Started(key, 0x5c)});
}

KeyedDigest::~KeyedDigest() = default;

void KeyedDigest::AppendHex(std::string_view text, std::string& out) const {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256_CTX context = state_->inner;
  Must(SHA256_Update(&context, text.data(), text.size()));
  Must(SHA256_Final(digest.data(), &context));
  context = state_->outer;
  Must(SHA256_Update(&context, digest.data(), digest.size()));
  Must(SHA256_Final(digest.data(), &context));
  constexpr char kDigits[] = "0123456789abcdef";
  char hex[2 * SHA256_DIGEST_LENGTH];
  for (size_t i = 0; i < digest.size(); ++i) {
    hex[2 * i] = kDigits[digest[i] >> 4];
    hex[2 * i + 1] = kDigits[digest[i] & 15];
  }
  out.append(hex, sizeof hex);
}

}  // namespace concordat
