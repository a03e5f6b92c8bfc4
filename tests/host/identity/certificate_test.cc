#include "host/identity/certificate.h"

#include <openssl/ec.h>
#include <openssl/pem.h>

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/clock.h"
#include "host/identity/certificate_request.h"

namespace concordat::identity {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

const absl::Time kNow = absl::FromUnixSeconds(1795176000);  // 2026-11-20T12:00:00Z
constexpr char kSteward[] = "spiffe://derwent.example/partner/constabulary/steward/j.okoro";

class CertificateTest : public testing::Test {
 protected:
  Credentials Issue(const std::string& holder = kSteward, absl::Duration valid = absl::Hours(24)) const {
    return *authority_.IssueClient(*ParseSpiffeId(holder), {.now = kNow, .leaf = valid});
  }

  // A certificate that our authority would never write, signed by it all the same.
  std::string Forge(CertificateRequest request) const {
    const Credentials own = authority_.ToPem();
    const auto issuer = *ReadX509(own.certificate);
    const auto issuer_key = *ReadPrivateKey(own.private_key);
    const auto key = *NewP256Key();
    request.organisation = "o";
    request.common_name = "n";
    request.basic_constraints = "critical,CA:FALSE";
    request.key_usage = "critical,digitalSignature";
    request.not_before = kNow;
    request.not_after = kNow + absl::Hours(1);
    return WriteX509(**MakeCertificate(request, key.get(), issuer.get(), issuer_key.get()));
  }

