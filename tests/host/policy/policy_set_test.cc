#include "host/policy/policy_set.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/digest.h"
#include "policy_folder_files.h"
#include "yaml_text.h"

namespace concordat::policy {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

struct Loaded {
  std::shared_ptr<const PolicySet> set;
  Issues issues;
};

Loaded Load(const FolderFiles& files) {
  const FolderOnDisk folder(files);
  Loaded loaded;
  loaded.set = LoadPolicySet(folder.path(), loaded.issues);
  return loaded;
}

// "path:line:column code", paths relative to the folder; warnings with a "?" behind.
std::vector<std::string> MarksIn(const FolderFiles& files) {
  const FolderOnDisk folder(files);
  Issues issues;
  LoadPolicySet(folder.path(), issues);
  std::vector<std::string> marks;
  for (const Issue& issue : issues.list()) {
    std::string where = issue.place.str();
    if (where.starts_with(folder.path() + "/")) where.erase(0, folder.path().size() + 1);
    if (where == folder.path()) where = ".";
    marks.push_back(where + " " + issue.code + (issue.severity == IssueSeverity::kWarning ? "?" : ""));
  }
  return marks;
}

FolderFiles Changed(const std::string& path, std::string_view from, std::string_view to) {
  FolderFiles files = SmallFolder();
  files[path] = With(files[path], from, to);
  return files;
}

FolderFiles And(FolderFiles files, const std::string& path, const std::string& text) {
  files[path] = text;
  return files;
}

FolderFiles Without(FolderFiles files, const std::string& path) {
  files.erase(path);
  return files;
}

const std::string kFeedPath = "feeds/constabulary-street-crime.yaml";
const std::string kContractPath = "contracts/street_crime.odcs.yaml";
const std::string kProtocolPath = "protocols/hotspots.yaml";

TEST(PolicySet, ReadsAWholeFolder) {
  EXPECT_THAT(MarksIn(SmallFolder()), IsEmpty());
  const Loaded loaded = Load(SmallFolder());
  ASSERT_NE(loaded.set, nullptr);
  EXPECT_EQ(loaded.set->partnership.trust_domain, "derwent.example");
  EXPECT_NE(loaded.set->FindPartner(PartnerId("constabulary")), nullptr);
  EXPECT_EQ(loaded.set->FindPartner(PartnerId("nobody")), nullptr);
  EXPECT_EQ(loaded.set->FindFeed(FeedId("constabulary-street-crime"))->contract, "street_crime");
  EXPECT_EQ(loaded.set->FindContract("street_crime")->path, kContractPath);
  EXPECT_EQ(loaded.set->FindTemplate(TemplateId("themes"))->title, "Themes");
  EXPECT_EQ(loaded.set->lists.at("lists/lsoa.csv").content, "code\nE01000001\n");
}

TEST(PolicySet, FindsDatasetsByNameAndByObject) {
  const Loaded loaded = Load(SmallFolder());
  EXPECT_EQ(loaded.set->FindDataset(DatasetId("street_crime")).second->name, "crimes");
  EXPECT_EQ(loaded.set->FindDataset(DatasetId("street_crime/crimes")).second->name, "crimes");
  EXPECT_EQ(loaded.set->FindDataset(DatasetId("street_crime/other")).second, nullptr);
  EXPECT_EQ(loaded.set->FindDataset(DatasetId("other")).first, nullptr);
}

TEST(PolicySet, ADatasetWithOneObjectHasOneNameHoweverItIsWritten) {
  FolderFiles files = Changed(kFeedPath, "dataset: street_crime", "dataset: street_crime/crimes");
  files[kProtocolPath] = With(files[kProtocolPath], "dataset: street_crime", "dataset: street_crime/crimes");
  const Loaded loaded = Load(files);
  EXPECT_THAT(loaded.issues.list(), IsEmpty());
  EXPECT_EQ(loaded.set->feeds[0].dataset(), DatasetId("street_crime"));
  EXPECT_EQ(loaded.set->FindProtocol(ProtocolId("hotspots"))[0]->shares[0].dataset,
            DatasetId("street_crime"));
}

TEST(PolicySet, TheNewestVersionOfAProtocolComesFirst) {
  FolderFiles files = SmallFolder();
  files["protocols/old.yaml"] = With(files[kProtocolPath], "version: 3.1.0", "version: 3.9.0");
  files["protocols/new.yaml"] = With(files[kProtocolPath], "version: 3.1.0", "version: 3.10.0");
  const Loaded loaded = Load(files);
  std::vector<std::string> versions;
  for (const SharingProtocol* protocol : loaded.set->FindProtocol(ProtocolId("hotspots")))
    versions.push_back(protocol->version);
  EXPECT_THAT(versions, ElementsAre("3.10.0", "3.9.0", "3.1.0"));
}

TEST(PolicyDigest, IsTakenOverThePathsAndDigestsOfAllDocumentsAndLists) {
  const Loaded loaded = Load(SmallFolder());
  EXPECT_EQ(loaded.set->digests.size(), SmallFolder().size());
  std::string object = "{";
  for (const auto& [path, digest] : loaded.set->digests)
    object += fmt::format("{}\"{}\":\"{}\"", object == "{" ? "" : ",", path, digest);
  EXPECT_EQ(loaded.set->digest, DigestOf(object + "}"));
  EXPECT_EQ(loaded.set->digests.at("lists/lsoa.csv"), DigestOf("code\nE01000001\n"));
  EXPECT_EQ(
      loaded.set->digests.at("partners/constabulary.yaml"),
      DigestOf(
          R"({"apiVersion":"concordat/v1","id":"constabulary","kind":"Partner","name":"Derwent Constabulary","sector":"public"})"));
  EXPECT_EQ(loaded.set->FindProtocol(ProtocolId("hotspots"))[0]->digest,
            loaded.set->digests.at(kProtocolPath));
}

TEST(PolicyDigest, CommentsAndOrderDoNotMatterValuesAndListsDo) {
  const std::string digest = Load(SmallFolder()).set->digest;
  EXPECT_EQ(Load(Changed(kFeedPath, "kind: Feed\n", "# a note\nkind:   \"Feed\"\n")).set->digest, digest);
  EXPECT_EQ(Load(And(SmallFolder(), "README.md", "words")).set->digest, digest);
  EXPECT_EQ(Load(And(SmallFolder(), "schemas/any.json", "{}")).set->digest, digest);
  EXPECT_NE(Load(Changed(kFeedPath, "Crime ID", "Crime Id")).set->digest, digest);
  EXPECT_NE(Load(Changed("lists/lsoa.csv", "1\n", "2\n")).set->digest, digest);
  EXPECT_NE(Load(Changed("tests/hotspots_test.yaml", "clause: hotspots", "clause: charter")).set->digest,
            digest);
}

TEST(PolicyFolder, FilesInTheWrongPlaceAreReported) {
  FolderFiles files = SmallFolder();
  EXPECT_THAT(MarksIn(And(Without(files, kFeedPath), "partners/feed.yaml", files[kFeedPath])),
              UnorderedElementsAre("partners/feed.yaml:2:7 wrong-place"));
  EXPECT_THAT(MarksIn(And(Without(files, kFeedPath), "feed.yaml", files[kFeedPath])),
              ElementsAre("feed.yaml:2:7 wrong-place"));
  EXPECT_THAT(MarksIn(And(Without(files, kFeedPath), "feeds/feed.yml", files[kFeedPath])),
              UnorderedElementsAre("feeds/feed.yml wrong-name"));
  EXPECT_THAT(
      MarksIn(And(Without(files, kContractPath), "contracts/street_crime.yaml", files[kContractPath])),
      ElementsAre("contracts/street_crime.yaml:2:7 wrong-name"));
  EXPECT_THAT(MarksIn(And(files, "feeds/notes.txt", "x")), ElementsAre("feeds/notes.txt stray-file"));
  EXPECT_THAT(MarksIn(And(files, "lists/notes.txt", "x")), ElementsAre("lists/notes.txt stray-file"));
  EXPECT_THAT(MarksIn(And(files, "feeds/.hidden", "x")), IsEmpty());
  EXPECT_THAT(MarksIn(And(files, "feeds/README.md", "x")), IsEmpty());
}

TEST(PolicyFolder, UnknownKindsAreReportedWithTheNearestKnownOne) {
  const FolderFiles files = Changed(kFeedPath, "kind: Feed", "kind: Fede");
  EXPECT_THAT(MarksIn(files), Contains(kFeedPath + ":2:7 unknown-kind"));
  EXPECT_EQ(HintOf(Load(files).issues, "unknown-kind"), "did you mean \"Feed\"?");
  EXPECT_THAT(MarksIn(And(SmallFolder(), "odd.yaml", "a: 1\n")), ElementsAre("odd.yaml:1:1 missing-key"));
  EXPECT_THAT(MarksIn(And(SmallFolder(), "feeds/list.yaml", "- a\n")),
              ElementsAre("feeds/list.yaml:1:1 wrong-type"));
}

TEST(PolicyFolder, NeedsAPartnership) {
  EXPECT_THAT(MarksIn(Without(SmallFolder(), "partnership.yaml")), ElementsAre(". missing-file"));
}

TEST(PolicyFolder, AFolderThatCannotBeReadGivesNoSet) {
  Issues issues;
  EXPECT_EQ(LoadPolicySet("/nowhere/at/all", issues), nullptr);
  EXPECT_THAT(Marks(issues), ElementsAre("0:0 unreadable-folder"));
}

TEST(PolicyFolder, AFileThatCannotBeReadIsReported) {
  const FolderOnDisk folder(SmallFolder());
  // A file that opens but gives no bytes, even to root.
  std::filesystem::create_symlink("/proc/self/mem", folder.path() + "/feeds/mem.yaml");
  Issues issues;
  LoadPolicySet(folder.path(), issues);
  EXPECT_THAT(Marks(issues), ElementsAre("0:0 unreadable-file"));
}

TEST(PolicyFolder, AFileAboveTheLimitIsReported) {
  EXPECT_THAT(MarksIn(And(SmallFolder(), "feeds/big.yaml", std::string(5 << 20, '#'))),
              ElementsAre("feeds/big.yaml too-large"));
}

TEST(CrossCheck, MistakesOfSeveralFilesAreReportedAtOnce) {
  FolderFiles files = SmallFolder();
  files["partnership.yaml"] += "yearstart: \"04-01\"\n";
  files["partners/constabulary.yaml"] =
      With(files["partners/constabulary.yaml"], "sector: public", "sector: police");
  files[kFeedPath] = With(files[kFeedPath], "crime_id: Crime ID", "crimeid: Crime ID");
  files["protocols/charter.yaml"] = With(files["protocols/charter.yaml"], "art6.1.e", "art6.e");
  files["assessments/themes.yaml"] += "x: [\n";
  EXPECT_THAT(MarksIn(files),
              ElementsAre(HasSubstr("assessments/themes.yaml:"), kFeedPath + ":8:3 unknown-field",
                          "partners/constabulary.yaml:5:9 unknown-word", "partnership.yaml:6:1 unknown-key",
                          "protocols/charter.yaml:11:22 bad-basis"));
}

struct CrossMistake {
  std::string path;
  std::string from;
  std::string to;
  std::vector<std::string> marks;
};

TEST(CrossCheck, NamesThatNobodyBearsAreReportedWhereTheyStand) {
  const std::vector<CrossMistake> cases = {
      {kFeedPath,
       "partner: constabulary",
       "partner: constabulery",
       {kFeedPath + ":4:10 unknown-partner", kProtocolPath + ":17:12 no-feed?"}},
      {kFeedPath,
       "dataset: street_crime",
       "dataset: street_crimes",
       {kFeedPath + ":5:10 unknown-contract", kProtocolPath + ":17:12 no-feed?"}},
      {kFeedPath,
       "dataset: street_crime",
       "dataset: street_crime/stops",
       {kFeedPath + ":5:10 unknown-object", kProtocolPath + ":17:12 no-feed?"}},
      {kFeedPath, "crime_id: Crime ID", "crime_idd: Crime ID", {kFeedPath + ":8:3 unknown-field"}},
      {kProtocolPath,
       "dataset: street_crime",
       "dataset: street_crim",
       {kProtocolPath + ":16:14 unknown-contract"}},
      {kProtocolPath,
       "dataset: street_crime",
       "dataset: street_crime/x",
       {kProtocolPath + ":16:14 unknown-object"}},
      {kProtocolPath, "parent: charter", "parent: chartre", {kProtocolPath + ":7:9 unknown-parent"}},
      {kProtocolPath, "parent: charter", "parent: hotspots", {kProtocolPath + ":7:9 parent-loop"}},
      {kProtocolPath, "tier: 2", "tier: 1", {kProtocolPath + ":6:7 bad-tier"}},
      {kProtocolPath, "until: 2028-03-31", "until: 2031-03-31", {kProtocolPath + ":13:37 widens-parent"}},
      {kProtocolPath, "from: 2026-04-01", "from: 2025-04-01", {kProtocolPath + ":13:18 widens-parent"}},
      {kProtocolPath, "{month: release}", "{outcome: release}", {kProtocolPath + ":19:14 law-missing"}},
      {kProtocolPath,
       "fields: {month: release}",
       "aggregate: {by: [outcome], measures: {n: count}}",
       {kProtocolPath + ":19:22 law-missing"}},
      {kProtocolPath,
       "tests: [hotspots_test.yaml]",
       "tests: [other_test.yaml]",
       {kProtocolPath + ":20:9 missing-file"}},
      {"assessments/themes.yaml",
       "dataset: street_crime",
       "dataset: crime",
       {"assessments/themes.yaml:11:74 unknown-contract"}},
      {"tests/hotspots_test.yaml",
       "contract: street_crime",
       "contract: crime",
       {"tests/hotspots_test.yaml:4:20 unknown-contract"}},
      {kContractPath, "name: street_crime\n", "", {}},
      {kContractPath, "name: street_crime\n", "name: street-crime\n", {}},
  };
  for (const CrossMistake& test : cases) {
    if (test.marks.empty()) continue;
    EXPECT_EQ(MarksIn(Changed(test.path, test.from, test.to)), test.marks) << test.from << " -> " << test.to;
  }
}

TEST(CrossCheck, AContractNeedsADatasetsNameInAFolder) {
  EXPECT_THAT(MarksIn(Changed(kContractPath, "name: street_crime\n", "")),
              Contains(kContractPath + ":1:1 missing-key"));
  EXPECT_THAT(MarksIn(Changed(kContractPath, "name: street_crime\n", "name: street-crime\n")),
              Contains(kContractPath + ":4:7 bad-name"));
}

TEST(CrossCheck, AFieldOfCriminalOffencesMayBeSharedWithItsCondition) {
  FolderFiles files = Changed(kProtocolPath, "{month: release}", "{outcome: release}");
  files[kProtocolPath] = With(files[kProtocolPath], "bases: [art6.1.e]",
                              "bases: [art6.1.e], criminal_offence: [dpa2018.sch1.p10]");
  EXPECT_THAT(MarksIn(files), IsEmpty());
}

TEST(CrossCheck, IdsAreGivenOnce) {
  const FolderFiles files = SmallFolder();
  EXPECT_THAT(MarksIn(And(files, "partners/twin.yaml", files.at("partners/constabulary.yaml"))),
              ElementsAre("partners/twin.yaml:3:5 duplicate-id"));
  EXPECT_THAT(MarksIn(And(files, "feeds/twin.yaml", files.at(kFeedPath))),
              ElementsAre("feeds/twin.yaml:3:5 duplicate-id"));
  EXPECT_THAT(MarksIn(And(files, "protocols/twin.yaml", files.at(kProtocolPath))),
              ElementsAre("protocols/twin.yaml:3:5 duplicate-id"));
  EXPECT_THAT(MarksIn(And(files, "assessments/twin.yaml", files.at("assessments/themes.yaml"))),
              ElementsAre("assessments/twin.yaml:3:5 duplicate-id"));
  EXPECT_THAT(
      MarksIn(And(files, "contracts/twin.odcs.yaml", files.at(kContractPath))),
      ElementsAre("contracts/twin.odcs.yaml:3:5 duplicate-id", "contracts/twin.odcs.yaml:4:7 duplicate-id"));
}

TEST(CrossCheck, APartyMustBeAPartnerAndAPartyOfTheParent) {
  const std::string health =
      "apiVersion: concordat/v1\nkind: Partner\nid: health\nname: Health\nsector: public\n";
  FolderFiles files =
      Changed(kProtocolPath, "purpose:", "  - {partner: health, receives: true, role: controller}\npurpose:");
  EXPECT_THAT(MarksIn(files),
              ElementsAre(kProtocolPath + ":11:15 unknown-partner", kProtocolPath + ":11:15 widens-parent"));
  EXPECT_THAT(MarksIn(And(files, "partners/health.yaml", health)),
              ElementsAre(kProtocolPath + ":11:15 widens-parent"));
}

// A protocol of tier 3 under the folder's, with other terms of its one share.
FolderFiles WithChild(const std::string& from, const std::string& to) {
  const FolderFiles files = SmallFolder();
  std::string child = With(files.at(kProtocolPath), "id: hotspots", "id: child");
  child = With(child, "tier: 2\nparent: charter", "tier: 3\nparent: hotspots");
  child = With(child, "tests: [hotspots_test.yaml]\n", "");
  return And(files, "protocols/child.yaml", from.empty() ? child : With(child, from, to));
}

TEST(CrossCheck, AChildsSharesLieWithinItsParents) {
  const std::string fields = "fields: {month: release}";
  EXPECT_THAT(MarksIn(WithChild("", "")), IsEmpty());
  EXPECT_THAT(MarksIn(WithChild(fields, "fields: {month: redact}")), IsEmpty());
  EXPECT_THAT(MarksIn(WithChild(fields, "fields: {crime_id: release}")),
              ElementsAre("protocols/child.yaml:19:14 widens-parent"));
  EXPECT_THAT(MarksIn(WithChild(fields, "aggregate: {by: [month], measures: {n: count}}")), IsEmpty());
  EXPECT_THAT(MarksIn(WithChild(fields, "aggregate: {by: [month, crime_id], measures: {n: count}}")),
              ElementsAre("protocols/child.yaml:19:29 widens-parent"));
  EXPECT_THAT(MarksIn(WithChild(fields, "aggregate: {by: [month], measures: {n: {sum: crime_id}}}")),
              ElementsAre("protocols/child.yaml:19:41 widens-parent"));
  EXPECT_THAT(MarksIn(WithChild("code: \"dpv:PublicSafety\"", "code: other")),
              ElementsAre("protocols/child.yaml:11:17 widens-parent"));
}

// The folder's protocol asks for a level of those who give; its child as in `child`.
FolderFiles WithLevels(const std::string& parent, const std::string& child) {
  const std::string fields = "fields: {month: release}";
  FolderFiles files = WithChild("", "");
  files[kProtocolPath] = With(files[kProtocolPath], fields, fields + "\n    quality: " + parent);
  if (!child.empty())
    files["protocols/child.yaml"] =
        With(files["protocols/child.yaml"], fields, fields + "\n    quality: " + child);
  return files;
}

TEST(CrossCheck, AChildMayRaiseTheLevelItsParentNeedsAndNotLiftIt) {
  const std::string needed = "{assessment: {template: themes, minimum: 2, max_age: P12M}}";
  EXPECT_THAT(MarksIn(WithLevels(needed, needed)), IsEmpty());
  EXPECT_THAT(MarksIn(WithLevels("{assessment: {template: themes, minimum: 1}}", needed)), IsEmpty());
  EXPECT_THAT(MarksIn(WithLevels(needed, "{assessment: {template: themes, minimum: 2, max_age: P6M}}")),
              IsEmpty());
  EXPECT_THAT(MarksIn(WithLevels(needed, "")), ElementsAre("protocols/child.yaml:15:5 widens-parent"));
  EXPECT_THAT(MarksIn(WithLevels(needed, "{assessment: {template: themes, minimum: 1, max_age: P12M}}")),
              ElementsAre("protocols/child.yaml:20:55 widens-parent"));
  EXPECT_THAT(MarksIn(WithLevels(needed, "{assessment: {template: themes, minimum: 2, max_age: P13M}}")),
              ElementsAre("protocols/child.yaml:20:67 widens-parent"));
  EXPECT_THAT(MarksIn(WithLevels(needed, "{assessment: {template: themes, minimum: 2}}")),
              ElementsAre("protocols/child.yaml:20:27 widens-parent"));
  EXPECT_THAT(MarksIn(WithLevels(
                  needed, "{assessment: {template: themes, minimum: 2, max_age: P12M}, on_fail: caveat}")),
              ElementsAre("protocols/child.yaml:20:83 widens-parent"));
}

TEST(CrossCheck, ALevelThatIsNeededIsOneThatTheTemplateHas) {
  EXPECT_THAT(
      MarksIn(WithLevels("{assessment: {template: theme, minimum: 2}}",
                         "{assessment: {template: theme, minimum: 2}}")),
      ElementsAre("protocols/child.yaml:20:38 unknown-template", kProtocolPath + ":20:38 unknown-template"));
  const FolderFiles files = WithLevels("{assessment: {template: themes, minimum: 1}}",
                                       "{assessment: {template: themes, minimum: 3}}");
  EXPECT_THAT(MarksIn(files), ElementsAre("protocols/child.yaml:20:55 unknown-level"));
  FolderFiles without = WithLevels("{assessment: {template: themes, minimum: 2}}",
                                   "{assessment: {template: themes, minimum: 2}}");
  without["assessments/themes.yaml"] =
      With(without["assessments/themes.yaml"], "themes:\n", "scoring: {organisation: none}\nthemes:\n");
  EXPECT_THAT(MarksIn(without),
              ElementsAre("protocols/child.yaml:20:38 no-level", kProtocolPath + ":20:38 no-level"));
}

TEST(CrossCheck, WhatAnUnreadFileMayHoldIsNotReportedMissing) {
  EXPECT_THAT(MarksIn(And(SmallFolder(), "partners/constabulary.yaml", "id: [\n")),
              ElementsAre(HasSubstr("partners/constabulary.yaml:")));
  EXPECT_THAT(MarksIn(And(SmallFolder(), kContractPath, "id: [\n")), ElementsAre(HasSubstr(kContractPath)));
  EXPECT_THAT(MarksIn(And(SmallFolder(), "protocols/charter.yaml", "id: [\n")),
              ElementsAre(HasSubstr("protocols/charter.yaml:")));
}

TEST(CrossCheck, AContractWithTwoObjectsMustBeNamedWithTheObject) {
  FolderFiles files = SmallFolder();
  files[kContractPath] +=
      "  - name: stops\n    properties:\n      - {name: stop_id, logicalType: string, classification: "
      "public}\n";
  const std::vector<std::string> marks = MarksIn(files);
  EXPECT_THAT(marks, Contains(kFeedPath + ":5:10 unknown-object"));
  EXPECT_THAT(marks, Contains(kProtocolPath + ":16:14 unknown-object"));
  EXPECT_EQ(HintOf(Load(files).issues, "unknown-object"), "write street_crime/crimes or street_crime/stops");
}

TEST(CrossCheck, SeveralFeedsOfOnePartnerMaySupplyOneDataset) {
  FolderFiles files = SmallFolder();
  files["feeds/second.yaml"] = With(files[kFeedPath], "id: constabulary-street-crime", "id: second");
  EXPECT_THAT(MarksIn(files), IsEmpty());
}

TEST(CrossCheck, AFeedOfTheSameFileIsReadAsTheFirstOne) {
  FolderFiles files = SmallFolder();
  const std::string second = "feeds/second.yaml";
  const std::string text =
      "apiVersion: concordat/v1\nkind: Feed\nid: second\npartner: constabulary\ndataset: street_crime\n"
      "same_file_as: constabulary-street-crime\n";
  files[second] = text;
  const auto loaded = Load(files);
  EXPECT_THAT(MarksIn(files), IsEmpty());
  EXPECT_EQ(loaded.set->FindFeed(FeedId("second"))->adapter, "delimited");
  files[second] = With(text, "constabulary-street-crime", "constabulary-street-crim");
  EXPECT_THAT(MarksIn(files), ElementsAre(second + ":6:15 unknown-feed"));
  files[second] = With(text, "same_file_as: constabulary-street-crime", "same_file_as: second");
  EXPECT_THAT(MarksIn(files), ElementsAre(second + ":6:15 bad-feed"));
}

TEST(CrossCheck, ATemplateNamesDatasetsAndCategoriesThatExist) {
  const std::string path = "assessments/themes.yaml";
  const std::string item =
      "{id: i, question: Q, evidence: {measure: dataset_score, dataset: street_crime, levels: {2: 90}}}";
  const auto marks = [&](const std::string& to) { return MarksIn(Changed(path, item, to)); };
  EXPECT_THAT(
      marks(
          "{id: i, question: Q, evidence: {measures: [{measure: dataset_score, dataset: street, levels: {2: "
          "90}}]}}"),
      ElementsAre(path + ":11:86 unknown-contract"));
  EXPECT_THAT(
      marks("{id: i, question: Q, mandatory: [public, police], applies_to: [fire], target: {all: 2, council: "
            "2}, evidence: {required: [health]}}"),
      ElementsAre(path + ":11:50 unknown-category?", path + ":11:72 unknown-category?",
                  path + ":11:96 unknown-category?", path + ":11:131 unknown-category?"));
  FolderFiles named = Changed(path, item, "{id: i, question: Q, mandatory: [police]}");
  named["partners/constabulary.yaml"] += "category: police\n";
  EXPECT_THAT(MarksIn(named), IsEmpty());
}

TEST(LonePolicy, IsJudgedAsItsKindWithoutTheOthers) {
  const auto marks = [](const std::string& name, const std::string& text) {
    Issues issues;
    ReadLonePolicy(std::make_shared<SourceText>(SourceText{name, text}), issues);
    return Marks(issues);
  };
  FolderFiles files = SmallFolder();
  for (const auto& [path, text] : files) {
    if (!path.ends_with(".yaml")) continue;
    EXPECT_THAT(marks(path, text), IsEmpty()) << path;
  }
  EXPECT_THAT(marks("any.yaml", With(files[kFeedPath], "crime_id: Crime ID", "crime_id:")),
              ElementsAre("8:3 wrong-type"));
  EXPECT_THAT(marks("any.yaml", "a: [\n"), ElementsAre("2:1 yaml-syntax"));
  EXPECT_THAT(marks("any.yaml", With(files[kContractPath], "status: active\n", "")),
              Contains(HasSubstr("missing-key")));
}

TEST(LonePolicy, IsAContractUnlessItSaysOtherwise) {
  Issues issues;
  const FolderFiles files = SmallFolder();
  const auto lone = [&](const std::string& path) {
    return ReadLonePolicy(std::make_shared<SourceText>(SourceText{"x.yaml", files.at(path)}), issues);
  };
  EXPECT_EQ(lone(kContractPath)->name, "street_crime");
  EXPECT_FALSE(lone(kFeedPath));
  ReadLonePolicy(std::make_shared<SourceText>(SourceText{"x.yaml", "a: 1\n"}), issues);
  EXPECT_TRUE(issues.has_errors());
}

TEST(PolicyTest, IsReadStrictly) {
  const std::string path = "tests/hotspots_test.yaml";
  EXPECT_THAT(MarksIn(Changed(path, "decision: deny", "decision: refuse")),
              ElementsAre(path + ":5:119 unknown-word"));
  EXPECT_THAT(MarksIn(Changed(path, "record: 1", "record: 2")), ElementsAre(path + ":4:77 out-of-range"));
  EXPECT_THAT(MarksIn(Changed(path, "now: 2026-11-20T12:00:00Z", "now: today")),
              ElementsAre(path + ":3:6 bad-time"));
  EXPECT_THAT(MarksIn(Changed(path, "given: [{crime_id: \"\"}], ", "")),
              ElementsAre(path + ":4:9 missing-key", path + ":4:52 out-of-range"));
  EXPECT_THAT(MarksIn(Changed(path, "rulings:", "ruling:")), ElementsAre(path + ":5:1 unknown-key"));
}

}  // namespace
}  // namespace concordat::policy
