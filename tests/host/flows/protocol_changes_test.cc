// What changed between two texts, in words.
#include "host/flows/protocol_changes.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace concordat::flows {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr char kBefore[] = R"({
  "version": "1.0.0", "id": "asb", "validity": {"from": "2026-04-01", "until": "2027-03-31"},
  "parties": [{"partner": "constabulary", "gives": true}, {"partner": "county-council", "receives": true}],
  "lawfulness": {"bases": ["art6.1.e"], "gateways": ["A", "B"]},
  "purpose": {"statement": "Joint patrols"},
  "shares": [{"id": "records", "to": ["county-council"],
              "fields": {"month": "release", "crime_id": {"pseudonymise": {"scope": "protocol"}}}}]})";

std::vector<std::string> After(const std::string& what, const std::string& instead) {
  std::string text = kBefore;
  const size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  text.replace(at, what.size(), instead);
  return ChangesInWords(*json::Parse(kBefore), *json::Parse(text));
}

TEST(ChangesInWords, NothingChangedIsNothingToSay) {
  EXPECT_THAT(After("1.0.0", "1.0.0"), IsEmpty());
  EXPECT_THAT(After(R"(["A", "B"])", R"(["B", "A"])"), IsEmpty()) << "order does not count";
}

TEST(ChangesInWords, SaysWhichFieldsCameAndWentAndHowTheyLeave) {
  EXPECT_THAT(After(R"("month": "release")", R"("month": "release", "asb_incident": "release")"),
              ElementsAre("adds field shares.records.fields.asb_incident (release)"));
  EXPECT_THAT(After(R"("month": "release", )", ""),
              ElementsAre("removes field shares.records.fields.month (release)"));
  EXPECT_THAT(After(R"({"pseudonymise": {"scope": "protocol"}})", R"("release")"),
              ElementsAre("field shares.records.fields.crime_id leaves as release, was pseudonymise (scope: "
                          "protocol)"));
}

TEST(ChangesInWords, DatesMoveAndTextsChange) {
  EXPECT_THAT(After("2027-03-31", "2028-03-31"),
              ElementsAre("validity.until moves from 2027-03-31 to 2028-03-31"));
  EXPECT_THAT(After("1.0.0", "2.0.0"), ElementsAre("version moves from 1.0.0 to 2.0.0"));
  EXPECT_THAT(After("Joint patrols", "Anything"),
              ElementsAre("purpose.statement changes from \"Joint patrols\" to \"Anything\""));
}

TEST(ChangesInWords, EntriesAreKnownByWhatTheyAreCalled) {
  EXPECT_THAT(After(R"({"partner": "constabulary", "gives": true}, )", ""),
              ElementsAre(R"(removes parties.constabulary: {"gives":true,"partner":"constabulary"})"));
  EXPECT_THAT(
      After(R"(["A", "B"])", R"(["B", "C"])"),
      UnorderedElementsAre("removes \"A\" from lawfulness.gateways", "adds \"C\" to lawfulness.gateways"));
  EXPECT_THAT(After(R"("to": ["county-council"])", R"("to": ["county-council", "voluntary-action"])"),
              ElementsAre("adds \"voluntary-action\" to shares.records.to"));
}

}  // namespace
}  // namespace concordat::flows
