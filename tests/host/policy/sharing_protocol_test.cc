#include "host/policy/sharing_protocol.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "yaml_text.h"

namespace concordat::policy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The protocol of the interfaces page, as far as its duties are built.
const std::string kProtocol = R"(apiVersion: concordat/v1
kind: SharingProtocol
id: asb-hotspots
version: 3.1.0
title: Anti-social behaviour hotspots
tier: 2
parent: partnership-charter
parties:
  - {partner: constabulary, gives: true, role: controller}
  - {partner: county-council, receives: true, role: controller}
purpose: {code: "dpv:PublicSafety", statement: Joint patrols, benefits: Fewer repeats, necessity: Neither holds both}
lawfulness:
  bases: [art6.1.e]
  special_category: []
  criminal_offence: [dpa2018.sch1.p10]
  gateways: ["Crime and Disorder Act 1998 s.115"]
  dpia: {ref: DPIA-041, date: 2026-02-01, outcome: accepted}
validity: {from: 2026-04-01, until: 2028-03-31, review: 2027-03-31, grace: P30D, on_overdue: suspend}
shares:
  - id: records-to-council
    dataset: street_crime
    from: [constabulary]
    to: [county-council]
    fields:
      crime_id: {pseudonymise: {scope: protocol}}
      month: release
    rows: record.crime_type != "Violence and sexual offences"
    when: request.role in ["analyst", "steward"]
    quality: {completeness: 98, conformity: 99, max_age: P45D, on_fail: refuse}
prohibitions: [{action: onward_sharing, to: any}]
emergency: {allowed: false, roles: [delegate], max: P3D}
retention: {recipient: P12M, evidence: deletion_certificate}
signatures: all_controllers
tests: [asb-hotspots_test.yaml]
)";

std::vector<std::string> MarksWith(std::string_view from, std::string_view to) {
  return MarksOf(ReadSharingProtocol, With(kProtocol, from, to));
}

TEST(SharingProtocol, IsReadWhole) {
  Issues issues;
  const SharingProtocol protocol = ReadSharingProtocol(ReadText(kProtocol, issues), issues);
  ASSERT_THAT(Marks(issues), IsEmpty());
  EXPECT_EQ(protocol.id, ProtocolId("asb-hotspots"));
  EXPECT_EQ(protocol.version, "3.1.0");
  EXPECT_EQ(protocol.parent, "partnership-charter");
  ASSERT_EQ(protocol.parties.size(), 2u);
  EXPECT_TRUE(protocol.parties[0].gives);
  EXPECT_FALSE(protocol.parties[0].receives);
  EXPECT_EQ(protocol.purpose_code, "dpv:PublicSafety");
  EXPECT_THAT(protocol.criminal_offence, ElementsAre("dpa2018.sch1.p10"));
  EXPECT_EQ(protocol.validity.from, ParseDay("2026-04-01"));
  EXPECT_EQ(protocol.validity.until, ParseDay("2028-03-31"));
  EXPECT_EQ(protocol.validity.review, ParseDay("2027-03-31"));
  EXPECT_EQ(protocol.validity.grace.days, 30);
  EXPECT_EQ(protocol.retention.recipient->months, 12);
  EXPECT_EQ(protocol.retention.evidence, "deletion_certificate");
  EXPECT_EQ(protocol.signatures, "all_controllers");
  EXPECT_THAT(protocol.tests, ElementsAre("asb-hotspots_test.yaml"));
}

TEST(SharingProtocol, AShareIsReadWhole) {
  Issues issues;
  const SharingProtocol protocol = ReadSharingProtocol(ReadText(kProtocol, issues), issues);
  ASSERT_EQ(protocol.shares.size(), 1u);
  const Share& share = protocol.shares[0];
  EXPECT_EQ(share.id, "records-to-council");
  EXPECT_THAT(share.from, ElementsAre(PartnerId("constabulary")));
  EXPECT_THAT(share.to, ElementsAre(PartnerId("county-council")));
  ASSERT_EQ(share.fields.size(), 2u);
  EXPECT_EQ(share.fields[0].duty, "pseudonymise");
  EXPECT_EQ(share.fields[1].duty, "release");
  EXPECT_THAT(share.rows, HasSubstr("record.crime_type"));
  EXPECT_EQ(share.rows_place.str(), "test.yaml:27:11");
  EXPECT_EQ(share.when_place.str(), "test.yaml:28:11");
  ASSERT_TRUE(share.quality);
  EXPECT_THAT(share.quality->minimum, ElementsAre(std::pair<std::string, double>("completeness", 98),
                                                  std::pair<std::string, double>("conformity", 99)));
  EXPECT_EQ(share.quality->max_age->days, 45);
  EXPECT_TRUE(share.quality->refuse);
}

