// A key asks for a certificate and gets one for itself and nobody else.
#include "host/identity/signing_request.h"

#include "gtest/gtest.h"
#include "host/identity/authority.h"
#include "host/identity/certificate.h"
#include "host/identity/invitation.h"

namespace concordat::identity {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

class SigningRequestTest : public testing::Test {
 protected:
  Validity At() const {
    Validity validity;
    validity.now = kNow;
    return validity;
  }
  const SpiffeId holder_{"derwent.example", PartnerId("constabulary"), "steward", "pat"};
  const Authority authority_ = *Authority::Create("derwent.example", At());
  const std::string key_ = *NewPrivateKey();
  const std::string request_ = *MakeSigningRequest(key_, "pat");
};

TEST_F(SigningRequestTest, TheCertificateIsForItsKeyAndTheHolderThatTheAuthorityNames) {
  const std::string pem = *authority_.IssueForRequest(request_, holder_, At());
  const Certificate certificate = *ReadCertificate(pem);
  EXPECT_EQ(HolderOf(certificate)->str(), holder_.str());
  EXPECT_EQ(*KeyFingerprintOfCertificate(pem), *KeyFingerprintOfKey(key_));
  EXPECT_EQ(ReadSigningRequest(request_)->key_fingerprint, *KeyFingerprintOfKey(key_));
  EXPECT_TRUE(CheckIssuedBy(certificate, authority_.ToPem().certificate, kNow).ok());
  EXPECT_FALSE(certificate.authority);
  const std::string signature = *SignWithKey(key_, "message");
  EXPECT_TRUE(VerifySignature(pem, "message", signature).ok());
}

TEST_F(SigningRequestTest, ARequestThatWasChangedIsRefused) {
  std::string changed = request_;
  const size_t at = changed.find('\n') + 60;
  changed[at] = changed[at] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(ReadSigningRequest(changed).ok());
  EXPECT_FALSE(authority_.IssueForRequest(changed, holder_, At()).ok());
  EXPECT_EQ(ReadSigningRequest("nothing").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(ReadSigningRequest(authority_.ToPem().certificate).ok());
}

TEST_F(SigningRequestTest, ForeignTrustDomainsAreNotSigned) {
  SpiffeId foreign = holder_;
  foreign.trust_domain = "trent.example";
  EXPECT_FALSE(authority_.IssueForRequest(request_, foreign, At()).ok());
}

TEST_F(SigningRequestTest, KeyCodesTellKeysApartHoweverTheyAreTyped) {
  const std::string code = KeyCode(*KeyFingerprintOfKey(key_));
  EXPECT_EQ(code.size(), 14u);
  EXPECT_TRUE(SameKeyCode(code, code));
  std::string typed;
  for (const char c : code) typed += c == '-' ? ' ' : static_cast<char>(std::tolower(c));
  EXPECT_TRUE(SameKeyCode(typed, code));
  EXPECT_FALSE(SameKeyCode(KeyCode(*KeyFingerprintOfKey(*NewPrivateKey())), code));
  EXPECT_FALSE(SameKeyCode("", code));
  EXPECT_FALSE(SameKeyCode("", ""));
}

TEST_F(SigningRequestTest, AnInvitationsCertificateIsNobodysName) {
  const Credentials made = *authority_.IssueInvitation("I-0123456789abcdef", At());
  const Certificate certificate = *ReadCertificate(made.certificate);
  EXPECT_EQ(InvitationOf(certificate, "derwent.example"), "I-0123456789abcdef");
  EXPECT_EQ(InvitationOf(certificate, "trent.example"), "");
  EXPECT_FALSE(HolderOf(certificate).ok());
  const Certificate holder = *ReadCertificate(authority_.IssueClient(holder_, At())->certificate);
  EXPECT_EQ(InvitationOf(holder, "derwent.example"), "");
}

TEST_F(SigningRequestTest, AnInvitationFileIsReadBack) {
  const InvitationFile file{"host:8443", holder_.str(), kNow, "CA\n", "CERT\n", "KEY\n"};
  const InvitationFile read = *ReadInvitation(WriteInvitation(file));
  EXPECT_EQ(read.host, file.host);
  EXPECT_EQ(read.spiffe_id, file.spiffe_id);
  EXPECT_EQ(read.expires, kNow);
  EXPECT_EQ(read.ca + read.certificate + read.private_key, "CA\nCERT\nKEY\n");
  EXPECT_FALSE(ReadInvitation("{}").ok());
  EXPECT_FALSE(ReadInvitation("not json").ok());
}

}  // namespace
}  // namespace concordat::identity
