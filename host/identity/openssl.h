// What every use of OpenSSL in this folder needs: owners, PEM, names.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "host/base/status.h"

namespace concordat::identity {

struct FreeOpenSsl {
  void operator()(ASN1_INTEGER* number) const { ASN1_INTEGER_free(number); }
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
};
template <typename T>
using Owned = std::unique_ptr<T, FreeOpenSsl>;

const unsigned char* Bytes(std::string_view text);
unsigned char* Bytes(std::string& text);

/// InvalidArgument unless `pem` starts with a certificate; a chain behind it is passed over.
absl::StatusOr<Owned<X509>> ReadX509(std::string_view pem);
/// InvalidArgument unless `pem` is a private key without a passphrase.
absl::StatusOr<Owned<EVP_PKEY>> ReadPrivateKey(std::string_view pem);
std::string WriteX509(const X509& certificate);
/// PKCS #8, without a passphrase.
std::string WritePrivateKey(const EVP_PKEY& key);
std::string WritePublicKey(const EVP_PKEY& key);

/// Whole seconds in UTC.
absl::Time TimeOf(const ASN1_TIME* time);

/// An Internal error with OpenSSL's own reason; empties its queue, which gRPC reads too.
absl::Status OpenSslError(std::string_view what);

}  // namespace concordat::identity
