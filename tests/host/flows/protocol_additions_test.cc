// Protocols that stand outside the policies' folder: part of the set, kept with it, tested like the rest.
#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/files.h"
#include "host/flows/policies.h"
#include "host/flows/policy_archive.h"
#include "host/flows/protocol_proposals.h"

namespace concordat::flows {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::string Replaced(std::string text, const std::string& what, const std::string& instead) {
  const size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), instead);
}

class ProtocolAdditions : public testing::Test {
 protected:
  ProtocolAdditions() {
    std::filesystem::copy(CONCORDAT_SOURCE_DIR "/policies", folder_->path() + "/policies",
                          std::filesystem::copy_options::recursive);
    one_ = *ReadFile(Policies() + "/protocols/asb-hotspots.yaml");
    two_ = Replaced(Replaced(one_, "version: 1.0.0", "version: 2.0.0"), "month: release",
                    "month: release\n      location: release");
  }

  std::string Policies() const { return folder_->path() + "/policies"; }
  std::shared_ptr<const LoadedPolicies> Load(const std::vector<policy::Addition>& additions) {
    issues_ = Issues();
    return LoadPolicies(Policies(), nullptr, issues_, additions);
  }
  std::string Said() const {
    std::string text;
    for (const Issue& issue : issues_.list()) text += RenderIssue(issue);
    return text;
  }

  const absl::StatusOr<TemporaryFolder> folder_ = TemporaryFolder::Create();
  std::string one_;
  std::string two_;
  Issues issues_;
};

TEST_F(ProtocolAdditions, AreCoveredByThePolicyDigest) {
  const auto without = Load({});
  ASSERT_NE(without, nullptr) << Said();
  const auto with = Load({AdditionOf("mine.yaml", two_)});
  ASSERT_NE(with, nullptr) << Said();
  EXPECT_NE(with->set->digest, without->set->digest);
  ASSERT_EQ(with->set->FindProtocol(ProtocolId("asb-hotspots")).size(), 2u);
  EXPECT_EQ(with->set->FindProtocol(ProtocolId("asb-hotspots"))[0]->version, "2.0.0");
  EXPECT_TRUE(with->set->digests.contains("protocols/asb-hotspots-2.0.0.yaml"));
  // Copied into the folder under that name, nothing changes.
  ASSERT_TRUE(CreateFile(Policies() + "/protocols/asb-hotspots-2.0.0.yaml", two_).ok());
  EXPECT_EQ(Load({AdditionOf("mine.yaml", two_)})->set->digest, with->set->digest);
}

TEST_F(ProtocolAdditions, AreLintedWithTheRestAndTellTheirAuthorsPlace) {
  EXPECT_EQ(Load({AdditionOf("mine.yaml", Replaced(two_, "location: release", "no_such: release"))}),
            nullptr);
  EXPECT_THAT(Said(), HasSubstr("mine.yaml:"));
  EXPECT_THAT(Said(), HasSubstr("no_such"));
  EXPECT_EQ(Load({AdditionOf("mine.yaml", Replaced(one_, "title: ", "title: Other "))}), nullptr);
  EXPECT_THAT(Said(), HasSubstr("two-texts"));
  EXPECT_EQ(Load({AdditionOf("mine.yaml", "kind: Feed\nid: x\n")}), nullptr);
  EXPECT_THAT(Said(), HasSubstr("wrong-kind"));
}

TEST_F(ProtocolAdditions, MayStandForADocumentOfTheFolderToBeTried) {
  policy::Addition other = AdditionOf("mine.yaml", Replaced(one_, "title: ", "title: Other "));
  other.instead = true;
  const auto loaded = Load({other});
  ASSERT_NE(loaded, nullptr) << Said();
  const auto versions = loaded->set->FindProtocol(ProtocolId("asb-hotspots"));
  ASSERT_EQ(versions.size(), 1u);
  EXPECT_THAT(versions[0]->title, HasSubstr("Other"));
}

TEST_F(ProtocolAdditions, AreKeptWithTheSet) {
  const auto with = Load({AdditionOf("mine.yaml", two_)});
  ASSERT_NE(with, nullptr) << Said();
  const auto archive = PolicyArchive::Open(folder_->path() + "/kept");
  ASSERT_TRUE(
      (*archive)->Enter(*with->set, {with->set->digest, absl::UnixEpoch(), "propose", "", "", ""}).ok());
  Issues issues;
  const auto kept = policy::LoadPolicySet(*(*archive)->FolderOf(with->set->digest), issues);
  EXPECT_EQ(kept->digest, with->set->digest);
}

TEST_F(ProtocolAdditions, TestsAreRunAgainstTheVersionThatNamesThem) {
  ASSERT_TRUE(
      CreateFile(Policies() + "/tests/hotspots_test.yaml",
                 "apiVersion: concordat/v1\nkind: PolicyTest\nrulings:\n"
                 "  - request: {partner: county-council, dataset: street_crime, protocol: asb-hotspots, "
                 "purpose: \"dpv:PublicSafety\", role: analyst, select: [location]}\n"
                 "    expect: {decision: permit}\n")
          .ok());
  const std::string tested = "tests: [hotspots_test.yaml]\nsignatures: all_controllers";
  const auto loaded =
      Load({AdditionOf("mine.yaml", Replaced(two_, "signatures: all_controllers", tested)),
            AdditionOf("third.yaml", Replaced(Replaced(one_, "version: 1.0.0", "version: 3.0.0"),
                                              "signatures: all_controllers", tested))});
  ASSERT_NE(loaded, nullptr) << Said();
  const auto versions = loaded->set->FindProtocol(ProtocolId("asb-hotspots"));
  ASSERT_EQ(versions.size(), 3u);
  EXPECT_FALSE(loaded->failing_tests.contains(versions[1]->digest)) << "2.0.0 releases the field";
  EXPECT_FALSE(loaded->failing_tests.contains(versions[2]->digest)) << "1.0.0 names no tests";
  ASSERT_TRUE(loaded->failing_tests.contains(versions[0]->digest)) << "3.0.0 does not";
  EXPECT_THAT(loaded->failing_tests.at(versions[0]->digest), Contains(HasSubstr("hotspots_test.yaml")));
}

}  // namespace
}  // namespace concordat::flows
