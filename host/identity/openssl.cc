#include "host/identity/openssl.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <ctime>

#include "fmt/format.h"

namespace concordat::identity {
namespace {

Owned<BIO> Reading(std::string_view text) {
  return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string Written(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<size_t>(size));
}

// Without this OpenSSL would ask for a passphrase on the terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

}  // namespace

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

absl::StatusOr<Owned<X509>> ReadX509(std::string_view pem) {
  Owned<X509> certificate(PEM_read_bio_X509(Reading(pem).get(), nullptr, NoPassphrase, nullptr));
  ERR_clear_error();
  if (certificate == nullptr) return absl::InvalidArgumentError("not a certificate in PEM");
  return certificate;
}

absl::StatusOr<Owned<EVP_PKEY>> ReadPrivateKey(std::string_view pem) {
  Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(Reading(pem).get(), nullptr, NoPassphrase, nullptr));
  ERR_clear_error();
  if (key == nullptr) return absl::InvalidArgumentError("not a private key in PEM without a passphrase");
  return key;
}

std::string WriteX509(const X509& certificate) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), &certificate);
  return Written(bio.get());
}

std::string WritePrivateKey(const EVP_PKEY& key) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), &key, nullptr, nullptr, 0, nullptr, nullptr);
  return Written(bio.get());
}

std::string WritePublicKey(const EVP_PKEY& key) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PUBKEY(bio.get(), &key);
  return Written(bio.get());
}

absl::Time TimeOf(const ASN1_TIME* time) {
  std::tm parts = {};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();  // valid at no time, then
  return absl::FromTimeT(timegm(&parts));
}

absl::Status OpenSslError(std::string_view what) {
  char reason[256] = "no reason given";
  const unsigned long code = ERR_get_error();
  if (code != 0) ERR_error_string_n(code, reason, sizeof reason);
  ERR_clear_error();
  return absl::InternalError(fmt::format("{}: {}", what, reason));
}

}  // namespace concordat::identity
