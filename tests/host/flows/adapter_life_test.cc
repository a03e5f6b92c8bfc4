// Adapters in the course of time: what decisions come to, whom failures shut out, and how a version arrives.
#include "host/flows/adapter_life.h"

#include <filesystem>
#include <fstream>

#include "host/adapters/failure.h"
#include "host/base/digest.h"
#include "host/base/files.h"
#include "host/flows/adapter_runs.h"
#include "host/flows/adapter_standing.h"
#include "tests/host/flows/host_fixture.h"

namespace concordat::flows {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// The smallest library that passes for one: a header without parts, so that nothing is looked for in it.
std::string LibraryBytes(const std::string& more) {
  std::string bytes(64, '\0');
  std::ifstream("/proc/self/exe", std::ios::binary).read(bytes.data(), 64);
  bytes[16] = 3;                                         // a shared library
  for (size_t at = 32; at < 48; ++at) bytes[at] = '\0';  // without tables
  for (const size_t at : {56, 57, 60, 61}) bytes[at] = '\0';
  return bytes + more;
}

class AdapterLifeTest : public HostFixture {
 protected:
  AdapterLifeTest() : HostFixture("2026-11-20T12:00:00Z") {
    OpenHost();
    host_.catalog = &catalog_;
    host_.adapter_rules.installed = folder_.path() + "/adapters";
    host_.adapter_rules.folders = {host_.adapter_rules.installed};
    host_.adapter_rules.trust.unsigned_names = {"delimited", "gauges"};
    host_.adapter_rules.failures = 3;
    EXPECT_OK(MakeFolders(host_.adapter_rules.installed, 0700));
  }

  // A folder somewhere on the host's machine.
  std::string Offer(const std::string& name, const std::string& version, const std::string& more = "") const {
    const std::string folder = fmt::format("{}/offered-{}-{}", folder_.path(), name, version);
    EXPECT_OK(MakeFolders(folder));
    std::ofstream(folder + "/adapter.yaml")
        << fmt::format("name: {}\nversion: {}\nabi: {{min: 1, max: 1}}\nlibrary: {}.so\ndescription: d\n{}",
                       name, version, name, more);
    std::ofstream(folder + "/" + name + ".so", std::ios::binary) << LibraryBytes(version);
    return folder;
  }
  AdapterRequest Request(std::string adapter, std::string version = "") const {
    AdapterRequest request;
    request.caller = Administrator();
    request.adapter = std::move(adapter);
    request.version = std::move(version);
    request.reason = "because";
    return request;
  }
  absl::StatusOr<json::Value> Install(const std::string& folder, const std::string& adapter = "") const {
    AdapterRequest request = Request(adapter);
    request.folder = folder;
    return UpgradeAdapter(host_, request);
  }
  std::string InUse(const std::string& name) const {
    const adapters::Manifest* const manifest = host_.Adapters()->Find(name);
    return manifest == nullptr ? "" : manifest->version;
  }
  std::vector<std::string> Receipts() const {
    std::vector<std::string> subjects;
    const auto receipts = store_->ListReceipts(std::nullopt, 100);
    EXPECT_OK(receipts);
    for (const store::StoredReceipt& receipt : *receipts) subjects.push_back(receipt.subject);
    return subjects;
  }

  // A feed of the policies over "gauges", as far as counting looks.
  FeedPlan PlanOf(const std::string& feed) {
    FeedPlan plan;
    feeds_.push_back(std::make_unique<policy::Feed>());
    feeds_.back()->id = FeedId(feed);
    plan.feed = feeds_.back().get();
    plan.catalog = *host_.Adapters();
    plan.manifest = plan.catalog.Find("gauges");
    return plan;
  }
  static absl::Status FailureOf(adapters::FailureKind kind) {
    return adapters::WithFailure(absl::AbortedError("adapter gauges 1.0.0 failed: it crashed"),
                                 {"gauges", "1.0.0", kind, "it crashed"});
  }
  absl::Status Run(const FeedPlan& plan, absl::Status came_of_it) const {
    return CountAdapterRun(host_, plan, CallerOf("county-council", "steward", "sam"), SubmissionId("S-1"),
                           std::move(came_of_it));
  }