// What is known to the format but changes what the host does, and is not built, must never pass in silence.
TEST(SharingProtocol, WhatIsNotBuiltYetIsAnError) {
  EXPECT_THAT(MarksWith("month: release", "month: {truncate: {to: 5}}"), ElementsAre("26:15 not-built-yet"));
  EXPECT_THAT(MarksWith("month: release", "month: hash"), ElementsAre("26:14 not-built-yet"));
  EXPECT_THAT(MarksWith("prohibitions:", "    duties: [{l_diversity: {l: 3}}]\nprohibitions:"),
              ElementsAre("30:15 not-built-yet"));
}

TEST(SharingProtocol, EveryDutyIsReadWithItsTerms) {
  Issues issues;
  const std::string text =
      With(With(kProtocol, "month: release",
                "month: {generalise: {to: year}}\n      place: {generalise: {to: ward, via: lsoa_to_ward}}\n"
                "      phone: {mask: {keep_last: 3}}\n      note: redact\n      amount: {round: {to: 10}}"),
           "prohibitions:",
           "    duties: [{k_anonymity: {k: 5, quasi_identifiers: [month, place], max_suppressed: 2%}}]\n"
           "  - id: counts\n    dataset: street_crime\n    from: [constabulary]\n    to: [county-council]\n"
           "    aggregate: {by: [ward, month], via: {ward: lsoa_to_ward}, measures: {crimes: count, cost: "
           "{sum: amount}}}\n"
           "    duties: [{small_counts: {threshold: 10, zeros: not_disclosive, round_to: 5}}, {differencing: "
           "{window: P13M}}]\n"
           "prohibitions:");
  const SharingProtocol protocol = ReadSharingProtocol(ReadText(text, issues), issues);
  EXPECT_TRUE(issues.list().empty()) << issues.list().front().message;
  ASSERT_EQ(protocol.shares.size(), 2u);
  const Share& records = protocol.shares[0];
  EXPECT_EQ(records.fields[1].terms.to, "year");
  EXPECT_EQ(records.fields[2].terms.via.table, "lsoa_to_ward");
  EXPECT_EQ(records.fields[3].terms.keep_last, 3);
  EXPECT_EQ(records.fields[5].terms.base, 10);
  EXPECT_EQ(records.k_anonymity->k, 5);
  EXPECT_DOUBLE_EQ(records.k_anonymity->max_suppressed, 0.02);
  const Share& counts = protocol.shares[1];
  EXPECT_EQ(counts.aggregate->by[0].source.terms.via.table, "lsoa_to_ward");
  EXPECT_EQ(counts.aggregate->by[1].source.duty, "release");
  EXPECT_EQ(counts.aggregate->measures[1].function, AggregateMeasure::Function::kSum);
  EXPECT_EQ(counts.small_counts->threshold, 10);
  EXPECT_FALSE(counts.small_counts->zeros_disclosive);
  EXPECT_TRUE(counts.small_counts->secondary);
  EXPECT_EQ(counts.small_counts->round_to, 5);
  EXPECT_EQ(counts.differencing->window.text, "P13M");
}

TEST(SharingProtocol, MistakesInDutiesAreReportedAtThem) {
  EXPECT_THAT(MarksWith("month: release", "month: {generalise: {to: fortnight}}"),
              ElementsAre("26:32 unknown-word"));
  EXPECT_THAT(MarksWith("month: release", "month: {round: {}}"), ElementsAre("26:22 out-of-range"));
  EXPECT_THAT(MarksWith("month: release", "month: {mask: {keep: 3}}"), ElementsAre("26:22 unknown-key"));
  EXPECT_THAT(MarksWith("prohibitions:",
                        "    duties: [{k_anonymity: {k: 1, quasi_identifiers: [month]}}]\nprohibitions:"),
              ElementsAre("30:32 out-of-range"));
  EXPECT_THAT(MarksWith("prohibitions:", "    duties: [{small_counts: {threshold: 10}}]\nprohibitions:"),
              ElementsAre("30:29 wrong-duty"));
  EXPECT_THAT(MarksWith("prohibitions:", "    duties: [{differencing: {window: P13M}}]\nprohibitions:"),
              ElementsAre("30:15 wrong-duty"));
  EXPECT_THAT(
      MarksWith("prohibitions:", "    aggregate: {by: [month], measures: {crimes: count}}\nprohibitions:"),
      ElementsAre("25:7 records-and-aggregate"));
  EXPECT_THAT(MarksWith("allowed: false", "allowed: true"), IsEmpty());
}

