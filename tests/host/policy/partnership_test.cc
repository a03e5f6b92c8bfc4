#include "host/policy/partnership.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/policy/names.h"
#include "yaml_text.h"

namespace concordat::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kPartnership =
    "apiVersion: concordat/v1\n"
    "kind: Partnership\n"
    "id: derwent\n"
    "name: Derwent Partnership (illustration)\n"
    "trustDomain: derwent.example\n"
    "yearStart: \"04-01\"\n";

const std::string kPartner =
    "apiVersion: concordat/v1\n"
    "kind: Partner\n"
    "id: constabulary\n"
    "name: Derwent Constabulary\n"
    "sector: public\n"
    "contacts: [{role: data-steward, post: Performance officer, email: steward@constabulary.example}]\n";

TEST(Partnership, IsReadWhole) {
  Issues issues;
  const Partnership read = ReadPartnership(ReadText(With(kPartnership, "04-01", "09-06"), issues), issues);
  EXPECT_THAT(Marks(issues), IsEmpty());
  EXPECT_EQ(read.id, "derwent");
  EXPECT_EQ(read.name, "Derwent Partnership (illustration)");
  EXPECT_EQ(read.trust_domain, "derwent.example");
  EXPECT_EQ(read.year_start_month, 9);
  EXPECT_EQ(read.year_start_day, 6);
}

TEST(Partnership, ItsYearBeginsOnTheFirstOfAprilUnlessSaid) {
  Issues issues;
  const Partnership read =
      ReadPartnership(ReadText(With(kPartnership, "yearStart: \"04-01\"\n", ""), issues), issues);
  EXPECT_THAT(Marks(issues), IsEmpty());
  EXPECT_EQ(read.year_start_month, 4);
  EXPECT_EQ(read.year_start_day, 1);
}

TEST(Partnership, MistakesAreReportedWithTheirPlaces) {
  const auto marks = [](std::string_view from, std::string_view to) {
    return MarksOf(ReadPartnership, With(kPartnership, from, to));
  };
  EXPECT_THAT(marks("concordat/v1", "concordat/v2"), ElementsAre("1:13 bad-api-version"));
  EXPECT_THAT(marks("apiVersion: concordat/v1\n", ""), ElementsAre("1:1 missing-key"));
  EXPECT_THAT(marks("kind: Partnership", "kind: Partner"), ElementsAre("2:7 wrong-kind"));
  EXPECT_THAT(marks("id: derwent", "id: Derwent Partnership"), ElementsAre("3:5 bad-id"));
  EXPECT_THAT(marks("derwent.example", "spiffe://derwent.example"), ElementsAre("5:14 bad-trust-domain"));
  EXPECT_THAT(marks("derwent.example", "Derwent.example"), ElementsAre("5:14 bad-trust-domain"));
  for (const std::string_view start : {"02-29", "13-01", "00-01", "04-31", "4-1", "1 April", "2026-04-01"}) {
    EXPECT_THAT(marks("04-01", start), ElementsAre("6:12 bad-year-start")) << start;
  }
  EXPECT_THAT(marks("yearStart", "yearstart"), ElementsAre("6:1 unknown-key"));
}

TEST(Partner, IsReadWhole) {
  Issues issues;
  const Partner read = ReadPartner(ReadText(kPartner, issues), issues);
  EXPECT_THAT(Marks(issues), IsEmpty());
  EXPECT_EQ(read.id, PartnerId("constabulary"));
  EXPECT_EQ(read.sector, "public");
  ASSERT_EQ(read.contacts.size(), 1u);
  EXPECT_EQ(read.contacts[0].email, "steward@constabulary.example");
}

TEST(Partner, HasItsSectorForACategoryUnlessSaid) {
  Issues issues;
  EXPECT_EQ(ReadPartner(ReadText(kPartner, issues), issues).category, "public");
  const std::string police = With(kPartner, "sector: public", "sector: public\ncategory: police");
  EXPECT_EQ(ReadPartner(ReadText(police, issues), issues).category, "police");
  EXPECT_THAT(Marks(issues), IsEmpty());
  EXPECT_THAT(MarksOf(ReadPartner, With(police, "category: police", "category: The police")),
              ElementsAre("6:11 bad-id"));
  EXPECT_THAT(MarksOf(ReadPartner, With(police, "category: police", "category: all")),
              ElementsAre("6:11 reserved-id"));
}

TEST(Partner, MistakesAreReportedWithTheirPlaces) {
  const auto marks = [](std::string_view from, std::string_view to) {
    return MarksOf(ReadPartner, With(kPartner, from, to));
  };
  EXPECT_THAT(marks("sector: public", "sector: police"), ElementsAre("5:9 unknown-word"));
  EXPECT_THAT(marks("sector: public\n", ""), ElementsAre("1:1 missing-key"));
  EXPECT_THAT(marks("id: constabulary", "id: host"), ElementsAre("3:5 reserved-id"));
  EXPECT_THAT(marks("name: Derwent Constabulary", "name:"), ElementsAre("4:1 empty-value"));
  EXPECT_THAT(marks("role: data-steward, ", ""), ElementsAre("6:12 missing-key"));
  EXPECT_THAT(marks("[{role: data-steward", "[{roles: x, role: data-steward"),
              ElementsAre("6:13 unknown-key"));
  for (const std::string_view email :
       {"steward", "steward@", "@x.example", "a@b", "a b@x.example", "a@b@c.example", "a@x."}) {
    EXPECT_THAT(marks("steward@constabulary.example", fmt::format("\"{}\"", email)),
                ElementsAre("6:67 bad-email"))
        << email;
  }
}

TEST(Ids, StandSafelyInAddressesAndFileNames) {
  for (const std::string_view good : {"a", "county-council", "2026", "a-1"}) EXPECT_TRUE(IsId(good)) << good;
  for (const std::string_view bad : {"", "-a", "a-", "A", "a b", "a/b", "../x", "a_b", "é"})
    EXPECT_FALSE(IsId(bad)) << bad;
  EXPECT_TRUE(IsId(std::string(64, 'a')));
  EXPECT_FALSE(IsId(std::string(65, 'a')));
}

}  // namespace
}  // namespace concordat::policy