  adapters::CatalogHolder catalog_;
  std::vector<std::unique_ptr<policy::Feed>> feeds_;
};

store::AdapterDecision Decision(std::string what, std::string version = "", std::string feed = "") {
  store::AdapterDecision decision;
  decision.adapter = "gauges";
  decision.what = std::move(what);
  decision.version = std::move(version);
  decision.feed = FeedId(std::move(feed));
  return decision;
}

TEST(AdapterStandingTest, TheLastDecisionAboutAVersionCounts) {
  const auto disabled = [](const std::vector<store::AdapterDecision>& decisions) {
    const AdapterStanding standing(decisions);
    std::string versions;
    for (const char* version : {"1", "2"}) {
      if (standing.Disabled("gauges", version) != nullptr) versions += version;
    }
    return versions;
  };
  EXPECT_EQ(disabled({}), "");
  EXPECT_EQ(disabled({Decision("disable", "2")}), "2");
  EXPECT_EQ(disabled({Decision("disable")}), "12");
  EXPECT_EQ(disabled({Decision("disable"), Decision("enable", "1")}), "2");
  EXPECT_EQ(disabled({Decision("disable"), Decision("enable", "1"), Decision("disable", "1")}), "12");
  EXPECT_EQ(disabled({Decision("disable"), Decision("enable", "1"), Decision("disable")}), "12");
  EXPECT_EQ(disabled({Decision("disable", "2"), Decision("enable")}), "");
  EXPECT_EQ(disabled({Decision("disable", "2"), Decision("use", "2")}), "")
      << "who puts it in use wants it to run";
  EXPECT_EQ(disabled({Decision("disable", "2"), Decision("enable", "2", "levels")}), "2")
      << "that was about one feed's quarantine";
}

TEST(AdapterStandingTest, AQuarantineIsOneVersionsAndOneFeeds) {
  const AdapterStanding standing({Decision("quarantine", "1", "levels"), Decision("quarantine", "1", "flows"),
                                  Decision("enable", "1", "flows")});
  EXPECT_NE(standing.Quarantined("gauges", "1", FeedId("levels")), nullptr);
  EXPECT_EQ(standing.Quarantined("gauges", "1", FeedId("flows")), nullptr);
  EXPECT_EQ(standing.Quarantined("gauges", "2", FeedId("levels")), nullptr);
  EXPECT_EQ(standing.Quarantined("delimited", "1", FeedId("levels")), nullptr);
  EXPECT_EQ(standing.Quarantines("gauges", "1").size(), 1u);
  EXPECT_EQ(AdapterStanding({Decision("quarantine", "1", "levels"), Decision("enable")})
                .Quarantines("gauges", "1")
                .size(),
            0u);
}

TEST_F(AdapterLifeTest, AVersionIsInstalledAndPutInUseAndAnotherBesideIt) {
  auto done = Install(Offer("gauges", "1.0.0"));
  ASSERT_OK(done);
  EXPECT_THAT(json::TextOr(*done, "did", ""), HasSubstr("gauges 1.0.0 is in use"));
  EXPECT_EQ(InUse("gauges"), "1.0.0");
  ASSERT_OK(Install(Offer("gauges", "1.1.0"), "gauges"));
  EXPECT_EQ(InUse("gauges"), "1.1.0");
  EXPECT_EQ(host_.Adapters()->VersionsOf("gauges"), "1.1.0, 1.0.0");
  EXPECT_EQ(host_.Adapters()->Find("gauges")->folder, host_.adapter_rules.installed + "/gauges-1.1.0");
  ASSERT_OK(UpgradeAdapter(host_, Request("gauges", "1.0.0")));
  EXPECT_EQ(InUse("gauges"), "1.0.0");
  ASSERT_OK(UpgradeAdapter(host_, Request("gauges")));
  EXPECT_EQ(InUse("gauges"), "1.1.0") << "the newest";
  EXPECT_THAT(Receipts(), ElementsAre("adapter gauges 1.0.0: in_use", "adapter gauges 1.1.0: in_use",
                                      "adapter gauges 1.0.0: in_use", "adapter gauges 1.1.0: in_use"));
  // What was chosen outlives the process.
  ASSERT_OK(UpgradeAdapter(host_, Request("gauges", "1.0.0")));
  catalog_.Replace({});
  Issues issues;
  ASSERT_OK(ReadAdapters(host_, issues));
  EXPECT_FALSE(issues.has_errors());
  EXPECT_EQ(InUse("gauges"), "1.0.0");
}

TEST_F(AdapterLifeTest, WhatCannotBeTakenLeavesNothingBehind) {
  ASSERT_OK(Install(Offer("gauges", "1.0.0")));
  ASSERT_OK(Install(Offer("gauges", "1.0.0"))) << "the same bytes again";
  const size_t receipts = Receipts().size();
  const auto refused = [&](const std::string& folder, const std::string& adapter) {
    const absl::Status status = Install(folder, adapter).status();
    EXPECT_FALSE(status.ok());
    return std::string(MessageOf(status));
  };
  EXPECT_THAT(
      refused(Offer("gauges", "1.0.0", "formats: [txt]\n"), "gauges"),
      AllOf(HasSubstr("version 1.0.0 of adapter gauges is installed already"), HasSubstr("a new version")));
  EXPECT_THAT(refused(Offer("levels", "1.0.0"), ""),
              AllOf(HasSubstr("adapter levels is not signed"), HasSubstr("trust: {unsigned: [levels]}")));
  const std::string text = Offer("gauges", "2.0.0");
  std::ofstream(text + "/gauges.so") << "a text";
  EXPECT_THAT(refused(text, ""), HasSubstr("gauges.so is a text file under the name of a library"));
  EXPECT_THAT(refused("offered", ""), HasSubstr("must be an absolute path"));
  EXPECT_THAT(refused(folder_.path() + "/nowhere", ""), HasSubstr("nowhere"));
  EXPECT_EQ(Receipts().size(), receipts);
  EXPECT_EQ(InUse("gauges"), "1.0.0");
  const auto files = *ListFiles(host_.adapter_rules.installed);
  EXPECT_THAT(files, ElementsAre("gauges-1.0.0/adapter.yaml", "gauges-1.0.0/gauges.so"));
}

TEST_F(AdapterLifeTest, AVersionMustHaveTheOptionsThatFeedsSet) {
  // Feeds of the sample policies set encoding, delimiter and header.
  const absl::Status status = Install(Offer("delimited", "9.0.0")).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(MessageOf(status)), AllOf(HasSubstr("adapter delimited has no option \"encoding\""),
                                                    HasSubstr("does not fit these feeds")));
  // Nor does the next reading of the folders find it.
  EXPECT_THAT(std::string(MessageOf(Install(Offer("gauges", "3.0.0"), "levels").status())),
              HasSubstr("holds the adapter gauges, not levels; nothing changed"));
  Issues issues;
  ASSERT_OK(ReadAdapters(host_, issues));
  EXPECT_EQ(InUse("delimited"), "");
  EXPECT_EQ(InUse("gauges"), "");
  EXPECT_THAT(*ListFiles(host_.adapter_rules.installed), IsEmpty());
}