struct ProtocolMistake {
  std::string from;
  std::string to;
  std::vector<std::string> marks;
};

TEST(SharingProtocol, MistakesAreReportedWithTheirPlaces) {
  const std::vector<ProtocolMistake> cases = {
      {"version: 3.1.0", "version: 3.1", {"4:10 bad-version"}},
      {"tier: 2", "tier: 4", {"6:7 out-of-range"}},
      {"tier: 2", "tier: two", {"6:7 wrong-type"}},
      {"gives: true, role", "gives: yes, role", {"9:36 odd-boolean", "22:12 not-a-party"}},
      {"gives: true, role", "role", {"9:5 missing-key", "22:12 not-a-party"}},
      {"receives: true, role: controller", "receives: true, role: controler", {"10:53 unknown-word"}},
      {"receives: true, role: controller", "receives: true", {"10:5 missing-key"}},
      {"partner: county-council", "partner: constabulary", {"10:15 twice", "23:10 not-a-party"}},
      {"  - {partner: county-council, receives: true, role: controller}\n",
       "",
       {"9:3 too-few", "22:10 not-a-party"}},
      {"code: \"dpv:PublicSafety\"", "code: public safety", {"11:17 bad-id"}},
      {"statement: Joint patrols, ", "", {"11:10 missing-key"}},
      {"bases: [art6.1.e]", "bases: []", {"13:10 empty-value"}},
      {"bases: [art6.1.e]", "bases: [art6.1.e, art6.1.g]", {"13:21 bad-basis"}},
      {"bases: [art6.1.e]", "bases: [recognised_legitimate_interest]", {"13:11 bad-basis"}},
      {"bases: [art6.1.e]", "bases: [recognised_legitimate_interest.crime]", {}},
      {"outcome: accepted", "outcome: rejected", {"17:52 dpia-rejected"}},
      {"date: 2026-02-01", "date: 1 February", {"17:31 bad-date"}},
      {"evidence: deletion_certificate", "evidence: certificate", {"32:40 unknown-word"}},
      {"recipient: P12M, evidence", "evidence", {"32:23 missing-key"}},
      {"recipient: P12M, evidence: deletion_certificate", "recipient: P12M", {}},
      {"until: 2028-03-31", "until: 2026-03-31", {"18:37 dates-reversed", "18:57 review-after-end?"}},
      {"review: 2027-03-31", "review: 2025-03-31", {"18:57 dates-reversed"}},
      {"review: 2027-03-31", "review: 2028-04-01", {"18:57 review-after-end?"}},
      {"review: 2027-03-31, ", "", {"18:11 missing-key"}},
      {"from: 2026-04-01", "from: 2026-02-30", {"18:18 bad-date"}},
      {"on_overdue: suspend", "on_overdue: continue", {"18:94 unknown-word"}},
      {"id: records-to-council", "id: records", {}},
      {"from: [constabulary]", "from: [constabulery]", {"22:12 not-a-party"}},
      {"from: [constabulary]", "from: [county-council]", {"22:12 not-a-party", "23:9 same-party"}},
      {"to: [county-council]", "to: [county-council, county-council]", {"23:26 twice"}},
      {"to: [county-council]", "to: county-council", {"23:9 wrong-type"}},
      {"    to: [county-council]\n", "", {"20:5 missing-key"}},
      {"{scope: protocol}", "{scope: host}", {"25:40 unknown-word"}},
      {"{scope: protocol}", "{}", {"25:32 missing-key"}},
      {"{pseudonymise: {scope: protocol}}", "pseudonymise", {"25:17 missing-key"}},
      {"{pseudonymise: {scope: protocol}}", "{pseudonymize: {scope: protocol}}", {"25:18 unknown-duty"}},
      {"month: release", "month: {release: {}}", {"26:15 wrong-type"}},
      {"month: release", "month: {release: {}, mask: {}}", {"26:14 wrong-type"}},
      {"month: release", "month:", {"26:7 wrong-type"}},
      {"month: release", "month: true", {"26:14 unknown-duty"}},
      {"completeness: 98", "completeness: 98%", {"29:29 wrong-type"}},
      {"completeness: 98", "completeness: 980", {"29:29 out-of-range"}},
      {"completeness: 98", "completness: 98", {"29:15 unknown-key"}},
      {"{completeness: 98, conformity: 99, max_age: P45D, on_fail: refuse}",
       "{on_fail: refuse}",
       {"29:14 empty-value"}},
      {"on_fail: refuse", "on_fail: deny", {"29:73 unknown-word"}},
      {"{action: onward_sharing, to: any}", "{to: any}", {"30:16 missing-key"}},
      {"recipient: P12M", "recipient: a year", {"32:24 bad-duration"}},
      {"signatures: all_controllers", "signatures: each", {}},
      {"signatures: all_controllers", "signatures: anyone", {"33:13 unknown-word"}},
      {"tests: ", "test: ", {"34:1 unknown-key"}},
  };
  for (const ProtocolMistake& test : cases) {
    EXPECT_EQ(MarksWith(test.from, test.to), test.marks) << test.from << " -> " << test.to;
  }
}

