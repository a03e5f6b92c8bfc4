#include "host/base/column_cipher.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "host/base/cipher_bytes.h"
#include "host/base/digest.h"
#include "host/base/seal.h"

namespace concordat {
namespace {

constexpr size_t kBlock = 16;
constexpr size_t kTagBytes = 16;
constexpr size_t kCountBytes = ColumnCipher::kOverhead - kTagBytes;
constexpr size_t kNonceBytes = 12;
constexpr char kPadding = '\x80';

using Place = std::array<unsigned char, 8>;

Place PlaceOf(uint64_t number) {
  Place place;
  for (size_t i = 0; i < place.size(); ++i) place[7 - i] = static_cast<unsigned char>(number >> (8 * i));
  return place;
}

using cipher::Bytes;
using cipher::Must;

}  // namespace

void ColumnCipher::Free::operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }

ColumnCipher::ColumnCipher(std::string_view key)
    : sealing_(EVP_CIPHER_CTX_new()), opening_(EVP_CIPHER_CTX_new()) {
  if (key.size() != kSealKeyBytes) std::abort();
  Must(EVP_EncryptInit_ex(sealing_.get(), EVP_aes_256_gcm(), nullptr, Bytes(key), nullptr));
  Must(EVP_DecryptInit_ex(opening_.get(), EVP_aes_256_gcm(), nullptr, Bytes(key), nullptr));
}

void ColumnCipher::Seal(uint64_t place, std::string_view text, std::string& sealed) {
  if (++count_ >> (8 * kCountBytes) != 0) std::abort();
  const Place count = PlaceOf(count_);
  const Place bound = PlaceOf(place);
  padded_.assign(text).push_back(kPadding);
  padded_.resize((padded_.size() + kBlock - 1) / kBlock * kBlock, '\0');
  sealed.assign(count.end() - kCountBytes, count.end());
  sealed.resize(padded_.size() + kOverhead);
  std::array<unsigned char, kNonceBytes> nonce{};
  std::copy(count.begin(), count.end(), nonce.end() - count.size());
  int written = 0;
  // Only the nonce changes: the key's schedule stands.
  Must(EVP_EncryptInit_ex(sealing_.get(), nullptr, nullptr, nullptr, nonce.data()));
  Must(EVP_EncryptUpdate(sealing_.get(), nullptr, &written, bound.data(), static_cast<int>(bound.size())));
  Must(EVP_EncryptUpdate(sealing_.get(), Bytes(sealed, kCountBytes), &written, Bytes(padded_),
                         static_cast<int>(padded_.size())));
  unsigned char* const tag = Bytes(sealed, kCountBytes + padded_.size());
  Must(EVP_EncryptFinal_ex(sealing_.get(), tag, &written));
  Must(EVP_CIPHER_CTX_ctrl(sealing_.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag));
}

bool ColumnCipher::Open(uint64_t place, std::string_view sealed, std::string& text) {
  text.clear();
  if (sealed.size() < kOverhead + kBlock) return false;
  const std::string_view body = sealed.substr(kCountBytes, sealed.size() - kOverhead);
  std::array<unsigned char, kTagBytes> tag;
  std::copy(sealed.end() - kTagBytes, sealed.end(), tag.begin());
  std::array<unsigned char, kNonceBytes> nonce{};
  std::copy(sealed.begin(), sealed.begin() + kCountBytes, nonce.end() - kCountBytes);
  const Place bound = PlaceOf(place);
  text.resize(body.size());
  int written = 0;
  Must(EVP_DecryptInit_ex(opening_.get(), nullptr, nullptr, nullptr, nonce.data()));
  Must(EVP_DecryptUpdate(opening_.get(), nullptr, &written, bound.data(), static_cast<int>(bound.size())));
  Must(EVP_DecryptUpdate(opening_.get(), Bytes(text, 0), &written, Bytes(body),
                         static_cast<int>(body.size())));
  Must(EVP_CIPHER_CTX_ctrl(opening_.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()));
  unsigned char rest[kBlock];
  const bool whole = EVP_DecryptFinal_ex(opening_.get(), rest, &written) == 1;
  const size_t end = whole ? text.rfind(kPadding) : std::string::npos;
  text.resize(end == std::string::npos ? 0 : end);
  return end != std::string::npos;
}

std::string DerivedKey(std::string_view key, std::string_view purpose) { return HmacSha256(key, purpose); }

}  // namespace concordat
