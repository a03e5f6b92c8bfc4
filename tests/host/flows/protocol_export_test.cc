// An agreement as the regulator, the register, the public and a machine want it.
#include "host/flows/protocol_export.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace concordat::flows {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

ExportSource Source() {
  ExportSource source;
  source.document = *json::Parse(R"({
    "id": "asb-hotspots", "version": "1.0.0", "title": "Hotspots, <b>shared</b>",
    "parties": [{"partner": "constabulary", "gives": true, "role": "controller"},
                {"partner": "county-council", "receives": true, "role": "controller"},
                {"partner": "helper", "receives": true, "role": "processor"}],
    "purpose": {"code": "dpv:PublicSafety", "statement": "Joint patrols", "benefits": "Fewer incidents",
                "necessity": "Neither holds both"},
    "lawfulness": {"bases": ["art6.1.e"], "gateways": ["Crime and Disorder Act 1998 s.115"],
                   "dpia": {"ref": "DPIA-041", "date": "2026-02-01", "outcome": "accepted"}},
    "validity": {"from": "2026-04-01", "until": "2028-03-31", "review": "2027-03-31", "grace": "P30D"},
    "shares": [{"id": "records", "dataset": "street_crime", "from": ["constabulary"], "to": ["county-council"],
                "fields": {"month": "release", "crime_id": {"pseudonymise": {"scope": "protocol"}}},
                "rows": "record.month != \"x\"", "quality": {"score": 80, "on_fail": "refuse"}}],
    "prohibitions": [{"action": "onward_sharing", "to": "any"}, {"action": "reidentify"}],
    "retention": {"recipient": "P12M", "evidence": "deletion_certificate"}, "tests": ["a_test.yaml"]})");
  source.digest = "sha256:one";
  source.partner_names = {{"constabulary", "Derwent Constabulary"},
                          {"county-council", "Derwent County Council"}};
  source.contacts = {
      {"constabulary", "Steward, s@c.example"}, {"county-council", "DPO, d@c.example"}, {"helper", "Boss"}};
  source.partnership = "Derwent Partnership";
  return source;
}

size_t Cells(std::string line) {
  size_t cells = 1;
  bool quoted = false;
  for (const char c : line) {
    quoted ^= c == '"';
    if (c == ',' && !quoted) ++cells;
  }
  return cells;
}

TEST(IcoChecklist, SaysWhatStandsUnderEachHeadingAndWhatIsMissing) {
  const std::string page = IcoChecklist(Source());
  for (const char* heading :
       {"Purpose, aims and benefits", "Which organisations are involved", "Controllers and joint controllers",
        "Data items", "Lawful basis", "Special category, sensitive and criminal offence data",
        "Access and individual rights", "Information governance arrangements", "Further details",
        "Regular review", "Gaps"})
    EXPECT_THAT(page, HasSubstr(std::string("\n## ") + heading + "\n"));
  EXPECT_THAT(page, HasSubstr("DPIA-041"));
  EXPECT_THAT(page, HasSubstr("Derwent County Council: controller, receives"));
}

TEST(IcoChecklist, ALevelOfThoseWhoGiveStandsInWords) {
  ExportSource source = Source();
  source.document.as_object()["shares"].as_array()[0].as_object()["quality"] =
      *json::Parse(R"({"assessment": {"template": "dq-themes", "minimum": 2, "max_age": "P18M"}})");
  EXPECT_THAT(IcoChecklist(source), HasSubstr("dq-themes level 2 of those who give, not older than"));
}

TEST(IcoGaps, NameWhatTheProtocolDoesNotSay) {
  ExportSource source = Source();
  EXPECT_THAT(IcoGaps(source), Contains(HasSubstr("article 28")));
  EXPECT_THAT(IcoGaps(source), Not(Contains(HasSubstr("retention"))));
  source.document.as_object().erase("retention");
  source.document.as_object()["purpose"].as_object().erase("necessity");
  source.document.as_object()["lawfulness"].as_object().erase("dpia");
  source.document.as_object()["shares"].as_array()[0].as_object().erase("quality");
  source.contacts.erase("constabulary");
  for (const char* gap : {"retention.recipient", "purpose.necessity", "lawfulness.dpia",
                          "shares.records.quality", "partners/constabulary.yaml"})
    EXPECT_THAT(IcoGaps(source), Contains(HasSubstr(gap)));
}

TEST(RegisterRow, HasTheEighteenFieldsOfTheRegister) {
  const std::string csv = RegisterRow(Source());
  const size_t end = csv.find("\r\n");
  EXPECT_EQ(Cells(csv.substr(0, end)), 18u);
  EXPECT_EQ(Cells(csv.substr(end + 2)), 18u);
  EXPECT_THAT(csv, HasSubstr("asb-hotspots@1.0.0,\"Hotspots, <b>shared</b>\",Joint patrols,Fewer incidents"));
  EXPECT_THAT(csv, HasSubstr("constabulary;county-council"));
  EXPECT_THAT(csv, HasSubstr("12 months,2026-04-01,2028-03-31,2027-03-31"));
}

