#include "host/identity/certificate_request.h"

#include <arpa/inet.h>

#include <algorithm>

#include "fmt/format.h"
#include "host/base/random.h"

namespace concordat::identity {
namespace {

constexpr size_t kSerialBytes = 16;
constexpr size_t kMostNameBytes = 64;  // ub-common-name of RFC 5280

// The 4 or 16 bytes of an IP address; empty when `host` is none.
std::string AddressBytes(const std::string& host) {
  unsigned char bytes[16];
  if (inet_pton(AF_INET, host.c_str(), bytes) == 1) return std::string(reinterpret_cast<char*>(bytes), 4);
  if (inet_pton(AF_INET6, host.c_str(), bytes) == 1) return std::string(reinterpret_cast<char*>(bytes), 16);
  return "";
}

bool IsLabel(std::string_view label) {
  const auto is_inner = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), is_inner);
}

bool IsDnsName(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  while (true) {
    const size_t dot = name.find('.');
    if (!IsLabel(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

bool SetText(ASN1_STRING* target, const std::string& text) {
  return ASN1_STRING_set(target, text.data(), static_cast<int>(text.size())) == 1;
}

// One alternative name; takes ownership only of what it returns.
GENERAL_NAME* NewName(int type, const std::string& value) {
  GENERAL_NAME* name = GENERAL_NAME_new();
  ASN1_STRING* text = type == GEN_IPADD ? ASN1_OCTET_STRING_new() : ASN1_IA5STRING_new();
  SetText(text, value);
  GENERAL_NAME_set0_value(name, type, text);
  return name;
}

absl::Status AddAlternativeNames(const CertificateRequest& request, X509* certificate) {
  const Owned<GENERAL_NAMES> names(GENERAL_NAMES_new());
  sk_GENERAL_NAME_push(names.get(), NewName(GEN_URI, request.uri));
  for (const std::string& host : request.hosts) {
    const std::string address = AddressBytes(host);
    sk_GENERAL_NAME_push(names.get(), address.empty() ? NewName(GEN_DNS, host) : NewName(GEN_IPADD, address));
  }
  if (X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1) {
    return absl::OkStatus();
  }
  return OpenSslError("add the alternative names");
}

absl::Status AddExtension(int nid, const std::string& value, X509* issuer, X509* certificate) {
  if (value.empty()) return absl::OkStatus();
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  if (extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1) return absl::OkStatus();
  return OpenSslError(fmt::format("add the extension {}", OBJ_nid2sn(nid)));
}

absl::Status AddExtensions(const CertificateRequest& request, X509* issuer, X509* certificate) {
  RETURN_IF_ERROR(AddExtension(NID_basic_constraints, request.basic_constraints, issuer, certificate));
  RETURN_IF_ERROR(AddExtension(NID_key_usage, request.key_usage, issuer, certificate));
  RETURN_IF_ERROR(AddExtension(NID_ext_key_usage, request.extended_key_usage, issuer, certificate));
  RETURN_IF_ERROR(AddExtension(NID_subject_key_identifier, "hash", issuer, certificate));
  RETURN_IF_ERROR(AddExtension(NID_authority_key_identifier, "keyid:always", issuer, certificate));
  return AddAlternativeNames(request, certificate);
}

// Random, positive, and never twice in practice (RFC 5280, section 4.1.2.2).
bool SetSerial(X509* certificate) {
  std::string bytes = RandomBytes(kSerialBytes);
  bytes[0] = static_cast<char>((bytes[0] & 0x7F) | 0x40);
  const Owned<BIGNUM> number(
      BN_bin2bn(Bytes(std::string_view(bytes)), static_cast<int>(bytes.size()), nullptr));
  return BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool SetSubject(const CertificateRequest& request, X509* certificate) {
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto add = [name](const char* part, const std::string& whole) {
    const std::string text = whole.substr(0, kMostNameBytes);
    return X509_NAME_add_entry_by_txt(name, part, MBSTRING_UTF8, Bytes(std::string_view(text)),
                                      static_cast<int>(text.size()), -1, 0) == 1;
  };
  return add("O", request.organisation) && add("CN", request.common_name);
}

bool SetTimes(const CertificateRequest& request, X509* certificate) {
  return ASN1_TIME_set(X509_getm_notBefore(certificate), absl::ToTimeT(request.not_before)) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), absl::ToTimeT(request.not_after)) != nullptr;
}

}  // namespace

bool IsHost(const std::string& host) { return !AddressBytes(host).empty() || IsDnsName(host); }

absl::StatusOr<Owned<EVP_PKEY>> NewP256Key() {
  Owned<EVP_PKEY> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  if (key == nullptr) return OpenSslError("make a P-256 key");
  return key;
}

absl::StatusOr<Owned<X509>> MakeCertificate(const CertificateRequest& request, EVP_PKEY* key, X509* issuer,
                                            EVP_PKEY* issuer_key) {
  Owned<X509> certificate(X509_new());
  X509* const signer = issuer == nullptr ? certificate.get() : issuer;
  if (certificate == nullptr || X509_set_version(certificate.get(), X509_VERSION_3) != 1 ||
      !SetSerial(certificate.get()) || !SetSubject(request, certificate.get()) ||
      !SetTimes(request, certificate.get()) ||
      X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer)) != 1 ||
      X509_set_pubkey(certificate.get(), key) != 1) {
    return OpenSslError("fill in the certificate");
  }
  RETURN_IF_ERROR(AddExtensions(request, signer, certificate.get()));
  if (X509_sign(certificate.get(), issuer_key, EVP_sha256()) == 0) {
    return OpenSslError("sign the certificate");
  }
  return certificate;
}

}  // namespace concordat::identity
