#include "host/identity/signing_request.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "host/base/digest.h"
#include "host/base/paper_code.h"
#include "host/identity/certificate_request.h"
#include "host/identity/openssl.h"

namespace concordat::identity {
namespace {

struct FreeRequest {
  void operator()(X509_REQ* request) const { X509_REQ_free(request); }
};
using OwnedRequest = std::unique_ptr<X509_REQ, FreeRequest>;

constexpr size_t kMostNameBytes = 64;  // ub-common-name of RFC 5280
constexpr size_t kKeyCodeCharacters = 14;

std::string PublicDer(EVP_PKEY* key) {
  unsigned char* bytes = nullptr;
  const int size = i2d_PUBKEY(key, &bytes);
  std::string der(reinterpret_cast<char*>(bytes), size > 0 ? static_cast<size_t>(size) : 0);
  OPENSSL_free(bytes);
  return der;
}

absl::Status CheckKind(EVP_PKEY* key) {
  char group[32] = "";
  const bool is_p256 = EVP_PKEY_get_id(key) == EVP_PKEY_EC &&
                       EVP_PKEY_get_group_name(key, group, sizeof group, nullptr) == 1 &&
                       std::string_view(group) == "prime256v1";
  ERR_clear_error();
  if (is_p256 || EVP_PKEY_get_id(key) == EVP_PKEY_ED25519) return absl::OkStatus();
  return absl::InvalidArgumentError("the request's key is neither ECDSA P-256 nor Ed25519");
}

// Ed25519 hashes by itself; for it the digest must not be named.
const EVP_MD* DigestFor(EVP_PKEY* key) {
  return EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 ? nullptr : EVP_sha256();
}

OwnedRequest Read(std::string_view pem) {
  const Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  OwnedRequest request(PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  return request;
}

std::string Write(X509_REQ* request) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509_REQ(bio.get(), request);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

}  // namespace

absl::StatusOr<std::string> NewPrivateKey() {
  ASSIGN_OR_RETURN(const Owned<EVP_PKEY> key, NewP256Key());
  return WritePrivateKey(*key);
}

absl::StatusOr<std::string> MakeSigningRequest(std::string_view private_key_pem, const std::string& name) {
  ASSIGN_OR_RETURN(const Owned<EVP_PKEY> key, ReadPrivateKey(private_key_pem));
  RETURN_IF_ERROR(CheckKind(key.get()));
  const OwnedRequest request(X509_REQ_new());
  const std::string text = name.substr(0, kMostNameBytes);
  X509_NAME* subject = X509_REQ_get_subject_name(request.get());
  if (X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) != 1 ||
      X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, Bytes(std::string_view(text)),
                                 static_cast<int>(text.size()), -1, 0) != 1 ||
      X509_REQ_set_pubkey(request.get(), key.get()) != 1 ||
      X509_REQ_sign(request.get(), key.get(), DigestFor(key.get())) == 0) {
    return OpenSslError("make a request for a certificate");
  }
  return Write(request.get());
}

absl::StatusOr<Owned<EVP_PKEY>> KeyOfRequest(std::string_view request_pem) {
  const OwnedRequest request = Read(request_pem);
  if (request == nullptr)
    return absl::InvalidArgumentError("not a request for a certificate (PKCS #10) in PEM");
  Owned<EVP_PKEY> key(X509_REQ_get_pubkey(request.get()));
  if (key == nullptr) return absl::InvalidArgumentError("the request holds no key");
  RETURN_IF_ERROR(CheckKind(key.get()));
  const bool holds = X509_REQ_verify(request.get(), key.get()) == 1;
  ERR_clear_error();
  if (!holds) return absl::InvalidArgumentError("the request was not signed with its own key");
  return key;
}

absl::StatusOr<SigningRequest> ReadSigningRequest(std::string_view pem) {
  ASSIGN_OR_RETURN(const Owned<EVP_PKEY> key, KeyOfRequest(pem));
  return SigningRequest{Write(Read(pem).get()), DigestOf(PublicDer(key.get()))};
}

absl::StatusOr<std::string> KeyFingerprintOfCertificate(std::string_view certificate_pem) {
  ASSIGN_OR_RETURN(const Owned<X509> certificate, ReadX509(certificate_pem));
  EVP_PKEY* key = X509_get0_pubkey(certificate.get());
  if (key == nullptr) return absl::InvalidArgumentError("the certificate holds no key");
  return DigestOf(PublicDer(key));
}

absl::StatusOr<std::string> KeyFingerprintOfKey(std::string_view private_key_pem) {
  ASSIGN_OR_RETURN(const Owned<EVP_PKEY> key, ReadPrivateKey(private_key_pem));
  return DigestOf(PublicDer(key.get()));
}

std::string KeyCode(std::string_view key_fingerprint) {
  // The first twelve characters of a paper code over the digest's digest: letters that are not mistaken.
  return PaperCodeOf(Sha256(key_fingerprint).substr(0, kPaperCodeBytes)).substr(5, kKeyCodeCharacters);
}

bool SameKeyCode(std::string_view typed, std::string_view code) {
  std::string plain, wanted;
  for (char c : typed) {
    if (c == '-' || c == ' ') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    plain += c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
  }
  for (const char c : code) {
    if (c != '-') wanted += c;
  }
  return plain == wanted && !wanted.empty();
}

}  // namespace concordat::identity
