#include "host/policy/feed.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/policy/mapping.h"
#include "yaml_text.h"

namespace concordat::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The feed of the interfaces page with every key it has.
const std::string kFeed = R"(apiVersion: concordat/v1
kind: Feed
id: constabulary-street-crime
partner: constabulary
dataset: street_crime
adapter: {plugin: delimited, options: {encoding: auto, delimiter: auto, header: auto}}
mapping:
  crime_id: Crime ID
  month: {from: Month, parse: yyyy-MM, missingTokens: [n/a]}
  amount: {from: Amount, parse: {decimal: ".", thousands: ",", currency: "£", negative: parentheses}}
missingTokens: ["-"]
schedule: {every: P1M, due: P20D}
gate: {reject: {score: 70, unreadable: 5%, evaluatedShare: 0.8}, quarantine: [critical]}
keep_source: P30D
)";

TEST(Feed, IsReadWhole) {
  Issues issues;
  const Feed feed = ReadFeed(ReadText(kFeed, issues), issues);
  ASSERT_THAT(Marks(issues), IsEmpty());
  EXPECT_EQ(feed.id, FeedId("constabulary-street-crime"));
  EXPECT_EQ(feed.partner, PartnerId("constabulary"));
  EXPECT_EQ(feed.dataset(), DatasetId("street_crime"));
  EXPECT_EQ(feed.adapter, "delimited");
  EXPECT_EQ(feed.adapter_options["header"].text(), "auto");
  const std::vector<FieldMapping>& mapping = MappingIn(feed).fields;
  ASSERT_EQ(mapping.size(), 3u);
  EXPECT_EQ(mapping[0].field, "crime_id");
  EXPECT_THAT(mapping[0].from, ElementsAre("Crime ID"));
  EXPECT_THAT(mapping[1].dates->patterns, ElementsAre("yyyy-MM"));
  EXPECT_THAT(mapping[1].missing, ElementsAre("n/a"));
  EXPECT_THAT(mapping[2].numbers->currency, ElementsAre("£"));
  EXPECT_THAT(mapping[2].numbers->negative, ElementsAre("parentheses"));
  EXPECT_THAT(feed.missing_tokens, ElementsAre("-"));
  EXPECT_EQ(feed.schedule->every.months, 1);
  EXPECT_EQ(feed.schedule->due.days, 20);
  EXPECT_EQ(feed.gate.reject_score, 70);
  EXPECT_EQ(feed.gate.reject_unreadable, 0.05);
  EXPECT_EQ(feed.gate.reject_evaluated_share, 0.8);
  EXPECT_THAT(feed.gate.quarantine, ElementsAre(record::Severity::kCritical));
  EXPECT_EQ(feed.keep_source.days, 30);
}

TEST(Feed, WhatIsNotSaidHasTheDefaultsOfTheGate) {
  Issues issues;
  const Feed feed =
      ReadFeed(ReadText("apiVersion: concordat/v1\nkind: Feed\nid: f\npartner: p\ndataset: d/o\n"
                        "adapter: {plugin: delimited}\n",
                        issues),
               issues);
  EXPECT_THAT(Marks(issues), IsEmpty());
  EXPECT_EQ(feed.contract, "d");
  EXPECT_EQ(feed.object, "o");
  EXPECT_EQ(feed.gate.reject_score, 0);
  EXPECT_EQ(feed.gate.reject_unreadable, 0.05);
  EXPECT_EQ(feed.gate.reject_evaluated_share, 0.9);
  EXPECT_THAT(feed.gate.quarantine, ElementsAre(record::Severity::kCritical, record::Severity::kError));
  EXPECT_EQ(feed.keep_source.days, 90);
  EXPECT_FALSE(feed.schedule);
}

TEST(Feed, MisspeltKeysOfAMappingLeadToTheirOwn) {
  const auto hint = [](const std::string& key) {
    Issues issues;
    std::string text = kFeed;
    ReadFeed(ReadText(text.replace(text.find("parse: yyyy-MM"), 14, key + ": x"), issues), issues);
    return issues.list().empty() ? "" : issues.list().front().hint;
  };
  EXPECT_EQ(hint("code"), "did you mean \"codes\"?");
  EXPECT_EQ(hint("parze"), "did you mean \"parse\"?");
  EXPECT_THAT(hint("format"), testing::AllOf(testing::HasSubstr("parse"), testing::HasSubstr("unit")));
}

struct FeedMistake {
  std::string from;
  std::string to;
  std::vector<std::string> marks;
};

