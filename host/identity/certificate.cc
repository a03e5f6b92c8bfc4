#include "host/identity/certificate.h"

#include <arpa/inet.h>
#include <openssl/err.h>

#include <optional>

#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/base/digest.h"
#include "host/identity/openssl.h"

namespace concordat::identity {
namespace {

std::string DerOf(const X509& certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(&certificate, &bytes);
  std::string der(reinterpret_cast<char*>(bytes), size > 0 ? static_cast<size_t>(size) : 0);
  OPENSSL_free(bytes);
  return der;
}

std::string SubjectOf(const X509& certificate) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(bio.get(), X509_get_subject_name(&certificate), 0,
                     XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

std::string TextOf(const ASN1_STRING* text) {
  return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                     static_cast<size_t>(ASN1_STRING_length(text)));
}

std::string AddressOf(const ASN1_OCTET_STRING* bytes) {
  const std::string raw = TextOf(bytes);
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(raw.size() == 4 ? AF_INET : AF_INET6, raw.data(), text, sizeof text);
  return text;
}

void ReadNames(const X509& certificate, Certificate& into) {
  const Owned<GENERAL_NAMES> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_URI) into.uris.push_back(TextOf(name->d.uniformResourceIdentifier));
    if (name->type == GEN_DNS) into.hosts.push_back(TextOf(name->d.dNSName));
    const bool is_address = name->type == GEN_IPADD;
    if (is_address && (name->d.iPAddress->length == 4 || name->d.iPAddress->length == 16)) {
      into.hosts.push_back(AddressOf(name->d.iPAddress));
    }
  }
}

enum class KeyKind { kP256, kEd25519 };

std::optional<KeyKind> KindOf(const EVP_PKEY& key) {
  if (EVP_PKEY_get_id(&key) == EVP_PKEY_ED25519) return KeyKind::kEd25519;
  char group[32] = "";
  if (EVP_PKEY_get_id(&key) == EVP_PKEY_EC &&
      EVP_PKEY_get_group_name(&key, group, sizeof group, nullptr) == 1 &&
      std::string_view(group) == "prime256v1") {
    return KeyKind::kP256;
  }
  return std::nullopt;
}

absl::StatusOr<KeyKind> SupportedKind(const EVP_PKEY* key) {
  const std::optional<KeyKind> kind = key == nullptr ? std::nullopt : KindOf(*key);
  if (kind) return *kind;
  return absl::InvalidArgumentError(
      "the key is neither ECDSA P-256 nor Ed25519; certificates of \"concordat pki enrol\" fit");
}

// Ed25519 hashes by itself; for it the digest must not be named.
const EVP_MD* DigestFor(KeyKind kind) { return kind == KeyKind::kP256 ? EVP_sha256() : nullptr; }

}  // namespace

absl::StatusOr<Certificate> ReadCertificate(std::string_view pem) {
  ASSIGN_OR_RETURN(const Owned<X509> x509, ReadX509(pem));
  Certificate certificate;
  certificate.pem = WriteX509(*x509);
  certificate.fingerprint = DigestOf(DerOf(*x509));
  certificate.subject = SubjectOf(*x509);
  certificate.not_before = TimeOf(X509_get0_notBefore(x509.get()));
  certificate.not_after = TimeOf(X509_get0_notAfter(x509.get()));
  certificate.authority = X509_check_ca(x509.get()) == 1;
  ReadNames(*x509, certificate);
  ERR_clear_error();
  return certificate;
}

absl::StatusOr<SpiffeId> HolderOf(const Certificate& certificate) {
  if (certificate.uris.size() == 1) return ParseSpiffeId(certificate.uris[0]);
  return absl::InvalidArgumentError(
      fmt::format("the certificate of {} carries {} URIs; the holder's name is exactly one",
                  certificate.subject, certificate.uris.size()));
}

absl::Status CheckIssuedBy(const Certificate& certificate, std::string_view authority_pem, absl::Time time) {
  ASSIGN_OR_RETURN(const Owned<X509> x509, ReadX509(certificate.pem));
  ASSIGN_OR_RETURN(const Owned<X509> authority, ReadX509(authority_pem));
  const Owned<X509_STORE> trusted(X509_STORE_new());
  const Owned<X509_STORE_CTX> context(X509_STORE_CTX_new());
  if (X509_STORE_add_cert(trusted.get(), authority.get()) != 1 ||
      X509_STORE_CTX_init(context.get(), trusted.get(), x509.get(), nullptr) != 1) {
    return OpenSslError("check the certificate");
  }
  X509_STORE_CTX_set_time(context.get(), 0, absl::ToTimeT(time));
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_X509_STRICT);
  const bool holds = X509_verify_cert(context.get()) == 1;
  const int reason = X509_STORE_CTX_get_error(context.get());
  ERR_clear_error();
  if (holds) return absl::OkStatus();
  return absl::PermissionDeniedError(fmt::format("the certificate of {} (valid {} to {}) does not hold: {}",
                                                 certificate.subject, TimeText(certificate.not_before),
                                                 TimeText(certificate.not_after),
                                                 X509_verify_cert_error_string(reason)));
}

absl::StatusOr<std::string> SignWithKey(std::string_view private_key_pem, std::string_view message) {
  ASSIGN_OR_RETURN(const Owned<EVP_PKEY> key, ReadPrivateKey(private_key_pem));
  ASSIGN_OR_RETURN(const KeyKind kind, SupportedKind(key.get()));
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  size_t size = 0;
  if (EVP_DigestSignInit(context.get(), nullptr, DigestFor(kind), nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, Bytes(message), message.size()) != 1) {
    return OpenSslError("sign");
  }
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), Bytes(signature), &size, Bytes(message), message.size()) != 1) {
    return OpenSslError("sign");
  }
  signature.resize(size);  // a DER signature may be shorter than its limit
  return signature;
}

absl::Status VerifySignature(std::string_view certificate_pem, std::string_view message,
                             std::string_view signature) {
  ASSIGN_OR_RETURN(const Owned<X509> x509, ReadX509(certificate_pem));
  EVP_PKEY* key = X509_get0_pubkey(x509.get());
  ASSIGN_OR_RETURN(const KeyKind kind, SupportedKind(key));
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const bool holds = EVP_DigestVerifyInit(context.get(), nullptr, DigestFor(kind), nullptr, key) == 1 &&
                     EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(message),
                                      message.size()) == 1;
  ERR_clear_error();
  if (holds) return absl::OkStatus();
  return absl::DataLossError(
      "the signature does not hold: other bytes were signed, or with another certificate's key");
}

}  // namespace concordat::identity
