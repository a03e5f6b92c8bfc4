// Which version of an agreement binds whom, and why not.
#include "host/sharing/protocol_state.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/host/sharing/support.h"

namespace concordat::sharing {
namespace {

using policy::SharingProtocol;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const absl::Time kNow = At("2026-11-20T12:00:00Z");
const PartnerId kConstabulary("constabulary");
const PartnerId kCouncil("county-council");
const PartnerId kVoluntary("voluntary-action");
const DatasetId kCrime("street_crime");
const ProtocolId kHotspots("asb-hotspots");

SharingProtocol VersionOne() {
  SharingProtocol protocol = CrimeProtocol();
  protocol.version = "1.0.0";
  protocol.digest = "sha256:one";
  return protocol;
}

// Adds a field to what the council gets.
SharingProtocol VersionTwo() {
  SharingProtocol protocol = CrimeProtocol();
  protocol.version = "1.10.0";  // newer than 1.9, and than 1.0
  protocol.digest = "sha256:two";
  protocol.shares[0].fields.push_back({.field = "lsoa_code", .duty = "release"});
  return protocol;
}

policy::PolicySet Both(SharingProtocol one = VersionOne(), SharingProtocol two = VersionTwo()) {
  policy::PolicySet policies = CrimePolicies(std::move(one));
  policies.contracts[0].schema_digest = "sha256:contract";
  policies.protocols.push_back(std::move(two));
  return policies;
}

SharingProtocol Each(SharingProtocol protocol) {
  protocol.signatures = "each";
  protocol.parties[2].role = "controller";
  protocol.shares[0].to.push_back(kVoluntary);
  return protocol;
}

Signature Later(Signature signature, std::string_view time) {
  signature.time = At(time);
  return signature;
}

Signature Revoked(Signature signature, std::string_view time) {
  signature.revoked = true;
  signature.revoked_at = At(time);
  return signature;
}

Rejection RejectedBy(const PartnerId& partner, const SharingProtocol& protocol, std::string_view time) {
  return {protocol.id, protocol.version, protocol.digest, partner, "hal", "too many fields", At(time)};
}

Facts Signed(const std::vector<std::pair<std::string, SharingProtocol>>& signatures) {
  Facts facts;
  for (const auto& [partner, protocol] : signatures) facts.signatures.push_back(SignedBy(partner, protocol));
  return facts;
}

std::string VersionFor(const policy::PolicySet& policies, const PartnerId& partner, const Facts& facts,
                       absl::Time now = kNow) {
  return GoverningVersion(policies, kHotspots, partner, kCrime, facts, now).protocol->version;
}

TEST(GoverningVersion, TheOldOneStandsUntilTheNewOneHasItsQuorum) {
  const policy::PolicySet policies = Both();
  Facts facts = Signed({{"constabulary", VersionOne()}, {"county-council", VersionOne()}});
  EXPECT_EQ(VersionFor(policies, kCouncil, facts), "1.0.0");
  facts.signatures.push_back(SignedBy("constabulary", VersionTwo()));
  EXPECT_EQ(VersionFor(policies, kCouncil, facts), "1.0.0");
  EXPECT_TRUE(GoverningVersion(policies, kHotspots, kCouncil, kCrime, facts, kNow).state.in_force);
  facts.signatures.push_back(SignedBy("county-council", VersionTwo()));
  const Governing governing = GoverningVersion(policies, kHotspots, kCouncil, kCrime, facts, kNow);
  EXPECT_EQ(governing.protocol->version, "1.10.0");
  EXPECT_TRUE(governing.state.in_force);
  EXPECT_THAT(governing.givers, ElementsAre(kConstabulary));
  const std::vector<VersionState> life = LifeOf(policies, kHotspots, facts, kNow);
  ASSERT_EQ(life.size(), 2u);
  EXPECT_EQ(life[0].state.state, "in_force");
  EXPECT_EQ(life[1].state.state, "superseded");
  EXPECT_THAT(life[1].state.explanation, HasSubstr("1.10.0"));
}

TEST(GoverningVersion, WithoutAnyQuorumTheNewestIsNamed) {
  EXPECT_EQ(VersionFor(Both(), kCouncil, Facts()), "1.10.0");
  EXPECT_EQ(GoverningVersion(Both(), ProtocolId("other"), kCouncil, kCrime, Facts(), kNow).protocol, nullptr);
}

TEST(GoverningVersion, ANewerOneThatBeginsLaterWaits) {
  SharingProtocol two = VersionTwo();
  two.validity.from = Day(2027, 1, 1);
  const policy::PolicySet policies = Both(VersionOne(), two);
  const Facts facts = Signed({{"constabulary", VersionOne()},
                              {"county-council", VersionOne()},
                              {"constabulary", two},
                              {"county-council", two}});
  EXPECT_EQ(VersionFor(policies, kCouncil, facts), "1.0.0");
  EXPECT_EQ(VersionFor(policies, kCouncil, facts, At("2027-01-01T00:00:00Z")), "1.10.0");
}

TEST(GoverningVersion, WhatWasReplacedDoesNotComeBackThroughARevocation) {
  const policy::PolicySet policies = Both();
  Facts facts = Signed(
      {{"constabulary", VersionOne()}, {"county-council", VersionOne()}, {"county-council", VersionTwo()}});
  facts.signatures.push_back(Revoked(SignedBy("constabulary", VersionTwo()), "2026-09-01T00:00:00Z"));
  const Governing governing = GoverningVersion(policies, kHotspots, kCouncil, kCrime, facts, kNow);
  EXPECT_EQ(governing.protocol->version, "1.10.0");
  EXPECT_EQ(governing.state.state, "revoked");
}

TEST(GoverningVersion, ASignatureTakenBackBeforeTheQuorumReplacesNothing) {
  const policy::PolicySet policies = Both();
  Facts facts = Signed({{"constabulary", VersionOne()}, {"county-council", VersionOne()}});
  facts.signatures.push_back(Revoked(SignedBy("constabulary", VersionTwo()), "2026-05-01T00:00:00Z"));
  facts.signatures.push_back(Later(SignedBy("county-council", VersionTwo()), "2026-06-01T00:00:00Z"));
  EXPECT_EQ(VersionFor(policies, kCouncil, facts), "1.0.0");
}

TEST(GoverningVersion, WhoTheNewOneLeavesOutGivesNothingUnderTheOldOne) {
  SharingProtocol two = VersionTwo();
  two.parties[0].partner = PartnerId("fire-and-rescue");
  two.shares[0].from = {PartnerId("fire-and-rescue")};
  two.shares[0].dataset = DatasetId("incidents");
  const policy::PolicySet policies = Both(VersionOne(), two);
  const Facts facts = Signed({{"constabulary", VersionOne()},
                              {"county-council", VersionOne()},
                              {"fire-and-rescue", two},
                              {"county-council", two}});
  EXPECT_EQ(VersionFor(policies, kCouncil, facts), "1.10.0");
}

TEST(GoverningVersion, UnderEachAPairMovesOnceBothHaveAdopted) {
  const SharingProtocol one = Each(VersionOne());
  const SharingProtocol two = Each(VersionTwo());
  const policy::PolicySet policies = Both(one, two);
  const Facts facts = Signed({{"constabulary", one},
                              {"county-council", one},
                              {"voluntary-action", one},
                              {"constabulary", two},
                              {"county-council", two}});
  EXPECT_EQ(VersionFor(policies, kCouncil, facts), "1.10.0");
  EXPECT_EQ(VersionFor(policies, kVoluntary, facts), "1.0.0");
  const std::vector<VersionState> life = LifeOf(policies, kHotspots, facts, kNow);
  EXPECT_EQ(life[0].state.state, "in_force");
  EXPECT_EQ(life[1].state.state, "in_force") << "still binds voluntary action";
}

TEST(GoverningVersion, UnderEachARevocationEndsItForThatPartyOnly) {
  const SharingProtocol one = Each(VersionOne());
  policy::PolicySet policies = CrimePolicies(one);
  Facts facts = Signed({{"constabulary", one}, {"county-council", one}});
  facts.signatures.push_back(Revoked(SignedBy("voluntary-action", one), "2026-09-01T00:00:00Z"));
  const Governing council = GoverningVersion(policies, kHotspots, kCouncil, kCrime, facts, kNow);
  EXPECT_TRUE(council.state.in_force);
  EXPECT_THAT(council.state.missing, ElementsAre(kVoluntary));
  AccessRequest request = CouncilAsks();
  facts.submissions = GoodFacts().submissions;
  EXPECT_TRUE(Rule(policies, request, facts).ruling.permit);
  request.partner = kVoluntary;
  const record::Ruling revoked = Rule(policies, request, facts).ruling;
  EXPECT_EQ(revoked.cause, "not_adopted") << revoked.message;
}

TEST(StateOf, ARejectionKeepsItFromItsQuorumUntilThePartySigns) {
  const policy::PolicySet policies = CrimePolicies();
  const SharingProtocol& protocol = policies.protocols[0];
  Facts facts = Signed({{"constabulary", protocol}, {"county-council", protocol}});
  facts.agreement.rejections = {RejectedBy(kVoluntary, protocol, "2026-05-01T00:00:00Z")};
  const ProtocolState rejected = StateOf(policies, protocol, facts, kNow);
  EXPECT_FALSE(rejected.in_force);
  EXPECT_EQ(rejected.state, "rejected");
  EXPECT_EQ(rejected.explanation, "rejected by voluntary-action: too many fields");
  facts.signatures.push_back(Later(SignedBy("voluntary-action", protocol), "2026-06-01T00:00:00Z"));
  EXPECT_TRUE(StateOf(policies, protocol, facts, kNow).in_force);
}

TEST(StateOf, ARejectionOfAnotherTextDoesNotCount) {
  const policy::PolicySet policies = CrimePolicies();
  const SharingProtocol& protocol = policies.protocols[0];
  Facts facts = Signed({{"constabulary", protocol}, {"county-council", protocol}});
  facts.agreement.rejections = {RejectedBy(kVoluntary, VersionTwo(), "2026-05-01T00:00:00Z")};
  EXPECT_TRUE(StateOf(policies, protocol, facts, kNow).in_force);
}

TEST(StateOf, FailingTestsKeepItOutOfForce) {
  const policy::PolicySet policies = CrimePolicies();
  const SharingProtocol& protocol = policies.protocols[0];
  Facts facts = Signed({{"constabulary", protocol}, {"county-council", protocol}});
  facts.agreement.failing_tests = {{"sha256:other", {"x"}}};
  EXPECT_TRUE(StateOf(policies, protocol, facts, kNow).in_force);
  facts.agreement.failing_tests[protocol.digest] = {"tests/a_test.yaml:3:1: expected permit"};
  const ProtocolState state = StateOf(policies, protocol, facts, kNow);
  EXPECT_EQ(state.state, "tests_failing");
  EXPECT_FALSE(state.in_force);
  EXPECT_THAT(state.explanation, HasSubstr("a_test.yaml"));
  EXPECT_EQ(Rule(policies, CouncilAsks(), facts).ruling.clause, "asb-hotspots/tests");
}

TEST(StateOf, AnOverdueReviewSuspendsAfterTheGraceAndExpiryEndsIt) {
  const policy::PolicySet policies = CrimePolicies();
  const SharingProtocol& protocol = policies.protocols[0];
  const Facts facts = Signed({{"constabulary", protocol}, {"county-council", protocol}});
  EXPECT_TRUE(StateOf(policies, protocol, facts, At("2027-04-30T12:00:00Z")).in_force);
  EXPECT_EQ(StateOf(policies, protocol, facts, At("2027-05-01T12:00:00Z")).state, "review_overdue");
  EXPECT_EQ(StateOf(policies, protocol, facts, At("2028-04-01T12:00:00Z")).state, "expired");
  EXPECT_EQ(StateOf(policies, protocol, facts, At("2026-03-31T12:00:00Z")).state, "not_yet");
}

TEST(StateOf, AContractThatChangedSinceIsToldAndABreakEndsIt) {
  policy::PolicySet policies = CrimePolicies();
  policies.contracts[0].schema_digest = "sha256:now";
  const SharingProtocol& protocol = policies.protocols[0];
  Facts facts = Signed({{"constabulary", protocol}, {"county-council", protocol}});
  facts.signatures[0].contracts = PinsOf(policies, protocol);
  EXPECT_THAT(StateOf(policies, protocol, facts, kNow).drift, IsEmpty());

  facts.signatures[0].contracts["street_crime"].digest = "sha256:then";
  ProtocolState state = StateOf(policies, protocol, facts, kNow);
  EXPECT_TRUE(state.in_force);
  ASSERT_EQ(state.drift.size(), 1u);
  EXPECT_FALSE(state.drift[0].breaking);
  EXPECT_EQ(state.drift[0].words,
            "street_crime changed since constabulary signed on 2026-04-01: contract digest sha256:then -> "
            "sha256:now");

  facts.signatures[0].contracts["street_crime"].fields["month"] = "integer";
  state = StateOf(policies, protocol, facts, kNow);
  EXPECT_EQ(state.state, "drifted");
  EXPECT_FALSE(state.in_force);
  EXPECT_THAT(state.explanation, HasSubstr("month is now date, was integer"));

  facts.signatures[0].contracts["street_crime"].fields = {{"outcome", "string"}};
  EXPECT_THAT(StateOf(policies, protocol, facts, kNow).explanation,
              HasSubstr("the shared field outcome is gone"));
  facts.signatures[0].revoked = true;
  EXPECT_THAT(StateOf(policies, protocol, facts, kNow).drift, IsEmpty());
}

TEST(NotYetAdopted, NamesWhoHasNotAdoptedWhat) {
  const policy::PolicySet policies = Both();
  const SharingProtocol& one = policies.protocols[0];
  Facts facts = Signed(
      {{"constabulary", VersionOne()}, {"county-council", VersionOne()}, {"constabulary", VersionTwo()}});
  const auto say = [&](const std::vector<std::string>& fields) {
    return NotYetAdopted(policies, one, kCouncil, kCrime, fields, facts, kNow);
  };
  EXPECT_EQ(
      say({"month", "lsoa_code"}),
      "county-council has adopted 1.0.0, not 1.10.0, which adds shares.records-to-council.fields.lsoa_code");
  EXPECT_EQ(say({"month"}), "");
  EXPECT_EQ(say({"officer"}), "") << "no version has it";
  EXPECT_EQ(say({}), "");
  AccessRequest request = CouncilAsks();
  request.select = {"lsoa_code"};
  facts.submissions = GoodFacts().submissions;
  const record::Ruling ruling = Rule(policies, request, facts).ruling;
  EXPECT_EQ(ruling.cause, "field_not_shared");
  EXPECT_THAT(ruling.message, HasSubstr("county-council has adopted 1.0.0, not 1.10.0"));
}

TEST(NotYetAdopted, TellsOfADatasetThatOnlyTheNewerShares) {
  SharingProtocol two = VersionTwo();
  two.shares[0].to.push_back(kVoluntary);
  const policy::PolicySet policies = Both(VersionOne(), two);
  const Facts facts = Signed({{"constabulary", VersionOne()}, {"county-council", VersionOne()}});
  EXPECT_EQ(NotYetAdopted(policies, policies.protocols[0], kVoluntary, kCrime, {}, facts, kNow),
            "constabulary, county-council have adopted 1.0.0, not 1.10.0, which adds "
            "shares.records-to-council");
}

}  // namespace
}  // namespace concordat::sharing
