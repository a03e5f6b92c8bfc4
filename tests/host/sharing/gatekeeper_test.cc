// Permit or deny, always with the clause and one of the closed list of causes.
#include "host/sharing/gatekeeper.h"

#include <functional>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/sharing/protocol_state.h"
#include "host/sharing/ruling_json.h"
#include "tests/host/sharing/support.h"

namespace concordat::sharing {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

TEST(Rule, PermitsWhatTheProtocolAgrees) {
  const policy::PolicySet policies = CrimePolicies();
  const RulingWithShare result = Rule(policies, CouncilAsks(), GoodFacts());
  const record::Ruling& ruling = result.ruling;
  ASSERT_TRUE(ruling.permit) << ruling.message;
  EXPECT_EQ(ruling.clause, "asb-hotspots/records-to-council");
  EXPECT_EQ(ruling.cause, "");
  EXPECT_EQ(result.share, &policies.protocols[0].shares[0]);
  EXPECT_EQ(result.protocol, &policies.protocols[0]);
  EXPECT_EQ(ruling.protocol_digest, "sha256:protocol");
  ASSERT_EQ(ruling.release.size(), 3u);
  EXPECT_EQ(ruling.release[0].form, "pseudonymise");
  EXPECT_EQ(ruling.rows, "record.crime_type != \"Violence\"");
  EXPECT_THAT(ruling.quality, ElementsAre(Pair("completeness >= 98", "99.5 (S-1, constabulary, 2026-10)"),
                                          Pair("score >= 90", "97.3 (S-1, constabulary, 2026-10)"),
                                          Pair("max_age P45D", "19 days old (S-1, constabulary, 2026-10)")));
  EXPECT_THAT(ruling.duties[0], HasSubstr("crime_id leaves as a pseudonym"));
}

TEST(Rule, SelectAndWhereNarrowTheRelease) {
  AccessRequest request = CouncilAsks();
  request.select = {"crime_type", "month", "crime_type"};
  request.where = "record.month == \"2026-10\"";
  const record::Ruling ruling = Rule(CrimePolicies(), request, GoodFacts()).ruling;
  ASSERT_TRUE(ruling.permit) << ruling.message;
  ASSERT_EQ(ruling.release.size(), 2u);
  EXPECT_EQ(ruling.release[0].field, "crime_type");
  EXPECT_EQ(ruling.release[1].field, "month");
  EXPECT_EQ(ruling.rows, "(record.crime_type != \"Violence\") && (record.month == \"2026-10\")");
}

/// One thing that is changed in an otherwise permitted request.
struct Denial {
  std::string_view name;
  std::string_view cause;
  std::string_view clause;
  std::string_view message;
  std::function<void(policy::SharingProtocol&, AccessRequest&, Facts&)> change;
};

using P = policy::SharingProtocol;
using R = AccessRequest;

const Denial kDenials[] = {
    {"no such protocol", "no_protocol", "asb-hotspot/id", "there is no protocol",
     [](P&, R& r, Facts&) { r.protocol = ProtocolId("asb-hotspot"); }},
    {"dataset of no share", "no_protocol", "asb-hotspots/shares", "shares no dataset",
     [](P&, R& r, Facts&) { r.dataset = DatasetId("spend"); }},
    {"not a party", "not_a_party", "asb-hotspots/parties", "bus-operator is no party",
     [](P&, R& r, Facts&) { r.partner = PartnerId("bus-operator"); }},
    {"an administrator, who is of no partner", "not_a_party", "asb-hotspots/parties",
     "an administrator is no party", [](P&, R& r, Facts&) { r.partner = PartnerId(); }},
    {"a party to whom the share is not meant", "not_a_party", "asb-hotspots/records-to-council",
     "not with voluntary-action", [](P&, R& r, Facts&) { r.partner = PartnerId("voluntary-action"); }},
    {"the giver itself", "not_a_party", "asb-hotspots/records-to-council", "not with constabulary",
     [](P&, R& r, Facts&) { r.partner = PartnerId("constabulary"); }},
    {"nobody has signed", "not_adopted", "asb-hotspots/signatures",
     "not signed by constabulary, county-council", [](P&, R&, Facts& f) { f.signatures.clear(); }},
    {"one has not signed", "not_adopted", "asb-hotspots/signatures", "not signed by county-council",
     [](P&, R&, Facts& f) { f.signatures.pop_back(); }},
    {"an earlier text was signed", "not_adopted", "asb-hotspots/signatures", "signed another text",
     [](P& p, R&, Facts&) { p.digest = "sha256:changed"; }},
    {"another version was signed", "not_adopted", "asb-hotspots/signatures", "signed another text",
     [](P& p, R&, Facts&) { p.version = "3.2.0"; }},
    {"another protocol was signed", "not_adopted", "asb-hotspots/signatures", "not signed by county-council",
     [](P&, R&, Facts& f) { f.signatures[1].protocol = ProtocolId("other"); }},
    {"a signature was revoked", "not_in_force", "asb-hotspots/signatures", "constabulary took back",
     [](P&, R&, Facts& f) { f.signatures[0].revoked = true; }},
    {"before it begins", "not_in_force", "asb-hotspots/validity.from", "in force from 2026-04-01",
     [](P&, R& r, Facts&) { r.time = At("2026-03-31T23:59:59Z"); }},
    {"after its end", "not_in_force", "asb-hotspots/validity.until", "ended on 2028-03-31",
     [](P&, R& r, Facts&) { r.time = At("2028-04-01"); }},
    {"review overdue", "review_overdue", "asb-hotspots/validity.review",
     "its review was due on 2027-03-31, 31 days ago", [](P&, R& r, Facts&) { r.time = At("2027-05-01"); }},
    {"another purpose", "purpose", "asb-hotspots/purpose", "not for \"dpv:Marketing\"",
     [](P&, R& r, Facts&) { r.purpose = "dpv:Marketing"; }},
    {"no purpose", "purpose", "asb-hotspots/purpose", "not for \"\"",
     [](P&, R& r, Facts&) { r.purpose = ""; }},
    {"an administrator", "role", "asb-hotspots/parties", "administrator",
     [](P&, R& r, Facts&) { r.role = "administrator"; }},
    {"an administrator where nothing is asked of roles", "role", "asb-hotspots/parties", "administrator",
     [](P& p, R& r, Facts&) {
       p.shares[0].when = "";
       r.role = "administrator";
     }},
    {"the wrong role", "role", "asb-hotspots/records-to-council", "the role delegate may not",
     [](P&, R& r, Facts&) { r.role = "delegate"; }},
    {"a condition that does not hold", "condition_false", "asb-hotspots/records-to-council", "does not hold",
     [](P& p, R&, Facts&) { p.shares[0].when = "request.user == \"bob\""; }},
    {"an unknown attribute", "condition_failed", "asb-hotspots/records-to-council",
     "request.attributes.trained is not known",
     [](P& p, R&, Facts&) { p.shares[0].when = "request.attributes.trained == true"; }},
    {"an attribute of the wrong type", "condition_failed", "asb-hotspots/records-to-council",
     "request.attributes.trained",
     [](P& p, R& r, Facts&) {
       p.shares[0].when = "request.attributes.trained == true";
       r.attributes["trained"] = expr::Value{std::string("true")};
     }},
    {"a negated unknown attribute", "condition_failed", "asb-hotspots/records-to-council",
     "request.attributes.blocked is not known",
     [](P& p, R&, Facts&) { p.shares[0].when = "!(request.attributes.blocked == true)"; }},
    {"a condition that does not compile", "condition_failed", "asb-hotspots/records-to-council",
     "not understood", [](P& p, R&, Facts&) { p.shares[0].when = "request.role ="; }},
    {"a score nobody measured", "condition_failed", "asb-hotspots/records-to-council",
     "quality.accuracy is not known", [](P& p, R&, Facts&) { p.shares[0].when = "quality.accuracy > 1"; }},
    {"a field not listed", "field_not_shared", "asb-hotspots/records-to-council",
     "the field \"officer\" is not shared",
     [](P&, R& r, Facts&) {
       r.select = {"month", "officer"};
     }},
    {"a field that does not exist", "field_not_shared", "asb-hotspots/records-to-council",
     "did you mean \"month\"?", [](P&, R& r, Facts&) { r.select = {"mnth"}; }},
    {"where names a field not listed", "where_not_released", "asb-hotspots/records-to-council",
     "where names the field \"officer\"",
     [](P&, R& r, Facts&) { r.where = "record.month == \"2026-10\" || record.officer == \"PC 7\""; }},
    {"where asks whether a hidden field is there", "where_not_released", "asb-hotspots/records-to-council",
     "officer", [](P&, R& r, Facts&) { r.where = "has(record.officer)"; }},
    {"where names a field that does not exist", "where_not_released", "asb-hotspots/records-to-council",
     "nope", [](P&, R& r, Facts&) { r.where = "record.nope == 1"; }},
    {"where is no condition", "condition_failed", "asb-hotspots/records-to-council",
     "where is not understood", [](P&, R& r, Facts&) { r.where = "record.month"; }},
    {"where is no CEL", "condition_failed", "asb-hotspots/records-to-council", "write == to compare",
     [](P&, R& r, Facts&) { r.where = "record.month = 1"; }},
    {"a score too low", "quality", "asb-hotspots/records-to-council",
     "completeness >= 98 is needed, but it is 97.9 (S-2, constabulary, 2026-10)",
     [](P&, R&, Facts& f) { f.submissions.push_back(Submission("S-2", "constabulary", 97.99, 95)); }},
    {"a score not measured", "quality", "asb-hotspots/records-to-council", "it is not measured",
     [](P&, R&, Facts& f) { f.submissions[0].scores.erase("completeness"); }},
    {"a submission too old", "evidence_stale", "asb-hotspots/records-to-council", "one is 50 days old",
     [](P&, R&, Facts& f) {
       f.submissions.push_back(Submission("S-0", "constabulary", 100, 100, "2026-10-01T00:00:00Z"));
     }},
    {"no key", "key_unavailable", "asb-hotspots/records-to-council", "pseudonym key",
     [](P&, R&, Facts& f) { f.pseudonym_key_available = false; }},
    {"a duty of tomorrow", "duty_unavailable", "asb-hotspots/records-to-council", "perturb",
     [](P& p, R&, Facts&) { p.shares[0].fields[1].duty = "perturb"; }},
    {"a rule not met", "quality", "asb-hotspots/records-to-council",
     "crime_id_unique met is needed, but it is breached",
     [](P& p, R&, Facts& f) {
       p.shares[0].quality->rules_met = {"crime_id_unique"};
       f.submissions[0].rules["crime_id_unique"] = "breached";
     }},
    {"a rule nobody measured", "quality", "asb-hotspots/records-to-council", "not measured",
     [](P& p, R&, Facts&) { p.shares[0].quality->rules_met = {"crime_id_unique"}; }},
    {"an aggregate where records were agreed", "form", "asb-hotspots/records-to-council",
     "as records, not as an aggregate", [](P&, R& r, Facts&) { r.form = "aggregate"; }},
    {"an emergency that was not agreed", "emergency", "asb-hotspots/emergency", "knows no emergency",
     [](P&, R& r, Facts&) {
       r.emergency = Emergency{"Ann", "art6.1.d", "fire"};
     }},
    {"an emergency called by the wrong role", "emergency", "asb-hotspots/emergency", "may not call",
     [](P& p, R& r, Facts&) {
       p.emergency = {true, {"delegate"}, *policy::ParseDuration("P3D")};
       r.emergency = Emergency{"Ann", "art6.1.d", "fire"};
     }},
    {"an emergency without a reason", "emergency", "asb-hotspots/emergency", "the reason",
     [](P& p, R& r, Facts&) {
       p.emergency = {true, {"analyst"}, *policy::ParseDuration("P3D")};
       r.emergency = Emergency{"Ann", "art6.1.d", ""};
     }},
    {"an emergency beyond its time", "emergency", "asb-hotspots/emergency", "ended after P3D",
     [](P& p, R& r, Facts& f) {
       p.emergency = {true, {"analyst"}, *policy::ParseDuration("P3D")};
       r.emergency = Emergency{"Ann", "art6.1.d", "fire"};
       f.emergency_since = r.time - absl::Hours(73);
     }},
};

TEST(Rule, DeniesWithItsClauseWhenOneThingIsWrong) {
  for (const Denial& denial : kDenials) {
    policy::SharingProtocol protocol = CrimeProtocol();
    AccessRequest request = CouncilAsks();
    Facts facts = GoodFacts();
    denial.change(protocol, request, facts);
    const record::Ruling ruling = Rule(CrimePolicies(protocol), request, facts).ruling;
    EXPECT_FALSE(ruling.permit) << denial.name;
    EXPECT_EQ(ruling.cause, denial.cause) << denial.name << ": " << ruling.message;
    EXPECT_EQ(ruling.clause, denial.clause) << denial.name;
    EXPECT_THAT(ruling.message, HasSubstr(denial.message)) << denial.name;
    EXPECT_THAT(ruling.release, IsEmpty()) << denial.name;
    EXPECT_THAT(ruling.duties, IsEmpty()) << denial.name;
    const policy::PolicySet policies = CrimePolicies(protocol);
    const Decision decision = Gatekeeper(policies).Decide(request, facts);
    EXPECT_FALSE(decision.permit) << denial.name;
    EXPECT_EQ(decision.cause, denial.cause) << denial.name << ": the quick answer is the same";
    EXPECT_EQ(ClauseOf(decision, request), denial.clause) << denial.name << ": and names the same clause";
  }
}

TEST(Rule, AnEmergencyPassesOverRoleAndQualityAndNothingElse) {
  policy::SharingProtocol protocol = CrimeProtocol();
  protocol.emergency = {true, {"delegate"}, *policy::ParseDuration("P3D")};
  AccessRequest request = CouncilAsks();
  request.role = "delegate";
  Facts facts = GoodFacts();
  facts.submissions[0].scores["completeness"] = 10;
  EXPECT_FALSE(Rule(CrimePolicies(protocol), request, facts).ruling.permit);
  request.emergency = Emergency{"Ann", "art6.1.d", "a person is in danger"};
  const record::Ruling ruling = Rule(CrimePolicies(protocol), request, facts).ruling;
  EXPECT_TRUE(ruling.permit) << ruling.message;
  EXPECT_EQ(ruling.caveats.size(), 2u) << "the score that is too low, and the review that is due";
  request.select = {"officer"};
  EXPECT_EQ(Rule(CrimePolicies(protocol), request, facts).ruling.cause, "field_not_shared");
  request.select = {};
  request.purpose = "dpv:Marketing";
  EXPECT_EQ(Rule(CrimePolicies(protocol), request, facts).ruling.cause, "purpose");
}

TEST(Rule, FindsTheProtocolByPartyDatasetAndPurpose) {
  AccessRequest request = CouncilAsks();
  request.protocol = ProtocolId();
  const policy::PolicySet policies = CrimePolicies();
  const RulingWithShare found = Gatekeeper(policies).Rule(request, GoodFacts());
  EXPECT_TRUE(found.ruling.permit) << found.ruling.message;
  EXPECT_EQ(found.ruling.protocol, "asb-hotspots");
  EXPECT_TRUE(Gatekeeper(policies).Decide(request, GoodFacts()).permit);
  request.purpose = "dpv:Marketing";
  EXPECT_EQ(Gatekeeper(policies).Rule(request, GoodFacts()).ruling.cause, "purpose");
  request.dataset = DatasetId("unheard_of");
  EXPECT_EQ(Gatekeeper(policies).Rule(request, GoodFacts()).ruling.cause, "no_protocol");
}

TEST(Rule, AProtocolEndsWithItsCharter) {
  policy::PolicySet policies = CrimePolicies();
  policy::SharingProtocol charter = CrimeProtocol();
  charter.id = ProtocolId("charter");
  charter.digest = "sha256:charter";
  charter.tier = 1;
  charter.shares.clear();
  policies.protocols[0].parent = "charter";
  policies.protocols.push_back(charter);
  Facts facts = GoodFacts();
  const RulingWithShare unsigned_charter = Gatekeeper(policies).Rule(CouncilAsks(), facts);
  EXPECT_EQ(unsigned_charter.ruling.cause, "not_adopted");
  EXPECT_EQ(unsigned_charter.ruling.clause, "asb-hotspots/parent");
  facts.signatures.push_back(SignedBy("constabulary", charter));
  facts.signatures.push_back(SignedBy("county-council", charter));
  EXPECT_TRUE(Gatekeeper(policies).Rule(CouncilAsks(), facts).ruling.permit);
  const ProtocolStates states(policies, facts, CouncilAsks().time);
  Facts quick;
  quick.states = &states;
  quick.submissions = facts.submissions;
  EXPECT_TRUE(Gatekeeper(policies).Decide(CouncilAsks(), quick).permit)
      << "states that were worked out before";
}

TEST(Rule, EveryCauseIsOfTheClosedList) {
  std::set<std::string_view> known;
  for (const Cause& cause : Causes()) {
    EXPECT_TRUE(known.insert(cause.word).second) << cause.word << " is listed twice";
    EXPECT_FALSE(cause.meaning.empty());
  }
  for (const Denial& denial : kDenials) EXPECT_TRUE(known.contains(denial.cause)) << denial.cause;
}

TEST(Rule, AWrongRoleIsToldWhichRoleWouldDo) {
  AccessRequest request = CouncilAsks();
  request.role = "auditor";
  EXPECT_EQ(Rule(CrimePolicies(), request, GoodFacts()).ruling.mend,
            "ask somebody whose role is steward or analyst");
}

TEST(Rule, AWhereThatIsNotUnderstoodIsToBeCorrected) {
  AccessRequest request = CouncilAsks();
  request.where = "((";
  EXPECT_EQ(Rule(CrimePolicies(), request, GoodFacts()).ruling.mend, "correct the expression of where");
}

TEST(Rule, QualityMayBeACaveatInsteadOfARefusal) {
  policy::SharingProtocol protocol = CrimeProtocol();
  protocol.shares[0].quality->refuse = false;
  Facts facts = GoodFacts();
  facts.submissions[0].scores["completeness"] = 50;
  const record::Ruling ruling = Rule(CrimePolicies(protocol), CouncilAsks(), facts).ruling;
  EXPECT_TRUE(ruling.permit);
  EXPECT_THAT(ruling.caveats, ElementsAre(HasSubstr("completeness >= 98 is needed, but it is 50")));
}

policy::SharingProtocol NeedsALevel(std::string_view max_age = "P18M") {
  policy::SharingProtocol protocol = CrimeProtocol();
  protocol.shares[0].quality->assessment =
      policy::LevelCondition{"dq-themes", 2, *policy::ParseDuration(max_age), {}};
  return protocol;
}

Facts WithLevel(std::optional<int> level, std::string_view submitted = "2026-06-20T09:00:00Z") {
  Facts facts = GoodFacts();
  facts.levels = {{PartnerId("constabulary"), "dq-themes", "2025/26", level, At(submitted)}};
  return facts;
}

// The quick answer must be the same as the one in words.
record::Ruling RuleBothWays(const policy::SharingProtocol& protocol, const AccessRequest& request,
                            const Facts& facts) {
  const policy::PolicySet policies = CrimePolicies(protocol);
  const Gatekeeper gatekeeper(policies);
  record::Ruling ruling = gatekeeper.Rule(request, facts).ruling;
  const Decision decision = gatekeeper.Decide(request, facts);
  EXPECT_EQ(decision.permit, ruling.permit) << ruling.message;
  EXPECT_EQ(decision.cause, ruling.cause) << ruling.message;
  EXPECT_EQ(ClauseOf(decision, request), ruling.clause);
  return ruling;
}

TEST(Rule, WhoGivesNeedsTheLevelThatWasAgreed) {
  const record::Ruling enough = RuleBothWays(NeedsALevel(), CouncilAsks(), WithLevel(2));
  EXPECT_TRUE(enough.permit) << enough.message;
  EXPECT_THAT(enough.quality, Contains(Pair("assessment dq-themes >= 2", "2 (constabulary, 2025/26)")));
  EXPECT_THAT(enough.quality,
              Contains(Pair("assessment dq-themes max_age P18M", "5 months old (constabulary, 2025/26)")));

  const record::Ruling low = RuleBothWays(NeedsALevel(), CouncilAsks(), WithLevel(1));
  EXPECT_EQ(low.cause, "quality");
  EXPECT_EQ(low.clause, "asb-hotspots/records-to-council");
  EXPECT_EQ(low.message,
            "dq-themes level 2 is needed of constabulary, but its assessment of 2025/26 stands at level 1");
  EXPECT_THAT(low.mend, HasSubstr("concordat assess start dq-themes"));
  EXPECT_THAT(low.quality, Contains(Pair("assessment dq-themes >= 2", "1 (constabulary, 2025/26)")));

  const record::Ruling none = RuleBothWays(NeedsALevel(), CouncilAsks(), GoodFacts());
  EXPECT_EQ(none.cause, "quality");
  EXPECT_THAT(none.message, HasSubstr("constabulary, which has no assessment that was signed off"));
  EXPECT_THAT(none.quality, Contains(Pair("assessment dq-themes >= 2", "none signed off (constabulary)")));
  const record::Ruling without = RuleBothWays(NeedsALevel(), CouncilAsks(), WithLevel(std::nullopt));
  EXPECT_EQ(without.cause, "quality");
  EXPECT_THAT(without.message, HasSubstr("stands at no level"));
}

TEST(Rule, AnAssessmentOfAnotherPartnerOrTemplateIsNoneOfTheGivers) {
  Facts facts = WithLevel(4);
  facts.levels[0].partner = PartnerId("county-council");
  EXPECT_EQ(RuleBothWays(NeedsALevel(), CouncilAsks(), facts).cause, "quality");
  facts = WithLevel(4);
  facts.levels[0].template_id = "delivery-chain";
  EXPECT_EQ(RuleBothWays(NeedsALevel(), CouncilAsks(), facts).cause, "quality");
}

TEST(Rule, AnAssessmentGrowsTooOld) {
  AccessRequest request = CouncilAsks();  // on 20 November 2026 at noon
  const auto judge = [&](std::string_view submitted, std::string_view max_age = "P18M") {
    return RuleBothWays(NeedsALevel(max_age), request, WithLevel(3, submitted));
  };
  EXPECT_TRUE(judge("2025-05-20T12:00:00Z").permit) << "to the very moment";
  EXPECT_TRUE(judge("2025-05-21T00:00:00Z").permit);
  const record::Ruling stale = judge("2025-04-02T10:00:00Z");
  EXPECT_EQ(stale.cause, "evidence_stale");
  EXPECT_EQ(stale.message,
            "dq-themes level 2 is needed of constabulary, but its assessment of 2025/26 is 19 months old, at "
            "most 18 "
            "months");
  EXPECT_THAT(stale.mend, HasSubstr("concordat assess start dq-themes"));
  EXPECT_THAT(judge("2025-05-20T11:59:59Z").message, HasSubstr("is 18 months old, at most 18 months"));
  EXPECT_THAT(judge("2025-05-17T12:00:00Z").message,
              HasSubstr("is 18 months and 3 days old, at most 18 months"));
  EXPECT_THAT(judge("2026-10-20T12:00:00Z", "P30D").message, HasSubstr("is 31 days old, at most 30 days"));
  EXPECT_TRUE(judge("2026-10-21T12:00:00Z", "P30D").permit);
}

TEST(Rule, ALapsedLevelMayBeACaveatAndAnEmergencyPassesOverIt) {
  policy::SharingProtocol protocol = NeedsALevel();
  protocol.shares[0].quality->refuse = false;
  const record::Ruling caveat = RuleBothWays(protocol, CouncilAsks(), WithLevel(1, "2025-01-01"));
  EXPECT_TRUE(caveat.permit);
  EXPECT_THAT(caveat.caveats, ElementsAre(HasSubstr("stands at level 1"), HasSubstr("22 months old")));
  protocol = NeedsALevel();
  protocol.emergency = {true, {"analyst"}, *policy::ParseDuration("P3D")};
  AccessRequest request = CouncilAsks();
  request.emergency = Emergency{"Ann", "art6.1.d", "a person is in danger"};
  EXPECT_TRUE(RuleBothWays(protocol, request, WithLevel(1)).permit);
}

TEST(Rule, EveryoneWhoGivesNeedsTheLevelAndOnlyThose) {
  policy::SharingProtocol protocol = NeedsALevel();
  protocol.parties.push_back({.partner = PartnerId("fire"), .gives = true, .role = "controller"});
  protocol.shares[0].from.push_back(PartnerId("fire"));
  Facts facts = WithLevel(3);
  facts.signatures.push_back(SignedBy("fire", protocol));
  const record::Ruling ruling = RuleBothWays(protocol, CouncilAsks(), facts);
  EXPECT_EQ(ruling.cause, "quality");
  EXPECT_THAT(ruling.message, HasSubstr("is needed of fire"));
  facts.levels.push_back({PartnerId("fire"), "dq-themes", "2026/27", 2, At("2026-10-01")});
  EXPECT_TRUE(RuleBothWays(protocol, CouncilAsks(), facts).permit);

  // Under "each" who has not signed gives nothing, so nothing is needed of them.
  protocol.signatures = "each";
  facts = WithLevel(3);
  facts.submissions.push_back(Submission("S-2", "fire", 1, 1));
  const record::Ruling each = RuleBothWays(protocol, CouncilAsks(), facts);
  EXPECT_TRUE(each.permit) << each.message;
}

TEST(Rule, OnlySubmissionsWhoseRowsWouldLeaveAreJudged) {
  Facts facts = GoodFacts();
  facts.submissions.push_back(Submission("S-9", "bus-operator", 1, 1));
  EXPECT_TRUE(Rule(CrimePolicies(), CouncilAsks(), facts).ruling.permit);
}

TEST(Rule, AScoreOfExactlyTheMinimumIsEnough) {
  Facts facts = GoodFacts();
  facts.submissions[0].scores["completeness"] = 98;
  EXPECT_TRUE(Rule(CrimePolicies(), CouncilAsks(), facts).ruling.permit);
}

TEST(Rule, WhenSeesTheLowestScoreOfAllSubmissions) {
  policy::SharingProtocol protocol = CrimeProtocol();
  protocol.shares[0].when = "quality.score > 95";
  Facts facts = GoodFacts();
  EXPECT_TRUE(Rule(CrimePolicies(protocol), CouncilAsks(), facts).ruling.permit);
  facts.submissions.push_back(Submission("S-2", "constabulary", 99, 94));
  EXPECT_EQ(Rule(CrimePolicies(protocol), CouncilAsks(), facts).ruling.cause, "condition_false");
}

TEST(Rule, TheNewestVersionInForceDecides) {
  policy::SharingProtocol newer = CrimeProtocol();
  newer.version = "4.0.0";
  newer.digest = "sha256:newer";
  policy::PolicySet policies = CrimePolicies();
  policies.protocols.push_back(newer);
  EXPECT_EQ(Rule(policies, CouncilAsks(), GoodFacts()).ruling.protocol_version, "3.1.0");
  Facts facts = GoodFacts();
  for (const auto* partner : {"constabulary", "county-council"})
    facts.signatures.push_back(SignedBy(partner, newer));
  EXPECT_EQ(Rule(policies, CouncilAsks(), facts).ruling.protocol_version, "4.0.0");
}

TEST(Rule, ASecondShareMayPermitWhatTheFirstDenies) {
  policy::SharingProtocol protocol = CrimeProtocol();
  policy::Share second = protocol.shares[0];
  second.id = "months-to-delegates";
  second.when = "request.role == \"delegate\"";
  second.fields = {{.field = "month", .duty = "release"}};
  protocol.shares.push_back(second);
  AccessRequest request = CouncilAsks();
  request.role = "delegate";
  EXPECT_EQ(Rule(CrimePolicies(protocol), request, GoodFacts()).ruling.clause,
            "asb-hotspots/months-to-delegates");
  request.role = "auditor";
  EXPECT_EQ(Rule(CrimePolicies(protocol), request, GoodFacts()).ruling.clause,
            "asb-hotspots/records-to-council");
}

TEST(Rule, UnderEachTheAskingPartnerMustHaveSignedItself) {
  policy::SharingProtocol protocol = CrimeProtocol();
  protocol.signatures = "each";
  protocol.shares[0].to.push_back(PartnerId("voluntary-action"));
  AccessRequest request = CouncilAsks();
  EXPECT_TRUE(Rule(CrimePolicies(protocol), request, GoodFacts()).ruling.permit);
  request.partner = PartnerId("voluntary-action");
  const record::Ruling ruling = Rule(CrimePolicies(protocol), request, GoodFacts()).ruling;
  EXPECT_EQ(ruling.cause, "not_adopted");
  EXPECT_THAT(ruling.message, HasSubstr("voluntary-action has not signed"));
}

TEST(Rule, ADatasetIsTheSameUnderItsLongName) {
  AccessRequest request = CouncilAsks();
  request.dataset = DatasetId("street_crime/street_crime");
  EXPECT_TRUE(Rule(CrimePolicies(), request, GoodFacts()).ruling.permit);
}

// --- states ---

struct StateCase {
  std::string_view state;
  std::string_view now;
  std::string_view explanation;
};

TEST(StateOf, FollowsTheCalendar) {
  const StateCase cases[] = {
      {"not_yet", "2026-03-31T23:59:59Z", "in force from 2026-04-01 on"},
      {"in_force", "2026-04-01", "in force until 2028-03-31; review due on 2027-03-31 (in 364 days)"},
      {"in_force", "2027-03-31", "(in 0 days)"},
      {"in_force", "2027-04-30", "its review was due on 2027-03-31, 30 days ago"},
      {"review_overdue", "2027-05-01", "suspended; its review was due"},
      {"expired", "2028-04-01", "ended on 2028-03-31"},
  };
  for (const StateCase& c : cases) {
    const ProtocolState state = StateOf(CrimeProtocol(), GoodFacts().signatures, At(c.now));
    EXPECT_EQ(state.state, c.state) << c.now;
    EXPECT_EQ(state.in_force, c.state == "in_force") << c.now;
    EXPECT_THAT(state.explanation, HasSubstr(c.explanation)) << c.now;
  }
}

TEST(StateOf, AnOverdueReviewMayOnlyWarn) {
  policy::SharingProtocol protocol = CrimeProtocol();
  protocol.validity.on_overdue = "warn";
  const ProtocolState state = StateOf(protocol, GoodFacts().signatures, At("2027-12-01"));
  EXPECT_TRUE(state.in_force);
  EXPECT_EQ(*state.days_to_review, -245);
}

TEST(StateOf, NamesWhoseSignatureIsMissing) {
  const ProtocolState draft = StateOf(CrimeProtocol(), {}, At("2026-11-20"));
  EXPECT_EQ(draft.state, "draft");
  EXPECT_THAT(draft.missing, ElementsAre(PartnerId("constabulary"), PartnerId("county-council")));
  const ProtocolState waiting = StateOf(CrimeProtocol(), {SignedBy("county-council")}, At("2026-11-20"));
  EXPECT_EQ(waiting.state, "awaiting_signatures");
  EXPECT_THAT(waiting.missing, ElementsAre(PartnerId("constabulary")));
  // A processor need not sign, and its signature does not stand in for a controller's.
  EXPECT_FALSE(
      StateOf(CrimeProtocol(), {SignedBy("county-council"), SignedBy("voluntary-action")}, At("2026-11-20"))
          .in_force);
}

TEST(StateOf, ARevokedSignatureCanBeGivenAgain) {
  std::vector<Signature> signatures = GoodFacts().signatures;
  signatures[0].revoked = true;
  EXPECT_EQ(StateOf(CrimeProtocol(), signatures, At("2026-11-20")).state, "revoked");
  signatures.push_back(SignedBy("constabulary"));
  EXPECT_EQ(StateOf(CrimeProtocol(), signatures, At("2026-11-20")).state, "in_force");
}

TEST(StateOf, AProtocolWithoutControllersIsNeverInForce) {
  policy::SharingProtocol protocol = CrimeProtocol();
  for (policy::Party& party : protocol.parties) party.role = "processor";
  EXPECT_FALSE(StateOf(protocol, GoodFacts().signatures, At("2026-11-20")).in_force);
}

// --- lint and JSON ---

TEST(LintProtocols, FindsWhatOnlyTheContractCanShow) {
  policy::SharingProtocol protocol = CrimeProtocol();
  protocol.shares[0].fields.push_back({.field = "ofificer", .duty = "release"});
  protocol.shares[0].rows = "record.crime_typ == 1";
  protocol.shares[0].when = "request.rol == \"analyst\"";
  Issues issues;
  LintProtocols(CrimePolicies(protocol), issues);
  ASSERT_EQ(issues.error_count(), 3u);
  EXPECT_THAT(issues.list()[0].message, HasSubstr("a request has no \"rol\""));
  EXPECT_THAT(issues.list()[1].message, HasSubstr("no field \"ofificer\""));
  EXPECT_EQ(issues.list()[1].hint, "did you mean \"officer\"?");
  EXPECT_THAT(issues.list()[2].message, HasSubstr("no field \"crime_typ\""));
}

TEST(LintProtocols, PointsAtTheMistakeInsideTheExpression) {
  auto source = std::make_shared<SourceText>();
  source->name = "p.yaml";
  source->text = "rows: \"record.month > '2026-01' && record.nope == 1\"\n";
  policy::SharingProtocol protocol = CrimeProtocol();
  protocol.shares[0].rows = "record.month > '2026-01' && record.nope == 1";
  protocol.shares[0].rows_place = {source, 1, 7};
  Issues issues;
  LintProtocols(CrimePolicies(protocol), issues);
  ASSERT_EQ(issues.error_count(), 1u);
  EXPECT_EQ(issues.list()[0].place.column, static_cast<int>(source->text.find("record.nope")) + 1);
}

TEST(LintProtocols, IsContentWithAGoodProtocol) {
  Issues issues;
  LintProtocols(CrimePolicies(), issues);
  EXPECT_THAT(issues.list(), IsEmpty());
}

TEST(RulingJson, HasTheMembersThatAreAgreed) {
  const json::Object permit = RulingJson(Rule(CrimePolicies(), CouncilAsks(), GoodFacts()).ruling);
  EXPECT_EQ(permit.at("decision").as_string(), "permit");
  EXPECT_EQ(permit.at("clause").as_string(), "asb-hotspots/records-to-council");
  EXPECT_TRUE(permit.at("cause").is_null());
  EXPECT_EQ(json::Compact(permit.at("release").as_array()[1]), R"({"field":"month","form":"release"})");
  EXPECT_EQ(permit.at("duties").as_array().size(), 3u);
  AccessRequest request = CouncilAsks();
  request.purpose = "x";
  const json::Object deny = RulingJson(Rule(CrimePolicies(), request, GoodFacts()).ruling);
  EXPECT_EQ(deny.at("decision").as_string(), "deny");
  EXPECT_EQ(deny.at("cause").as_string(), "purpose");
  EXPECT_TRUE(deny.at("release").as_array().empty());
  EXPECT_TRUE(deny.at("rows").is_null());
  EXPECT_FALSE(deny.at("mend").as_string().empty());
}

}  // namespace
}  // namespace concordat::sharing
