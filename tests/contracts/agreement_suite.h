// AgreementStore: signatures on protocols, and their pseudonym keys.
#pragma once

#include "tests/contracts/store_fixture.h"

namespace concordat::store {

inline ProtocolSignature SignatureOf(std::string partner, std::string version = "1.0.0",
                                     std::string signer = "delegate") {
  ProtocolSignature signature;
  signature.protocol = ProtocolId("asb-hotspots");
  signature.version = std::move(version);
  signature.digest = "sha256:d";
  signature.partner = PartnerId(partner);
  signature.signer = std::move(signer);
  signature.name = "B. Delegate";
  signature.post = "Chief Officer";
  signature.authority = "scheme of delegation 4.2";
  signature.time = absl::FromUnixSeconds(1779278400);
  signature.signature = std::string("\x00\xff raw", 6);
  signature.certificate = "-----BEGIN CERTIFICATE-----";
  return signature;
}

TEST_P(StoreSuite, ASignatureComesBackWhole) {
  ASSERT_OK(store_->AddSignature(SignatureOf("constabulary")));
  Reopen();
  const auto signatures = store_->Signatures(ProtocolId("asb-hotspots"));
  ASSERT_OK(signatures);
  ASSERT_EQ(signatures->size(), 1u);
  const ProtocolSignature& kept = signatures->front();
  const ProtocolSignature given = SignatureOf("constabulary");
  EXPECT_EQ(kept.protocol, given.protocol);
  EXPECT_EQ(kept.version, given.version);
  EXPECT_EQ(kept.digest, given.digest);
  EXPECT_EQ(kept.partner, given.partner);
  EXPECT_EQ(kept.signer, given.signer);
  EXPECT_EQ(kept.name, given.name);
  EXPECT_EQ(kept.post, given.post);
  EXPECT_EQ(kept.authority, given.authority);
  EXPECT_EQ(kept.time, given.time);
  EXPECT_EQ(kept.signature, given.signature);
  EXPECT_EQ(kept.certificate, given.certificate);
  EXPECT_FALSE(kept.revoked);
  EXPECT_THAT(Value(store_->Signatures(ProtocolId("other"))), testing::IsEmpty());
}

TEST_P(StoreSuite, ARevokedSignatureStaysOnTheListAndMayBeGivenAgain) {
  const absl::Time later = absl::FromUnixSeconds(1779300000);
  const ProtocolId protocol("asb-hotspots");
  ASSERT_OK(store_->AddSignature(SignatureOf("constabulary")));
  ASSERT_OK(store_->AddSignature(SignatureOf("county-council")));
  EXPECT_CODE(store_->AddSignature(SignatureOf("constabulary")), absl::StatusCode::kAlreadyExists);
  ASSERT_OK(store_->RevokeSignature(protocol, "1.0.0", PartnerId("constabulary"), later, "review failed"));
  ASSERT_OK(store_->AddSignature(SignatureOf("constabulary")));

  const auto signatures = store_->Signatures(protocol);
  ASSERT_EQ(signatures->size(), 3u);
  EXPECT_TRUE((*signatures)[0].revoked);
  EXPECT_EQ((*signatures)[0].revoked_at, later);
  EXPECT_EQ((*signatures)[0].revoked_reason, "review failed");
  EXPECT_EQ((*signatures)[1].partner, PartnerId("county-council"));
  EXPECT_FALSE((*signatures)[1].revoked);
  EXPECT_FALSE((*signatures)[2].revoked);
}

TEST_P(StoreSuite, RevokingTouchesOneVersionAndPartnerOnly) {
  const ProtocolId protocol("asb-hotspots");
  ASSERT_OK(store_->AddSignature(SignatureOf("constabulary", "1.0.0")));
  ASSERT_OK(store_->AddSignature(SignatureOf("constabulary", "2.0.0")));
  ASSERT_OK(store_->RevokeSignature(protocol, "1.0.0", PartnerId("constabulary"), absl::UnixEpoch(), "why"));
  EXPECT_TRUE(Value(store_->Signatures(protocol))[0].revoked);
  EXPECT_FALSE(Value(store_->Signatures(protocol))[1].revoked);
  for (const char* version : {"1.0.0", "3.0.0"}) {
    EXPECT_CODE(
        store_->RevokeSignature(protocol, version, PartnerId("constabulary"), absl::UnixEpoch(), "why"),
        absl::StatusCode::kNotFound);
  }
}

TEST_P(StoreSuite, WhatASignatureRestsOnAndWhoTookItBackStayWithIt) {
  ProtocolSignature given = SignatureOf("constabulary");
  given.contracts = R"({"street_crime":{"digest":"sha256:c"}})";
  ASSERT_OK(store_->AddSignature(given));
  ASSERT_OK(store_->RevokeSignature(given.protocol, "1.0.0", given.partner, absl::UnixEpoch(), "why",
                                    std::string("\x00 raw", 5)));
  Reopen();
  const auto kept = Value(store_->Signatures(given.protocol));
  EXPECT_EQ(kept[0].contracts, given.contracts);
  EXPECT_EQ(kept[0].revocation_signature, std::string("\x00 raw", 5));
}

TEST_P(StoreSuite, RejectionsAndSignedTextsAreKept) {
  const ProtocolRejection given{ProtocolId("asb-hotspots"),
                                "2.0.0",
                                "sha256:e",
                                PartnerId("health-body"),
                                "hal",
                                "too many fields",
                                absl::FromUnixSeconds(1779278400),
                                std::string("\x00r", 2),
                                "PEM"};
  ASSERT_OK(store_->AddRejection(given));
  ASSERT_OK(store_->KeepSignedDocument("sha256:e", "{}"));
  ASSERT_OK(store_->KeepSignedDocument("sha256:e", "{}"));
  Reopen();
  const auto kept = Value(store_->Rejections(given.protocol));
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].version, "2.0.0");
  EXPECT_EQ(kept[0].digest, "sha256:e");
  EXPECT_EQ(kept[0].partner, given.partner);
  EXPECT_EQ(kept[0].signer, "hal");
  EXPECT_EQ(kept[0].reason, "too many fields");
  EXPECT_EQ(kept[0].time, given.time);
  EXPECT_EQ(kept[0].signature, given.signature);
  EXPECT_EQ(kept[0].certificate, "PEM");
  EXPECT_THAT(Value(store_->Rejections(ProtocolId("other"))), testing::IsEmpty());
  EXPECT_EQ(Value(store_->SignedDocument("sha256:e")), "{}");
  EXPECT_CODE(store_->SignedDocument("sha256:f").status(), absl::StatusCode::kNotFound);
}

TEST_P(StoreSuite, AProtocolHasOnePseudonymKeyForGood) {
  const auto first = store_->PseudonymKey(ProtocolId("asb-hotspots"));
  ASSERT_OK(first);
  EXPECT_EQ(first->second.size(), 32u);
  Reopen();
  EXPECT_EQ(Value(store_->PseudonymKey(ProtocolId("asb-hotspots"))), *first);
  const auto other = store_->PseudonymKey(ProtocolId("other"));
  EXPECT_NE(other->first, first->first);
  EXPECT_NE(other->second, first->second);
}

}  // namespace concordat::store
