#include "host/base/ed25519.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "host/base/named_key.h"

namespace concordat {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kSignatureBytes = 64;

struct FreeOpenSsl {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
template <typename T>
using Owned = std::unique_ptr<T, FreeOpenSsl>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Owned<BIO> Reading(std::string_view text) {
  return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string Written(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<size_t>(size));
}

std::string RawPublicKey(const EVP_PKEY* key) {
  std::string raw(kKeyBytes, '\0');
  size_t size = raw.size();
  EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(raw.data()), &size);
  return raw;
}

// Keys have no passphrase; without this OpenSSL would ask for one on the terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

absl::StatusOr<Signer> Signer::Generate() {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  if (key == nullptr) return absl::InternalError("OpenSSL made no Ed25519 key");
  Signer signer;
  signer.key_.reset(key, EVP_PKEY_free);
  return signer;
}

absl::StatusOr<Signer> Signer::FromPem(std::string_view pem) {
  EVP_PKEY* key = PEM_read_bio_PrivateKey(Reading(pem).get(), nullptr, NoPassphrase, nullptr);
  ERR_clear_error();
  if (key == nullptr) return absl::InvalidArgumentError("not a private key in PEM without a passphrase");
  Signer signer;
  signer.key_.reset(key, EVP_PKEY_free);
  if (EVP_PKEY_get_id(key) != EVP_PKEY_ED25519) {
    return absl::InvalidArgumentError(
        "the signing key is not an Ed25519 key; make one with \"concordat pki init\", or for adapters with "
        "\"concordat adapter sign --new-key FILE\"");
  }
  return signer;
}

std::string Signer::ToPem() const {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return Written(bio.get());
}

std::string Signer::PublicPem() const {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PUBKEY(bio.get(), key_.get());
  return Written(bio.get());
}

std::string Signer::PublicKey() const { return RawPublicKey(key_.get()); }

absl::StatusOr<std::string> Signer::Sign(std::string_view message) const {
  std::string signature(kSignatureBytes, '\0');
  size_t size = signature.size();
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const bool holds = context != nullptr &&
                     EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
                     EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                                    Bytes(message), message.size()) == 1 &&
                     size == kSignatureBytes;
  ERR_clear_error();
  if (!holds) return absl::InternalError("OpenSSL could not sign with the host's key");
  return signature;
}

absl::Status VerifyEd25519(std::string_view public_key, std::string_view message,
                           std::string_view signature) {
  const Owned<EVP_PKEY> key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(public_key), public_key.size()));
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const bool holds =
      key != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(message), message.size()) ==
          1;
  ERR_clear_error();
  if (!holds) {
    return absl::DataLossError("the signature does not hold: other bytes were signed, or with another key");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadPublicKey(std::string_view text) {
  const std::string_view trimmed = Trimmed(text);
  if (trimmed.substr(0, 5) != "-----") {
    ASSIGN_OR_RETURN(const NamedKey key, ParseVerifierKey(trimmed));
    return key.public_key;
  }
  const Owned<EVP_PKEY> key(PEM_read_bio_PUBKEY(Reading(trimmed).get(), nullptr, NoPassphrase, nullptr));
  ERR_clear_error();
  if (key == nullptr || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) {
    return absl::InvalidArgumentError(
        "not an Ed25519 public key in PEM; the host's is the file host-signing.pub");
  }
  return RawPublicKey(key.get());
}

}  // namespace concordat