TEST(PublicPage, IsPlainAndEscaped) {
  const std::string text = PublicPage(Source(), false);
  EXPECT_THAT(text, HasSubstr("crime\\_id: replaced by a code"));
  EXPECT_THAT(text, HasSubstr("Delete what they received after 12 months"));
  const std::string html = PublicPage(Source(), true);
  EXPECT_THAT(html, HasSubstr("<h1>Hotspots, &lt;b&gt;shared&lt;/b&gt;</h1>"));
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
  EXPECT_THAT(html, Not(HasSubstr("http")));
}

TEST(PublicPage, SaysWhatIsCountedAndWhatIsKeptBack) {
  ExportSource source = Source();
  source.document.as_object()["shares"] = *json::Parse(R"([
    {"id": "counts", "dataset": "street_crime", "from": ["constabulary"], "to": ["county-council"],
     "aggregate": {"by": ["ward", {"called_at": {"generalise": {"to": "quarter"}}}], "measures": {"fires": "count"}},
     "duties": [{"small_counts": {"threshold": 7}}, {"differencing": {"window": "P13M"}}]},
    {"id": "records", "dataset": "street_crime", "from": ["constabulary"], "to": ["county-council"],
     "fields": {"born": {"generalise": {"to": "age_band", "width": 10}},
                "lsoa_code": {"generalise": {"to": "ward", "via": "area_lookup"}}},
     "duties": [{"k_anonymity": {"k": 5, "quasi_identifiers": ["born", "lsoa_code"]}}]}])");
  const std::string text = PublicPageText(source);
  EXPECT_THAT(text,
              HasSubstr("totals only (fires), by ward, quarter of called at; no records of single cases"));
  EXPECT_THAT(text,
              HasSubstr("counts below 7 are not shown, nor figures from which they could be worked out"));
  EXPECT_THAT(text, HasSubstr("compared with what was given in the last 13 months"));
  EXPECT_THAT(text, HasSubstr("born: only in an age band of 10 years"));
  EXPECT_THAT(text, HasSubstr("lsoa_code: only the ward it lies in"));
  EXPECT_THAT(text, HasSubstr("only where at least 5 records share the same born, lsoa_code"));
  EXPECT_THAT(IcoChecklist(source), HasSubstr("Protection in counts: counts below 7 are not shown"));
}

TEST(Odrl, IsAnOfferUntilItIsInForce) {
  ExportSource source = Source();
  json::Value policy = Odrl(source);
  EXPECT_EQ(json::TextOr(policy, "@context", ""), "http://www.w3.org/ns/odrl.jsonld");
  EXPECT_EQ(json::TextOr(policy, "@type", ""), "Offer");
  source.in_force = true;
  policy = Odrl(source);
  EXPECT_EQ(json::TextOr(policy, "@type", ""), "Agreement");
  const json::Value& permission = policy.at("permission").at(0);
  EXPECT_EQ(json::TextOr(permission, "assigner", ""), "urn:concordat:partner:constabulary");
  EXPECT_EQ(json::TextOr(permission, "assignee", ""), "urn:concordat:partner:county-council");
  EXPECT_EQ(
      json::Compact(permission.at("constraint").at(0)),
      R"({"leftOperand":"purpose","operator":"eq","rightOperand":{"@id":"https://w3id.org/dpv#PublicSafety"}})");
  EXPECT_THAT(json::Compact(permission.at("constraint")), HasSubstr("2028-03-31"));
  EXPECT_THAT(json::Compact(permission.at("duty")), HasSubstr("urn:concordat:action:pseudonymise"));
  EXPECT_THAT(json::Compact(permission.at("duty")), HasSubstr("P12M"));
  EXPECT_EQ(policy.at("prohibition").as_array().size(), 2u);
  EXPECT_EQ(json::TextOr(policy.at("prohibition").at(0), "action", ""), "distribute");
}

TEST(ExportAs, GivesEqualBytesAndKnowsItsKinds) {
  for (const char* kind : {"ico", "dea", "public", "odrl"}) {
    const auto first = ExportAs(Source(), kind, false);
    ASSERT_TRUE(first.ok()) << first.status();
    EXPECT_EQ(*first, *ExportAs(Source(), kind, false));
  }
  EXPECT_FALSE(ExportAs(Source(), "pdf", false).ok());
  EXPECT_FALSE(ExportAs(Source(), "ico", true).ok());
}

}  // namespace
}  // namespace concordat::flows
