#include "host/identity/pki_folder.h"

#include <sys/stat.h>

#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/encoding.h"
#include "host/base/files.h"
#include "host/base/named_key.h"
#include "host/identity/certificate.h"
#include "host/identity/openssl.h"

namespace concordat::identity {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

const SpiffeId kSteward{"derwent.example", PartnerId("constabulary"), "steward", "okoro"};

class PkiFolderTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove_all(folder_); }

  absl::StatusOr<PkiFiles> Init() const {
    return InitPki(folder_, "derwent.example", {"localhost", "127.0.0.1"}, validity_);
  }
  unsigned ModeOf(const std::string& path) const {
    struct stat about;
    EXPECT_EQ(stat(path.c_str(), &about), 0) << path;
    return about.st_mode & 07777;
  }

  const std::string folder_ = testing::TempDir() + NewRandomId("pki-");
  const Validity validity_{.now = absl::Now()};
};

TEST_F(PkiFolderTest, InitMakesEverythingAHostNeeds) {
  const auto files = Init();
  ASSERT_TRUE(files.ok()) << files.status();
  EXPECT_THAT(*ListFiles(folder_), ElementsAre("ca.crt", "ca.key", "host-signing.key", "host-signing.pub",
                                               "host-signing.vkey", "host.crt", "host.key"));
  const auto host = ReadCertificate(*ReadFile(files->host_certificate));
  ASSERT_TRUE(host.ok());
  EXPECT_THAT(host->hosts, ElementsAre("localhost", "127.0.0.1"));
  EXPECT_TRUE(CheckIssuedBy(*host, *ReadFile(files->authority_certificate), absl::Now()).ok());
  EXPECT_EQ(host->fingerprint.substr(0, 7), "sha256:");
}

TEST_F(PkiFolderTest, PrivateKeysAreForTheirOwnerOnly) {
  const auto files = *Init();
  const auto enrolled = *Enrol(folder_, kSteward, validity_);
  for (const std::string& path :
       {files.authority_key, files.host_key, files.signing_key, enrolled.private_key}) {
    EXPECT_EQ(ModeOf(path), 0600u) << path;
  }
  for (const std::string& path : {files.authority_certificate, files.verifier_key, enrolled.certificate}) {
    EXPECT_EQ(ModeOf(path), 0644u) << path;
  }
  EXPECT_EQ(ModeOf(folder_), 0700u);
}

TEST_F(PkiFolderTest, TheVerifierKeyIsTheSigningKeys) {
  const auto files = *Init();
  std::string text = *ReadFile(files.verifier_key);
  ASSERT_EQ(text.back(), '\n');
  text.pop_back();
  const auto verifier = ParseVerifierKey(text);
  ASSERT_TRUE(verifier.ok()) << verifier.status();
  EXPECT_EQ(verifier->name, "derwent.example/concordat");
  const auto key = *ReadPrivateKey(*ReadFile(files.signing_key));
  std::string raw(32, '\0');
  size_t size = raw.size();
  ASSERT_EQ(EVP_PKEY_get_raw_public_key(key.get(), Bytes(raw), &size), 1);
  EXPECT_EQ(verifier->public_key, raw);
  EXPECT_EQ(*ReadFile(files.signing_public_key), WritePublicKey(*key));
}

TEST_F(PkiFolderTest, NothingIsEverOverwritten) {
  ASSERT_TRUE(Init().ok());
  std::vector<std::string> before;
  const std::vector<std::string> names = *ListFiles(folder_);
  for (const std::string& name : names) before.push_back(*ReadFile(folder_ + "/" + name));
  const auto again = Init();
  EXPECT_EQ(again.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(std::string(MessageOf(again.status())), HasSubstr("is there already and is not overwritten"));
  EXPECT_EQ(*ListFiles(folder_), names);
  for (size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(*ReadFile(folder_ + "/" + names[i]), before[i]) << names[i];
  }
}

TEST_F(PkiFolderTest, AnInitThatIsRefusedLeavesNothingBehind) {
  ASSERT_TRUE(MakeFolders(folder_).ok());
  ASSERT_TRUE(WriteFileAtomically(folder_ + "/host-signing.pub", "mine").ok());
  EXPECT_EQ(Init().status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(*ListFiles(folder_), ElementsAre("host-signing.pub"));
  EXPECT_EQ(*ReadFile(folder_ + "/host-signing.pub"), "mine");
}

TEST_F(PkiFolderTest, BadArgumentsLeaveNotEvenAFolder) {
  EXPECT_FALSE(InitPki(folder_, "Not A Domain", {"localhost"}, validity_).ok());
  EXPECT_FALSE(InitPki(folder_, "derwent.example", {}, validity_).ok());
  EXPECT_FALSE(InitPki(folder_, "derwent.example", {"no host"}, validity_).ok());
  EXPECT_FALSE(std::filesystem::exists(folder_));
}

TEST_F(PkiFolderTest, EnrolMakesACertificateForTheHolder) {
  const auto files = *Init();
  const auto enrolled = Enrol(folder_, kSteward, validity_);
  ASSERT_TRUE(enrolled.ok()) << enrolled.status();
  EXPECT_THAT(enrolled->certificate, EndsWith("/constabulary-steward-okoro.crt"));
  EXPECT_THAT(enrolled->private_key, EndsWith("/constabulary-steward-okoro.key"));
  const auto certificate = *ReadCertificate(*ReadFile(enrolled->certificate));
  EXPECT_EQ(*HolderOf(certificate), kSteward);
  EXPECT_EQ(certificate.fingerprint, enrolled->fingerprint);
  EXPECT_TRUE(CheckIssuedBy(certificate, *ReadFile(files.authority_certificate), absl::Now()).ok());
  const std::string signature = *SignWithKey(*ReadFile(enrolled->private_key), "digest");
  EXPECT_TRUE(VerifySignature(certificate.pem, "digest", signature).ok());
}

TEST_F(PkiFolderTest, EnrolTakesAnotherFileNameButNoOtherFolder) {
  ASSERT_TRUE(Init().ok());
  EXPECT_THAT(Enrol(folder_, kSteward, validity_, "steward")->certificate, EndsWith("/steward.crt"));
  EXPECT_EQ(Enrol(folder_, kSteward, validity_, "../steward").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(PkiFolderTest, EnrolNeverOverwrites) {
  ASSERT_TRUE(Init().ok());
  ASSERT_TRUE(Enrol(folder_, kSteward, validity_).ok());
  EXPECT_EQ(Enrol(folder_, kSteward, validity_).status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Enrol(folder_, kSteward, validity_, "ca").status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Enrol(folder_, kSteward, validity_, "host").status().code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(PkiFolderTest, EnrolNeedsAnAuthorityOfTheSameTrustDomain) {
  EXPECT_EQ(Enrol(folder_, kSteward, validity_).status().code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(Init().ok());
  SpiffeId stranger = kSteward;
  stranger.trust_domain = "elsewhere.example";
  EXPECT_EQ(Enrol(folder_, stranger, validity_).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace concordat::identity
