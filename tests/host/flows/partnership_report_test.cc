// The board's report over a real store: what is counted, what is major, and who may read what.
#include "host/flows/partnership_report.h"

#include "host/flows/report_majors.h"
#include "tests/host/flows/quality_host.h"

namespace concordat::flows {
namespace {

class PartnershipReportTest : public QualityHost {
 protected:
  json::Value Report(const Caller& caller, const std::string& period = "2026/27-Q2") {
    return store::Value(PartnershipReport(host_, caller, period));
  }
  static std::vector<std::string> Majors(const json::Value& report) {
    std::vector<std::string> rules;
    for (const json::Value& major : report.at("majors").as_array())
      rules.push_back(json::TextOr(major, "rule", "") + " " + json::TextOr(major, "partner", ""));
    return rules;
  }
  static bool Holds(const std::vector<std::string>& list, const std::string& wanted) {
    return std::find(list.begin(), list.end(), wanted) != list.end();
  }
  static json::Value Row(const json::Value& section, std::string_view dataset) {
    for (const json::Value& row : section.at("rows").as_array()) {
      if (json::TextOr(row, "dataset", "") == dataset) return row;
    }
    return nullptr;
  }
  // An improvement action of the council.
  void Promise(const std::string& id, const std::string& due) {
    if (!assessed_) {
      store::Assessment assessment;
      assessment.id = "A-1";
      assessment.template_id = "dq-themes";
      assessment.partner = PartnerId("county-council");
      assessment.cycle = "2026/27";
      assessment.state = "open";
      assessment.started = At("2026-04-01T00:00:00Z");
      ASSERT_OK(store_->StartAssessment(assessment));
      assessed_ = true;
    }
    store::ImprovementAction action;
    action.id = id;
    action.assessment = "A-1";
    action.partner = PartnerId("county-council");
    action.title = "Train the clerks";
    action.due = At(due);
    action.state = "open";
    action.created = At("2026-04-02T00:00:00Z");
    ASSERT_OK(store_->AddAction(action));
  }