TEST_F(AdapterLifeTest, AProgramsOwnAdapterIsReplacedByDecisionAndNotByANameAndAHighVersion) {
  const std::string own = folder_.path() + "/own";
  ASSERT_OK(MakeFolders(own, 0700));
  std::filesystem::rename(Offer("gauges", "1.0.0"), own + "/gauges");
  host_.adapter_rules.trust.own_folder = own;
  host_.adapter_rules.folders.push_back(own);
  std::filesystem::rename(Offer("gauges", "99.0.0"), host_.adapter_rules.installed + "/put-there-by-hand");
  Issues issues;
  ASSERT_OK(ReadAdapters(host_, issues));
  EXPECT_FALSE(issues.has_errors());
  EXPECT_EQ(host_.Adapters()->VersionsOf("gauges"), "99.0.0, 1.0.0");
  EXPECT_EQ(InUse("gauges"), "1.0.0");
  ASSERT_OK(UpgradeAdapter(host_, Request("gauges")));
  EXPECT_EQ(InUse("gauges"), "99.0.0") << "the administrator wants the newest";
}

TEST_F(AdapterLifeTest, ADisabledVersionGivesWayToTheNextAndAFeedIsToldWhenThereIsNone) {
  ASSERT_OK(Install(Offer("gauges", "1.0.0")));
  ASSERT_OK(Install(Offer("gauges", "1.1.0")));
  AdapterRequest without_reason = Request("gauges");
  without_reason.reason = "";
  EXPECT_CODE(DisableAdapter(host_, without_reason), absl::StatusCode::kInvalidArgument);
  ASSERT_OK(DisableAdapter(host_, Request("gauges", "1.1.0")));
  EXPECT_EQ(InUse("gauges"), "1.0.0");
  EXPECT_OK(RequireAdapterFit(host_, PlanOf("levels")));
  AdapterRequest all = Request("gauges");
  all.reason = "it loses records";
  ASSERT_OK(DisableAdapter(host_, all));
  const absl::Status refused = RequireAdapterFit(host_, PlanOf("levels"));
  EXPECT_TRUE(absl::IsUnavailable(refused)) << refused;
  EXPECT_THAT(std::string(MessageOf(refused)),
              AllOf(HasSubstr("of feed levels is disabled since 2026-11-20T12:00:00Z: it loses records"),
                    HasSubstr("concordat adapter enable gauges")));
  ASSERT_OK(EnableAdapter(host_, Request("gauges")));
  EXPECT_EQ(InUse("gauges"), "1.1.0");
  EXPECT_OK(RequireAdapterFit(host_, PlanOf("levels")));
  EXPECT_THAT(Receipts(), ::testing::Contains("adapter gauges: disabled"));
  EXPECT_CODE(EnableAdapter(host_, Request("gauges", "7")), absl::StatusCode::kNotFound);
  EXPECT_CODE(EnableAdapter(host_, Request("gages")), absl::StatusCode::kNotFound);
}