TEST(Feed, MistakesAreReportedWithTheirPlaces) {
  const std::vector<FeedMistake> cases = {
      {"partner: constabulary\n", "", {"1:1 missing-key"}},
      {"dataset: street_crime", "dataset: street_crime/", {"5:10 bad-dataset"}},
      {"dataset: street_crime", "dataset: a/b/c", {"5:10 bad-dataset"}},
      {"adapter: {plugin: delimited, options: {encoding: auto, delimiter: auto, header: auto}}\n",
       "",
       {"1:1 missing-key"}},
      {"plugin: delimited, ", "", {"6:10 missing-key"}},
      {"plugin: delimited", "plugin: ../evil", {"6:19 bad-id"}},
      {"plugin: delimited", "plugin: fire_and_rescue", {}},
      {"plugin: delimited", "plugins: delimited", {"6:10 missing-key", "6:11 unknown-key"}},
      {"options: {encoding", "options: 5, x: {encoding", {"6:39 wrong-type", "6:42 unknown-key"}},
      {"crime_id: Crime ID", "crime_id:", {"8:3 wrong-type"}},
      {"crime_id: Crime ID", "crime_id: [Crime ID, Reference]", {}},
      {"crime_id: Crime ID", "crime_id: [Crime ID, {}]", {"8:13 wrong-type"}},
      {"crime_id: Crime ID", "crime_id: Month", {"9:10 column-twice?"}},
      {"parse: yyyy-MM", "parse: YYYY-MM", {"9:31 bad-date-pattern"}},
      {"parse: yyyy-MM", "parse: \"12\"", {"9:31 bad-date-pattern"}},
      {"from: Month", "form: Month", {"9:11 unknown-key"}},
      {"decimal: \".\"", "decimal: \",\"", {"10:59 same-marks"}},
      {"decimal: \".\"", "decimal: \"·\"", {"10:43 unknown-word"}},
      {"negative: parentheses", "negative: minus", {"10:89 unknown-word"}},
      {"every: P1M", "every: monthly", {"12:19 bad-duration"}},
      {"every: P1M", "every: P2M", {"12:19 bad-schedule"}},
      {"every: P1M, ", "", {"12:11 missing-key"}},
      {"due: P20D", "due: PT36H", {"12:29 bad-duration"}},
      {"due: P20D", "due: P11Y", {"12:29 bad-duration"}},
      {"score: 70", "score: 070", {"13:24 odd-number"}},
      {"score: 70", "score: 170", {"13:24 out-of-range"}},
      {"score: 70", "scores: 70", {"13:17 unknown-key"}},
      {"unreadable: 5%", "unreadable: 5", {"13:40 out-of-range"}},
      {"quarantine: [critical]", "quarantine: critical", {"13:78 wrong-type"}},
      {"quarantine: [critical]",
       "quarantine: [crtical, error, error]",
       {"13:79 unknown-word", "13:95 twice"}},
      {"from: Month,", "from: Month, value: x,", {"9:10 unexpected-key"}},
      {"parse: yyyy-MM", "fact: perod", {"9:30 unknown-word"}},
      {"parse: yyyy-MM", "parse: [yyyy-MM, YYYY]", {"9:41 bad-date-pattern"}},
      {"parse: yyyy-MM", "parse: {dates: yy, pivot: 200}", {"9:50 out-of-range"}},
      {"parse: yyyy-MM", "pivot: 30", {"9:31 unexpected-key"}},
      {"parse: yyyy-MM", "booleans: {yes: [a], no: [a]}", {"9:49 twice"}},
      {"parse: yyyy-MM", "split: {by: x}", {"9:31 missing-key"}},
      {"parse: yyyy-MM", "split: {pattern: \"(\"}", {"9:41 bad-pattern"}},
      {"parse: yyyy-MM", "split: {pattern: \"a\", group: 1}", {"9:53 out-of-range"}},
      {"parse: yyyy-MM", "replace: {with: x}", {"9:33 missing-key"}},
      {"parse: yyyy-MM", "codes: {}", {"9:31 empty-value"}},
      {"parse: yyyy-MM", "otherwise: keep", {"9:35 unexpected-key"}},
      {"parse: yyyy-MM", "case: Upper", {"9:30 unknown-word"}},
      {"missingTokens: [\"-\"]", "unpivot: {columns: [a], value_to: v}", {"11:10 missing-key"}},
      {"missingTokens: [\"-\"]", "unpivot: {name_to: a}", {"11:10 missing-key"}},
      {"missingTokens: [\"-\"]", "same_file_as: other", {}},
      {"keep_source: P30D", "keep_source: 30 days", {"14:14 bad-duration"}},
      {"keep_source", "keepSource", {"14:1 unknown-key"}},
  };
  for (const FeedMistake& test : cases) {
    EXPECT_EQ(MarksOf(ReadFeed, With(kFeed, test.from, test.to)), test.marks)
        << test.from << " -> " << test.to;
  }
}

}  // namespace
}  // namespace concordat::policy
