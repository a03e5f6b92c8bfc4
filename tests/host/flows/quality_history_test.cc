// Scores over time and side by side, over a real store.
#include "host/flows/quality_history.h"

#include "host/flows/confidence.h"
#include "tests/host/flows/quality_host.h"

namespace concordat::flows {
namespace {

const json::Value& Of(const json::Value& value, std::string_view member) {
  static const json::Value kNull;
  const json::Value* found = json::Find(value, member);
  return found == nullptr ? kNull : *found;
}
std::string Text(const json::Value& value, std::string_view member) {
  return json::TextOr(value, member, "(none)");
}

class QualityHistoryTest : public QualityHost {
 protected:
  void SendAYear() {
    Send({"S-1", "2026-06", "2026-07-10T09:00:00Z", 80, false, "", {{"a", 80, 20}, {"b", 9, 1}}});
    Send({"S-2", "2026-07", "2026-08-25T09:00:00Z", 90, false, "", {{"a", 90, 10}, {"b", 10, 0}}});
    Send({"S-3", "2026-09", "2026-10-10T09:00:00Z", 40, true, "", {{"a", 40, 60}, {"b", 5, 5}}});
    Send({"S-4",
          "2026-10",
          "2026-11-10T09:00:00Z",
          85,
          false,
          "",
          {{"a", 90, 10, "warning"}, {"c", 1, 0}},
          "1.1.0"});
  }
  json::Value History(const Caller& caller, QualityQuery query = {}) {
    query.feed = FeedId(kFeed);
    return store::Value(QualityHistory(host_, caller, query));
  }
  json::Value Line(const json::Value& history, const std::string& kind, const std::string& id) {
    for (const json::Value& line : Of(history, "series").as_array().at(0).at("lines").as_array()) {
      if (Text(line, "kind") == kind && Text(line, "id") == id) return line;
    }
    return nullptr;
  }

