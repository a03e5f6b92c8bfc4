#include "host/base/seal.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

#include "host/base/cipher_bytes.h"
#include "host/base/random.h"

namespace concordat {
namespace {

constexpr size_t kNonceBytes = 12;
constexpr size_t kTagBytes = 16;

struct Free {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, Free>;

using cipher::Bytes;
using cipher::Must;

}  // namespace

std::string Seal(std::string_view key, std::string_view text, std::string_view context) {
  if (key.size() != kSealKeyBytes) std::abort();
  const Context cipher(EVP_CIPHER_CTX_new());
  std::string sealed = RandomBytes(kNonceBytes);
  sealed.resize(kNonceBytes + text.size() + kTagBytes);
  int written = 0;
  Must(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, Bytes(key), Bytes(sealed)));
  Must(EVP_EncryptUpdate(cipher.get(), nullptr, &written, Bytes(context), static_cast<int>(context.size())));
  Must(EVP_EncryptUpdate(cipher.get(), Bytes(sealed, kNonceBytes), &written, Bytes(text),
                         static_cast<int>(text.size())));
  Must(EVP_EncryptFinal_ex(cipher.get(), Bytes(sealed, kNonceBytes + text.size()), &written));
  Must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes,
                           Bytes(sealed, kNonceBytes + text.size())));
  return sealed;
}

absl::StatusOr<std::string> OpenSealed(std::string_view key, std::string_view sealed,
                                       std::string_view context) {
  if (key.size() != kSealKeyBytes || sealed.size() < kSealOverhead)
    return absl::DataLossError("sealed data is cut off, or its key is not one");
  const Context cipher(EVP_CIPHER_CTX_new());
  const std::string_view body = sealed.substr(kNonceBytes, sealed.size() - kSealOverhead);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  std::string text(body.size(), '\0');
  int written = 0;
  Must(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, Bytes(key), Bytes(sealed)));
  Must(EVP_DecryptUpdate(cipher.get(), nullptr, &written, Bytes(context), static_cast<int>(context.size())));
  Must(EVP_DecryptUpdate(cipher.get(), Bytes(text, 0), &written, Bytes(body), static_cast<int>(body.size())));
  Must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()));
  if (EVP_DecryptFinal_ex(cipher.get(), Bytes(text, text.size()), &written) != 1)
    return absl::DataLossError("sealed data was changed, or is sealed with another key");
  return text;
}

}  // namespace concordat