  const Authority authority_ = *Authority::Create("derwent.example", {.now = kNow});
};

TEST_F(CertificateTest, SaysWhoseItIs) {
  const auto certificate = ReadCertificate(Issue().certificate);
  ASSERT_TRUE(certificate.ok()) << certificate.status();
  EXPECT_THAT(certificate->uris, ElementsAre(kSteward));
  EXPECT_THAT(certificate->fingerprint, MatchesRegex("sha256:[0-9a-f]{64}"));
  EXPECT_EQ(certificate->subject, "CN=j.okoro,O=constabulary");
  EXPECT_EQ(certificate->not_after, kNow + absl::Hours(24));
  EXPECT_LE(certificate->not_before, kNow);
  EXPECT_FALSE(certificate->authority);
  EXPECT_EQ(HolderOf(*certificate)->str(), kSteward);
}

TEST_F(CertificateTest, HasTheFingerprintThatOpenSslComputes) {
  const std::string pem = Issue().certificate;
  const auto x509 = *ReadX509(pem);
  unsigned char digest[32];
  unsigned int size = sizeof digest;
  ASSERT_EQ(X509_digest(x509.get(), EVP_sha256(), digest, &size), 1);
  std::string expected = "sha256:";
  for (const unsigned char byte : digest) {
    char hex[3];
    std::snprintf(hex, sizeof hex, "%02x", byte);
    expected += hex;
  }
  EXPECT_EQ(ReadCertificate(pem)->fingerprint, expected);
}

TEST_F(CertificateTest, TheFirstOfAChainCounts) {
  const std::string leaf = Issue().certificate;
  const std::string chain = leaf + authority_.ToPem().certificate;
  EXPECT_EQ(ReadCertificate(chain)->fingerprint, ReadCertificate(leaf)->fingerprint);
  EXPECT_EQ(ReadCertificate(chain)->pem, leaf);
  EXPECT_EQ(ReadCertificate("for people: j.okoro\n" + leaf)->pem, leaf);
}

TEST_F(CertificateTest, WithoutExactlyOneNameItHasNoHolder) {
  const auto authority = ReadCertificate(authority_.ToPem().certificate);
  EXPECT_THAT(std::string(MessageOf(HolderOf(*authority).status())), HasSubstr("its path is another"));
  Certificate two = *ReadCertificate(Issue().certificate);
  two.uris.push_back(two.uris[0]);
  EXPECT_THAT(std::string(MessageOf(HolderOf(two).status())), HasSubstr("carries 2 URIs"));
  two.uris.clear();
  EXPECT_THAT(std::string(MessageOf(HolderOf(two).status())), HasSubstr("carries 0 URIs"));
}

TEST_F(CertificateTest, ANulByteInTheNameHidesNothing) {
  CertificateRequest request;
  request.uri = std::string(kSteward) + '\0' + "/elsewhere";
  const auto certificate = ReadCertificate(Forge(request));
  ASSERT_TRUE(certificate.ok());
  ASSERT_EQ(certificate->uris.size(), 1u);
  EXPECT_EQ(certificate->uris[0], request.uri);
  EXPECT_FALSE(HolderOf(*certificate).ok());
}

TEST_F(CertificateTest, HoldsUnderItsAuthorityWhileBothAreValid) {
  const auto certificate = *ReadCertificate(Issue().certificate);
  const std::string authority = authority_.ToPem().certificate;
  EXPECT_TRUE(CheckIssuedBy(certificate, authority, kNow).ok())
      << CheckIssuedBy(certificate, authority, kNow);
  EXPECT_TRUE(CheckIssuedBy(certificate, authority, kNow + absl::Hours(23)).ok());
  const absl::Status expired = CheckIssuedBy(certificate, authority, kNow + absl::Hours(25));
  EXPECT_EQ(expired.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(std::string(MessageOf(expired)), HasSubstr("certificate has expired"));
  const absl::Status early = CheckIssuedBy(certificate, authority, kNow - absl::Hours(24));
  EXPECT_THAT(std::string(MessageOf(early)), HasSubstr("not yet valid"));
}

TEST_F(CertificateTest, DoesNotHoldUnderAnotherAuthorityOfTheSameName) {
  const Authority other = *Authority::Create("derwent.example", {.now = kNow});
  const auto certificate = *ReadCertificate(Issue().certificate);
  EXPECT_EQ(CheckIssuedBy(certificate, other.ToPem().certificate, kNow).code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(CheckIssuedBy(certificate, Issue().certificate, kNow).code(), absl::StatusCode::kPermissionDenied)
      << "a leaf is no authority";
}

TEST_F(CertificateTest, AHolderCannotIssue) {
  const Credentials steward = Issue();
  EXPECT_EQ(Authority::FromPem(steward.certificate, steward.private_key).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(CertificateTest, EveryFlippedByteBreaksIt) {
  const std::string pem = Issue().certificate;
  const std::string authority = authority_.ToPem().certificate;
  const std::string fingerprint = ReadCertificate(pem)->fingerprint;
  for (size_t i = 0; i < pem.size(); ++i) {
    for (const int mask : {1, 4, 0x20, 0x80}) {
      std::string bad = pem;
      bad[i] = static_cast<char>(bad[i] ^ mask);
      const auto certificate = ReadCertificate(bad);
      if (!certificate.ok() || certificate->fingerprint == fingerprint) continue;
      EXPECT_FALSE(CheckIssuedBy(*certificate, authority, kNow).ok()) << i;
    }
  }
}

TEST_F(CertificateTest, WhatIsNoCertificateIsRefused) {
  const Credentials steward = Issue();
  for (const std::string& bad : {std::string(), std::string("certificate"), steward.private_key,
                                 steward.certificate.substr(0, 300), std::string(70000, '-')}) {
    EXPECT_EQ(ReadCertificate(bad).status().code(), absl::StatusCode::kInvalidArgument) << bad.substr(0, 80);
  }
}

TEST_F(CertificateTest, RandomMutationsOfPemDoNoHarm) {
  std::mt19937 random(5);
  const Credentials steward = Issue();
  const std::string authority = authority_.ToPem().certificate;
  const std::string fingerprint = ReadCertificate(steward.certificate)->fingerprint;
  for (int i = 0; i < 2000; ++i) {
    std::string mutated = i % 2 == 0 ? steward.certificate : steward.private_key;
    for (unsigned edits = 1 + random() % 4; edits > 0; --edits) {
      const size_t at = random() % mutated.size();
      if (random() % 2 == 0) mutated[at] = static_cast<char>(random() % 256);
      if (random() % 8 == 0) mutated.erase(at, random() % 50);
      if (mutated.empty()) mutated += '-';
    }
    if (i % 2 == 1) {
      SignWithKey(mutated, "x").status().IgnoreError();
      continue;
    }
    const auto certificate = ReadCertificate(mutated);
    if (certificate.ok() && certificate->fingerprint != fingerprint) {
      EXPECT_FALSE(CheckIssuedBy(*certificate, authority, kNow).ok());
    }
  }
}

TEST_F(CertificateTest, ItsKeySignsAndNoOtherDoes) {
  const Credentials ours = Issue();
  const Credentials other = Issue();
  const std::string signature = *SignWithKey(ours.private_key, "sha256:protocol");
  EXPECT_TRUE(VerifySignature(ours.certificate, "sha256:protocol", signature).ok());
  EXPECT_EQ(VerifySignature(ours.certificate, "sha256:protocoI", signature).code(),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ(VerifySignature(other.certificate, "sha256:protocol", signature).code(),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ(VerifySignature(ours.certificate, "sha256:protocol", "").code(), absl::StatusCode::kDataLoss);
  for (size_t i = 0; i < signature.size(); ++i) {
    std::string bad = signature;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    EXPECT_FALSE(VerifySignature(ours.certificate, "sha256:protocol", bad).ok()) << i;
  }
  EXPECT_EQ(VerifySignature("none", "x", signature).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(SignWithKey(ours.certificate, "x").status().code(), absl::StatusCode::kInvalidArgument);
}

// A self-signed certificate around any key, for keys that our authority does not make.
std::string CertificateOf(EVP_PKEY* key, const EVP_MD* digest) {
  const Owned<X509> certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key);
  EXPECT_GT(X509_sign(certificate.get(), key, digest), 0);
  return WriteX509(*certificate);
}

TEST(Signature, Ed25519CertificatesSignToo) {
  const Owned<EVP_PKEY> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  const std::string signature = *SignWithKey(WritePrivateKey(*key), "text");
  EXPECT_EQ(signature.size(), 64u);
  EXPECT_TRUE(VerifySignature(CertificateOf(key.get(), nullptr), "text", signature).ok());
  EXPECT_FALSE(VerifySignature(CertificateOf(key.get(), nullptr), "test", signature).ok());
}

TEST(Signature, OtherKindsOfKeyAreRefused) {
  const Owned<EVP_PKEY> rsa(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", size_t{2048}));
  const Owned<EVP_PKEY> p384(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384"));
  for (EVP_PKEY* key : {rsa.get(), p384.get()}) {
    EXPECT_EQ(SignWithKey(WritePrivateKey(*key), "x").status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(VerifySignature(CertificateOf(key, EVP_sha256()), "x", "y").code(),
              absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace concordat::identity