TEST_F(AdapterLifeTest, OnlyAdministratorsChangeAdaptersAndReadOfFailures) {
  ASSERT_OK(Install(Offer("gauges", "1.0.0")));
  AdapterRequest request = Request("gauges");
  request.caller = CallerOf("county-council", "steward", "sam");
  for (const auto& change : {EnableAdapter, DisableAdapter, UpgradeAdapter})
    EXPECT_CODE(change(host_, request), absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(ReloadAdapters(host_, request.caller), absl::StatusCode::kPermissionDenied);
  ASSERT_FALSE(Run(PlanOf("levels"), FailureOf(adapters::FailureKind::kCrash)).ok());
  const json::Value theirs = *ListAdapters(host_, request.caller);
  EXPECT_EQ(theirs.at(0).as_object().if_contains("failures"), nullptr);
  EXPECT_EQ(theirs.at(0).as_object().if_contains("folder"), nullptr);
  const json::Value ours = *ListAdapters(host_, Administrator());
  EXPECT_EQ(ours.at(0).at("failures").at(0).at("failuresInARow").to_number<int>(), 1);
}

TEST_F(AdapterLifeTest, FailuresInARowQuarantineAVersionForTheirFeedAndForNoOther) {
  ASSERT_OK(Install(Offer("gauges", "1.0.0")));
  const FeedPlan evil = PlanOf("levels");
  const FeedPlan other = PlanOf("flows");
  for (int i = 0; i < 2; ++i) {
    const absl::Status status = Run(evil, FailureOf(adapters::FailureKind::kCrash));
    EXPECT_THAT(std::string(MessageOf(status)), Not(HasSubstr("quarantined")));
    EXPECT_OK(RequireAdapterFit(host_, evil));
  }
  EXPECT_OK(Run(evil, absl::OkStatus()));
  for (int i = 0; i < 2; ++i) Run(evil, FailureOf(adapters::FailureKind::kGarbage)).IgnoreError();
  EXPECT_OK(RequireAdapterFit(host_, evil)) << "a success began a new row";
  Run(evil, absl::UnavailableError("the disk is full")).IgnoreError();
  EXPECT_OK(RequireAdapterFit(host_, evil)) << "not the adapter's doing";
  Run(evil, FailureOf(adapters::FailureKind::kFailed)).IgnoreError();
  EXPECT_OK(RequireAdapterFit(host_, evil)) << "it said so itself: counted, but no reason to shut it out";
  const absl::Status last = Run(evil, FailureOf(adapters::FailureKind::kMemory));
  EXPECT_TRUE(absl::IsInternal(last)) << "Aborted would ask the client to send it again at once: " << last;
  EXPECT_TRUE(adapters::FailureIn(last).has_value());
  EXPECT_THAT(std::string(MessageOf(last)),
              HasSubstr("These were 3 failures in a row: the adapter is quarantined for feed levels"));

  const absl::Status refused = RequireAdapterFit(host_, evil);
  EXPECT_TRUE(absl::IsUnavailable(refused)) << refused;
  EXPECT_THAT(
      std::string(MessageOf(refused)),
      AllOf(
          HasSubstr("quarantined for feed levels since 2026-11-20T12:00:00Z, after 3 failures in a row; the "
                    "last (memory): it crashed"),
          HasSubstr("concordat adapter enable gauges@1.0.0")));
  EXPECT_OK(RequireAdapterFit(host_, other)) << "who sends evil files shuts out himself alone";
  EXPECT_THAT(Receipts(), ::testing::Contains("adapter gauges 1.0.0 for feed levels: quarantined"));
  const json::Array health = *AdapterHealth(host_);
  EXPECT_EQ(json::TextOr(health.at(0), "state", ""), "quarantined");
  EXPECT_EQ(health.at(0).at("failures").to_number<int>(), 6);
  EXPECT_EQ(health.at(0).at("quarantinedFor").at(0).as_string(), "levels");

  AdapterRequest lift = Request("gauges", "1.0.0");
  lift.feed = FeedId("levels");
  ASSERT_OK(EnableAdapter(host_, lift));
  EXPECT_OK(RequireAdapterFit(host_, evil));
  Run(evil, FailureOf(adapters::FailureKind::kCrash)).IgnoreError();
  EXPECT_OK(RequireAdapterFit(host_, evil)) << "the row began anew";
}

TEST_F(AdapterLifeTest, ANewVersionBeginsWithoutTheOldOnesQuarantine) {
  ASSERT_OK(Install(Offer("gauges", "1.0.0")));
  const FeedPlan old = PlanOf("levels");
  for (int i = 0; i < 3; ++i) Run(old, FailureOf(adapters::FailureKind::kCrash)).IgnoreError();
  EXPECT_FALSE(RequireAdapterFit(host_, old).ok());
  ASSERT_OK(Install(Offer("gauges", "1.0.1")));
  EXPECT_OK(RequireAdapterFit(host_, PlanOf("levels")));
  ASSERT_OK(UpgradeAdapter(host_, Request("gauges", "1.0.0")));
  EXPECT_OK(RequireAdapterFit(host_, old)) << "an administrator put it in use again";
}

}  // namespace
}  // namespace concordat::flows
