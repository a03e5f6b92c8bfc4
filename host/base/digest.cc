#include "host/base/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>

#include "host/base/encoding.h"

namespace concordat {
namespace {

constexpr size_t kDigestBytes = 32;

// Fetched once: EVP_sha256() makes OpenSSL 3 look the algorithm up at every use.
const EVP_MD* Algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return algorithm;
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using ContextPointer = std::unique_ptr<EVP_MD_CTX, FreeContext>;

// OpenSSL fails here only without memory or without SHA-256; going on would give out a digest of nothing.
void Must(int outcome) {
  if (outcome != 1) std::abort();
}

unsigned char* Raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

std::string Sha256(std::string_view bytes) {
  // One context a thread: making it costs more than hashing a Merkle node.
  thread_local const ContextPointer context(EVP_MD_CTX_new());
  std::string digest(kDigestBytes, '\0');
  Must(EVP_DigestInit_ex2(context.get(), Algorithm(), nullptr));
  Must(EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()));
  Must(EVP_DigestFinal_ex(context.get(), Raw(digest), nullptr));
  return digest;
}

std::string HmacSha256(std::string_view key, std::string_view bytes) {
  std::string mac(kDigestBytes, '\0');
  unsigned int size = kDigestBytes;
  const unsigned char* made =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), Raw(mac), &size);
  Must(made != nullptr ? 1 : 0);
  return mac;
}

std::string DigestText(std::string_view raw_sha256) { return "sha256:" + HexEncode(raw_sha256); }

std::string DigestOf(std::string_view bytes) { return DigestText(Sha256(bytes)); }

void Sha256Stream::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
  Must(EVP_DigestInit_ex2(context_.get(), Algorithm(), nullptr));
}

void Sha256Stream::Update(std::string_view bytes) {
  Must(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

std::string Sha256Stream::Finish() {
  std::string digest(kDigestBytes, '\0');
  Must(EVP_DigestFinal_ex(context_.get(), Raw(digest), nullptr));
  return digest;
}

}  // namespace concordat