const std::string kQuality = "{completeness: 98, conformity: 99, max_age: P45D, on_fail: refuse}";

TEST(SharingProtocol, ALevelOfTheGiversMayBeNeeded) {
  Issues issues;
  const std::string text =
      With(kProtocol, kQuality, "{assessment: {template: dq-themes, minimum: 2, max_age: P18M}}");
  const SharingProtocol protocol = ReadSharingProtocol(ReadText(text, issues), issues);
  ASSERT_THAT(Marks(issues), IsEmpty());
  const std::optional<LevelCondition>& needed = protocol.shares[0].quality->assessment;
  ASSERT_TRUE(needed);
  EXPECT_EQ(needed->template_id, "dq-themes");
  EXPECT_EQ(needed->minimum, 2);
  EXPECT_EQ(needed->max_age->months, 18);
  EXPECT_TRUE(protocol.shares[0].quality->refuse);
}

TEST(SharingProtocol, MistakesInALevelAreReportedAtThem) {
  EXPECT_THAT(MarksWith(kQuality, "{assessment: {minimum: 2}}"), ElementsAre("29:27 missing-key"));
  EXPECT_THAT(MarksWith(kQuality, "{assessment: {template: dq-themes}}"), ElementsAre("29:27 missing-key"));
  EXPECT_THAT(MarksWith(kQuality, "{assessment: {template: dq-themes, minimum: two}}"),
              ElementsAre("29:58 wrong-type"));
  EXPECT_THAT(MarksWith(kQuality, "{assessment: {template: dq-themes, minimum: 2, max_age: 18 months}}"),
              ElementsAre("29:70 bad-duration"));
  EXPECT_THAT(MarksWith(kQuality, "{assessment: {template: dq-themes, minimum: 2, level: 2}}"),
              ElementsAre("29:61 unknown-key"));
  EXPECT_THAT(MarksWith(kQuality, "{assessment: dq-themes}"), ElementsAre("29:27 wrong-type"));
}

TEST(SharingProtocol, OnlyACharterMayShareNothing) {
  const size_t from = kProtocol.find("shares:");
  const size_t to = kProtocol.find("prohibitions:");
  const std::string without = kProtocol.substr(0, from) + kProtocol.substr(to);
  EXPECT_THAT(MarksOf(ReadSharingProtocol, without), ElementsAre("1:1 missing-key"));
  EXPECT_THAT(MarksOf(ReadSharingProtocol, With(without, "tier: 2", "tier: 1")), IsEmpty());
}

TEST(SharingProtocol, NeedsAController) {
  std::string text = With(kProtocol, "role: controller", "role: processor");
  text = With(text, "role: controller", "role: processor");
  EXPECT_THAT(MarksOf(ReadSharingProtocol, text), ElementsAre("9:3 no-controller"));
}

TEST(SharingProtocol, TwoSharesCannotHaveOneId) {
  const std::string second =
      "  - {id: records-to-council, dataset: d, from: [constabulary], to: [county-council], fields: {a: "
      "release}}\n";
  EXPECT_THAT(MarksWith("prohibitions:", second + "prohibitions:"), ElementsAre("30:10 duplicate-id"));
}

}  // namespace
}  // namespace concordat::policy