  const Caller pat_ = CallerOf("constabulary", "steward", "pat");
  const Caller sam_ = CallerOf("county-council", "steward", "sam");
  bool assessed_ = false;
};

TEST_F(PartnershipReportTest, DeliveriesOfThePeriodAreCountedOnce) {
  Send({"S-1", "2026-07", "2026-08-10T09:00:00Z"});
  Send({"S-2", "2026-08", "2026-10-25T09:00:00Z"});  // 35 days late
  Send({"S-3", "2026-09", "2026-10-10T09:00:00Z", 40, true});
  Send({"S-4", "2026-10", "2026-11-10T09:00:00Z"});  // of the next quarter
  const json::Value report = Report(pat_);
  const json::Value& timeliness = report.at("timeliness");
  std::vector<std::string> told;
  for (const json::Value& major : report.at("majors").as_array())
    told.push_back(json::TextOr(major, "words", ""));
  EXPECT_TRUE(Holds(
      told,
      "street crime of Derwent Constabulary for September 2026 was sent and rejected, and not mended since "
      "(31 days overdue)"));
  EXPECT_TRUE(Holds(told, "street crime of Derwent Constabulary for August 2026 came 35 days late"))
      << "many that are missing do not hide the one that is late";
  const int64_t all = timeliness.at("onTime").as_int64() + timeliness.at("late").as_int64() +
                      timeliness.at("missing").as_int64() + timeliness.at("rejected").as_int64();
  EXPECT_EQ(timeliness.at("due").as_int64(), all);
  EXPECT_EQ(timeliness.at("rejected").as_int64(), 1);
  EXPECT_EQ(timeliness.at("late").as_int64(), 1);
}

TEST_F(PartnershipReportTest, AFallOfMoreThanFivePointsIsMajorOnlyUnderTheSameRules) {
  Send({"S-1", "2026-05", "2026-06-10T09:00:00Z", 96});
  Send({"S-2", "2026-06", "2026-07-10T09:00:00Z", 95});
  Send({"S-3", "2026-07", "2026-08-10T09:00:00Z", 88});
  Send({"S-4", "2026-08", "2026-09-10T09:00:00Z", 89});
  Send({"S-5", "2026-09", "2026-10-10T09:00:00Z", 90});
  Send({"S-6", "2026-10", "2026-11-10T09:00:00Z", 90});
  json::Value row = Row(Report(pat_).at("quality"), "street_crime");
  EXPECT_EQ(row.at("score"), json::Value(89.0));     // (88 + 89 + 90) / 3
  EXPECT_EQ(row.at("previous"), json::Value(95.5));  // (96 + 95) / 2; April was not sent
  EXPECT_EQ(row.at("change"), json::Value(-6.5));
  EXPECT_EQ(row.at("major"), json::Value("fell"));
  EXPECT_TRUE(Holds(Majors(Report(pat_)), "fell constabulary"));
}

TEST_F(PartnershipReportTest, ScoresOfOtherRulesAreNotComparedAsIfTheyWereTheSame) {
  Send({"S-1", "2026-06", "2026-07-10T09:00:00Z", 95});
  Send({"S-2", "2026-07", "2026-08-10T09:00:00Z", 80, false, "", {{"stricter", 80, 20}}, "2.0.0"});
  Send({"S-3", "2026-08", "2026-09-10T09:00:00Z", 80, false, "", {{"stricter", 80, 20}}, "2.0.0"});
  Send({"S-4", "2026-09", "2026-10-10T09:00:00Z", 80, false, "", {{"stricter", 80, 20}}, "2.0.0"});
  Send({"S-5", "2026-10", "2026-11-10T09:00:00Z", 80, false, "", {{"stricter", 80, 20}}, "2.0.0"});
  const json::Value row = Row(Report(pat_).at("quality"), "street_crime");
  EXPECT_EQ(row.at("change"), json::Value(-15.0));
  EXPECT_EQ(row.at("comparable"), json::Value(false));
  EXPECT_TRUE(row.at("major").is_null());
  EXPECT_NE(json::TextOr(row, "words", "").find("its rules changed"), std::string::npos);
}

TEST_F(PartnershipReportTest, SharesAndRefusalsComeFromTheReceiptsOfThePeriod) {
  Release("county-council", "asb-hotspots", "2026-07-01T00:00:00Z");
  Release("county-council", "asb-hotspots", "2026-09-30T23:00:00Z");
  Release("county-council", "asb-hotspots", "2026-10-01T00:00:00Z");  // of the next quarter
  for (int i = 0; i < 5; ++i) {
    clock_.Set(At("2026-08-01T00:00:00Z"));
    ReceiptDraft draft;
    draft.kind = record::ReceiptKind::kRefusal;
    draft.subject = {{"dataset", "street_crime"}, {"protocol", "asb-hotspots"}, {"partner", "bus-operator"}};
    draft.decision = "deny";
    draft.reasons = {{"not_a_party", "bus-operator is no party of asb-hotspots"}};
    draft.partner = PartnerId("bus-operator");
    ASSERT_OK(IssueReceipt(host_, draft));
  }
  clock_.Set(At("2026-11-20T12:00:00Z"));
  const json::Value report = Report(pat_);
  const json::Value& sharing = report.at("sharing");
  EXPECT_EQ(sharing.at("disclosures").to_number<int>(), 2);
  EXPECT_EQ(sharing.at("records").to_number<int>(), 80);
  EXPECT_EQ(sharing.at("refusals").to_number<int>(), 5);
  EXPECT_EQ(json::TextOr(sharing.at("refused").as_array().at(0), "words", ""),
            "Derwent Valley Buses Ltd was refused street crime 5 times: the asking partner is no party of "
            "the protocol, "
            "or the share is "
            "not meant for them");
  EXPECT_TRUE(Holds(Majors(report), "refused bus-operator"));
}

TEST_F(PartnershipReportTest, WhatAPartnerPromisedIsNamedToItselfAndCountedForOthers) {
  Promise("ACT-1", "2026-10-01T00:00:00Z");  // 50 days over
  Promise("ACT-2", "2026-11-15T00:00:00Z");  // 5 days over
  Promise("ACT-3", "2027-01-01T00:00:00Z");
  const json::Value theirs = Report(pat_).at("assessments");
  EXPECT_EQ(theirs.at("actionsOpen").to_number<int>(), 3);
  EXPECT_EQ(theirs.at("actionsOverdue").to_number<int>(), 2);
  for (const json::Value& row : theirs.at("rows").as_array()) {
    EXPECT_EQ(json::TextOr(row, "words", "").find("clerks"), std::string::npos);
    EXPECT_TRUE(row.at("partner").is_null());
  }
  EXPECT_FALSE(Holds(Majors(Report(pat_)), "overdue county-council"));
  const json::Value own = Report(sam_).at("assessments");
  EXPECT_NE(json::TextOr(own.at("rows").as_array().at(0), "words", "")
                .find("\"Train the clerks\" is 50 days overdue"),
            std::string::npos);
  EXPECT_TRUE(Holds(Majors(Report(Administrator())), "overdue county-council"));
}

TEST_F(PartnershipReportTest, RowsBeyondWhatTwoPagesHoldAreCounted) {
  for (int i = 0; i < 40; ++i) Promise(fmt::format("ACT-{}", i), "2026-10-01T00:00:00Z");
  const json::Value report = Report(sam_);
  const json::Value& section = report.at("assessments");
  EXPECT_EQ(section.at("rows").as_array().size() + section.at("leftOut").to_number<size_t>(), 40u);
  EXPECT_LE(section.at("rows").as_array().size(), 8u);
  EXPECT_GE(report.at("majorsLeftOut").to_number<size_t>(), 32u);
  EXPECT_EQ(report.at("majors").as_array().size(), 8u);
}

TEST_F(PartnershipReportTest, StewardsDelegatesAndAuditorsReadItAnalystsDoNot) {
  for (const char* role : {"steward", "delegate", "auditor"})
    EXPECT_OK(PartnershipReport(host_, CallerOf("bus-operator", role, "ben"), "2026-Q2"));
  EXPECT_OK(PartnershipReport(host_, Administrator(), ""));
  for (const char* role : {"analyst", "moderator"})
    EXPECT_CODE(PartnershipReport(host_, CallerOf("bus-operator", role, "ben"), "2026-Q2"),
                absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(PartnershipReport(host_, pat_, "soon"), absl::StatusCode::kInvalidArgument);
  EXPECT_CODE(PartnershipReport(host_, pat_, "2027-Q2"), absl::StatusCode::kInvalidArgument);
}

TEST_F(PartnershipReportTest, WithoutAPeriodItIsTheLastQuarterThatEnded) {
  EXPECT_EQ(json::TextOr(Report(pat_, "").at("period"), "from", ""), "2026-07-01");
  EXPECT_EQ(json::TextOr(Report(pat_, "").at("period"), "to", ""), "2026-09-30");
}

TEST(ReportMajors, EachRuleHasItsReason) {
  for (const major::Rule& rule : major::Rules()) {
    EXPECT_FALSE(rule.what.empty());
    EXPECT_FALSE(rule.why.empty());
  }
}

}  // namespace
}  // namespace concordat::flows