  const Caller pat_ = CallerOf("constabulary", "steward", "pat");
  const Caller sam_ = CallerOf("county-council", "steward", "sam");
};

TEST_F(QualityHistoryTest, EveryPeriodStandsInItLateMissingAndRejectedOnesToo) {
  SendAYear();
  const json::Value history = History(pat_);
  const json::Array& points = Of(history, "series").as_array().at(0).at("points").as_array();
  std::vector<std::string> seen;
  for (const json::Value& point : points)
    seen.push_back(fmt::format("{} {} {}", Text(point, "period"), Text(point, "state"),
                               Of(point, "daysLate").as_int64()));
  EXPECT_EQ(seen, (std::vector<std::string>{"2026-06 accepted 0", "2026-07 accepted 5", "2026-08 missing 61",
                                            "2026-09 rejected 31", "2026-10 accepted 0"}));
  EXPECT_EQ(json::Compact(Line(history, "score", "score").at("values")), "[80,90,null,40,85]");
  EXPECT_EQ(json::Compact(Of(history, "series").as_array().at(0).at("periods")),
            R"({"total":5,"onTime":2,"late":1,"missing":1,"rejected":1})");
}

TEST_F(QualityHistoryTest, AChangedContractMarksThePeriodAndNoChangeIsClaimedAcrossIt) {
  SendAYear();
  const json::Value history = History(pat_);
  const json::Value& change =
      Of(history, "series").as_array().at(0).at("points").as_array().at(4).at("change");
  EXPECT_EQ(Text(change, "message"),
            "contract 1.0.0 became 1.1.0: rule a changed; rule c came in; rule b went out; the scores before "
            "and after are "
            "not the same measure");
  const json::Value score = Line(history, "score", "score");
  EXPECT_EQ(Of(score, "change"), json::Value(45.0));
  EXPECT_EQ(Of(score, "comparable"), json::Value(false));
  EXPECT_TRUE(Text(score, "note").starts_with("2026-10: contract 1.0.0 became 1.1.0"));
  // Under one contract it is.
  const json::Value earlier = History(pat_, {.from = "2026-06", .to = "2026-09"});
  EXPECT_EQ(Of(Line(earlier, "score", "score"), "comparable"), json::Value(true));
  EXPECT_EQ(Of(Line(earlier, "score", "score"), "change"), json::Value(-50.0));
}

TEST_F(QualityHistoryTest, FewRecordsCarryTheirInterval) {
  SendAYear();
  const json::Value history = History(pat_, {.rule = "b"});
  const json::Value& rules = Of(history, "series").as_array().at(0).at("points").as_array().at(0).at("rules");
  ASSERT_EQ(rules.as_array().size(), 1u);
  // Wilson for 9 of 10 at z = 1.96: (0.9 + 0.19207 -+ 1.96 sqrt(0.009 + 0.0096)) / 1.38415 = 59.6 to 98.2.
  EXPECT_EQ(json::Compact(rules.as_array()[0].at("interval")), "[59.6,98.2]");
  EXPECT_EQ(rules.as_array()[0].at("share"), json::Value(90.0));
  EXPECT_EQ(json::Compact(Line(history, "rule", "b").at("values")), "[90,100,null,50,null]");
}

TEST_F(QualityHistoryTest, OthersSeeScoresAndDimensionsButNoRules) {
  SendAYear();
  const json::Value theirs = History(sam_);
  EXPECT_EQ(Of(Of(theirs, "series").as_array().at(0), "rulesShown"), json::Value(false));
  for (const json::Value& point : Of(theirs, "series").as_array().at(0).at("points").as_array())
    EXPECT_TRUE(Of(point, "rules").is_null());
  EXPECT_TRUE(Line(theirs, "rule", "a").is_null());
  EXPECT_FALSE(Line(theirs, "dimension", "conformity").is_null());
  EXPECT_FALSE(Line(History(Administrator()), "rule", "a").is_null());
  EXPECT_CODE(QualityHistory(host_, sam_, {.feed = FeedId(kFeed), .rule = "a"}), absl::StatusCode::kNotFound);
  EXPECT_OK(QualityHistory(host_, pat_, {.feed = FeedId(kFeed), .rule = "a"}));
}

TEST_F(QualityHistoryTest, ASupersededAttemptIsListedWithThePeriodThatItWasOf) {
  Send({"S-1", "2026-09", "2026-10-10T09:00:00Z", 70});
  Send({"S-2", "2026-09", "2026-10-12T09:00:00Z", 95, false, "S-1"});
  const json::Value history = History(pat_);
  const json::Value& point = Of(history, "series").as_array().at(0).at("points").as_array().at(0);
  EXPECT_EQ(Text(point, "submission"), "S-2");
  ASSERT_EQ(Of(point, "attempts").as_array().size(), 2u);
  EXPECT_EQ(Text(Of(point, "attempts").as_array()[0], "state"), "superseded");
  EXPECT_EQ(Of(Of(point, "attempts").as_array()[0], "score"), json::Value(70.0));
}

TEST_F(QualityHistoryTest, AMistakeInTheQuestionIsSaid) {
  SendAYear();
  EXPECT_CODE(QualityHistory(host_, pat_, {.feed = FeedId("constabulary-street-crim")}),
              absl::StatusCode::kNotFound);
  EXPECT_CODE(QualityHistory(host_, pat_, {.partner = PartnerId("nobody")}), absl::StatusCode::kNotFound);
  EXPECT_CODE(QualityHistory(host_, pat_, {.dimension = "prettiness"}), absl::StatusCode::kInvalidArgument);
  EXPECT_CODE(QualityHistory(host_, pat_, {.from = "May"}), absl::StatusCode::kInvalidArgument);
  EXPECT_CODE(QualityHistory(host_, pat_, {.from = "2026-09", .to = "2026-06"}),
              absl::StatusCode::kInvalidArgument);
  EXPECT_OK(QualityHistory(host_, pat_, {.dimension = "validity"}));
}

TEST_F(QualityHistoryTest, PeriodsSideBySideShowWhatMovedBiggestFallFirst) {
  SendAYear();
  const json::Value compared =
      store::Value(CompareQuality(host_, pat_, {{"2026-06", "2026-07"}, {.feed = FeedId(kFeed)}}));
  EXPECT_EQ(Text(compared, "kind"), "periods");
  const json::Value& one = Of(compared, "comparisons").as_array().at(0);
  EXPECT_EQ(json::Compact(Of(one, "score")), R"({"values":[80,90],"change":10})");
  const json::Array& rules = Of(one, "rules").as_array();
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_EQ(Text(rules[0], "verdict"), "up by 10.0");
  // 9 of 10 and 10 of 10: 59.6 to 98.2 and 72.2 to 100 overlap.
  EXPECT_EQ(Text(rules[1], "id"), "b");
  EXPECT_EQ(Text(rules[1], "verdict"), "up by 10.0, which so few records may show by chance");
  EXPECT_TRUE(Of(one, "notes").as_array().empty());
  const json::Value changed =
      store::Value(CompareQuality(host_, pat_, {{"2026-07", "2026-10"}, {.feed = FeedId(kFeed)}}));
  EXPECT_EQ(Of(changed, "comparisons").as_array().at(0).at("notes").as_array().size(), 1u);
  EXPECT_CODE(CompareQuality(host_, pat_, {{"2026-07"}, {}}), absl::StatusCode::kInvalidArgument);
  EXPECT_CODE(CompareQuality(host_, pat_, {{"2026-07", "constabulary"}, {}}),
              absl::StatusCode::kInvalidArgument);
}

TEST_F(QualityHistoryTest, PartnersSideBySideAreTheMeanOfTheirFeedsWithoutRules) {
  Send({"S-1", "2026-09", "2026-10-10T09:00:00Z", 80});
  Send({"S-2", "2026-09", "2026-10-10T09:00:00Z", 90}, "constabulary-stop-and-search");
  Send({"S-3", "2026-Q2", "2026-10-10T09:00:00Z", 70}, "county-council-collisions");
  const json::Value compared =
      store::Value(CompareQuality(host_, Administrator(), {{"constabulary", "county-council"}, {}}));
  const json::Value& one = Of(compared, "comparisons").as_array().at(0);
  EXPECT_EQ(json::Compact(Of(one, "score")), R"({"values":[85,70],"change":-15})");
  EXPECT_TRUE(Of(one, "rules").as_array().empty());
  EXPECT_EQ(Of(one, "sides").as_array().at(0).at("feeds").as_array().size(), 2u);
}

TEST_F(QualityHistoryTest, ConfidenceIsGatheredFromTheStore) {
  for (int month = 7; month <= 10; ++month) {
    Send({fmt::format("S-{}", month), fmt::format("2026-{:02}", month),
          fmt::format("2026-{:02}-05T09:00:00Z", month + 1), 96});
  }
  clock_.Set(*ParseTime("2026-11-21T12:00:00Z"));
  const assess::Confidence confidence =
      store::Value(ConfidenceOf(host_, PartnerId("constabulary"), DatasetId("street_crime"), clock_.Now()));
  // (9 + 6 + 1 + 1 + 3) / 8: neither assessed nor signed off.
  EXPECT_DOUBLE_EQ(confidence.points, 2.5);
  EXPECT_EQ(confidence.grade, 'B');
  const json::Value own =
      store::Value(ConfidenceList(host_, pat_, PartnerId("constabulary"), DatasetId("street_crime")));
  const json::Value others =
      store::Value(ConfidenceList(host_, sam_, PartnerId("constabulary"), DatasetId("street_crime")));
  EXPECT_EQ(Of(own, "grades").as_array().at(0).at("components").as_array().size(), 5u);
  EXPECT_EQ(Of(others, "grades").as_array().at(0).at("components").as_array().size(), 4u);
  EXPECT_EQ(Text(Of(others, "grades").as_array().at(0), "why").find("self-assessment"), std::string::npos);
}

}  // namespace
}  // namespace concordat::flows
