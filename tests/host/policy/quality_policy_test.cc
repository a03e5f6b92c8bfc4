#include "host/policy/quality_policy.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/policy/policy_set.h"
#include "policy_folder_files.h"
#include "yaml_text.h"

namespace concordat::policy {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kPolicyPath = "quality-policy.yaml";
const std::string kContractPath = "contracts/street_crime.odcs.yaml";
const std::string kTemplatePath = "assessments/themes.yaml";

const std::string kPolicy =
    "apiVersion: concordat/v1\n"
    "kind: QualityPolicy\n"
    "id: derwent-quality\n"
    "version: 1.0.0\n"
    "title: Quality policy\n"
    "owner: {post: Head of data, partner: county-council}\n"
    "review: 2027-09-30\n"
    "parties: [constabulary, county-council]\n"
    "characteristics: [accuracy, validity]\n"
    "clauses:\n"
    "  - {id: DQP-1, title: Codes are valid, text: All of them., characteristics: [validity], dimensions: "
    "[conformity]}\n"
    "  - {id: DQP-2, title: Lists are used, text: Their words., kinds: [in_list]}\n"
    "  - {id: DQP-3, title: Somebody answers, text: By name.}\n";

// Of our own: an expression that cites DQP-1, a length that its dimension covers, a list that DQP-2 covers.
const std::string kRules =
    "    quality:\n"
    "      - {id: own, type: custom, engine: concordat, dimension: consistency, implementation: {rule: "
    "expression, with: {check: \"true\"}}, customProperties: [{property: clause, value: DQP-1}]}\n"
    "      - {id: formed, type: custom, engine: concordat, dimension: conformity, implementation: {rule: "
    "length, "
    "with: {field: month, min: 7}}}\n"
    "      - {id: listed, type: custom, engine: concordat, dimension: consistency, implementation: {rule: "
    "in_list, "
    "with: {field: month, values: [a]}}}\n";

FolderFiles FolderWithPolicy() {
  FolderFiles files = SmallFolder();
  files[kPolicyPath] = kPolicy;
  // A native rule of a dimension that no clause covers needs none.
  files[kContractPath] =
      With(files[kContractPath], "classification: internal}", "classification: internal, required: true}");
  files[kContractPath] += kRules;
  files[kTemplatePath] = With(files[kTemplatePath], "question: Q,", "question: Q, clauses: [DQP-3],");
  return files;
}

struct Loaded {
  std::shared_ptr<const PolicySet> set;
  std::vector<std::string> marks;  // "file code", warnings with a "?" behind
  std::string messages;
};

Loaded Load(const FolderFiles& files) {
  const FolderOnDisk folder(files);
  Issues issues;
  Loaded loaded;
  loaded.set = LoadPolicySet(folder.path(), issues);
  for (const Issue& issue : issues.list()) {
    std::string name = issue.place.source->name;
    name.erase(0, folder.path().size() + 1);
    loaded.marks.push_back(name + " " + issue.code + (issue.severity == IssueSeverity::kWarning ? "?" : ""));
    loaded.messages += RenderIssue(issue) + "\n";
  }
  return loaded;
}

std::vector<std::string> MarksWith(const std::string& path, std::string_view from, std::string_view to) {
  FolderFiles files = FolderWithPolicy();
  files[path] = With(files[path], from, to);
  return Load(files).marks;
}

TEST(QualityPolicy, IsReadWhole) {
  const Loaded loaded = Load(FolderWithPolicy());
  EXPECT_THAT(loaded.marks, IsEmpty()) << loaded.messages;
  ASSERT_TRUE(loaded.set->quality_policy.has_value());
  const QualityPolicy& policy = *loaded.set->quality_policy;
  EXPECT_EQ(policy.id, "derwent-quality");
  EXPECT_EQ(policy.version, "1.0.0");
  EXPECT_EQ(policy.owner_post, "Head of data");
  EXPECT_EQ(policy.owner_partner, PartnerId("county-council"));
  EXPECT_EQ(policy.review, *ParseDay("2027-09-30"));
  EXPECT_THAT(policy.parties, ElementsAre(PartnerId("constabulary"), PartnerId("county-council")));
  ASSERT_EQ(policy.clauses.size(), 3u);
  EXPECT_EQ(policy.clauses[0].title, "Codes are valid");
  EXPECT_EQ(policy.digest, loaded.set->digests.at(kPolicyPath));
  EXPECT_THAT(loaded.set->canonical.at(kPolicyPath), HasSubstr("\"DQP-3\""));
}

TEST(QualityPolicy, ACitationGoesBeforeAKindAndAKindBeforeADimension) {
  const Loaded loaded = Load(FolderWithPolicy());
  const QualityPolicy& policy = *loaded.set->quality_policy;
  const auto behind = [&](std::string_view cited, std::string_view kind, record::Dimension dimension) {
    const QualityClause* clause = policy.Behind(cited, kind, dimension);
    return clause == nullptr ? "" : clause->id;
  };
  EXPECT_EQ(behind("DQP-3", "in_list", record::Dimension::kConformity), "DQP-3");
  EXPECT_EQ(behind("", "in_list", record::Dimension::kConformity), "DQP-2");
  EXPECT_EQ(behind("", "regex", record::Dimension::kConformity), "DQP-1");
  EXPECT_EQ(behind("", "regex", record::Dimension::kTimeliness), "");
  EXPECT_EQ(behind("DQP-9", "in_list", record::Dimension::kConformity), "");
}

TEST(QualityPolicy, EveryMistakeOfTheDocumentIsReported) {
  const auto marks = [](std::string_view from, std::string_view to) {
    return MarksOf(ReadQualityPolicy, With(kPolicy, from, to));
  };
  EXPECT_THAT(MarksOf(ReadQualityPolicy, kPolicy), IsEmpty());
  EXPECT_THAT(marks("version: 1.0.0", "version: one"), ElementsAre("4:10 bad-version"));
  EXPECT_THAT(marks("owner: {post: Head of data, partner: county-council}\n", ""),
              ElementsAre("1:1 missing-key"));
  EXPECT_THAT(marks("review: 2027-09-30\n", ""), ElementsAre("1:1 missing-key"));
  EXPECT_THAT(marks("2027-09-30", "2027-09-31"), ElementsAre("7:9 bad-date"));
  EXPECT_THAT(marks("[constabulary, county-council]", "[constabulary, constabulary]"),
              ElementsAre("8:25 twice"));
  EXPECT_THAT(marks("[validity]", "[beauty]"), ElementsAre(HasSubstr("unknown-word")));
  EXPECT_THAT(marks("id: DQP-2", "id: DQP-1"), ElementsAre(HasSubstr("duplicate-id")));
  EXPECT_THAT(marks("id: DQP-2", "id: \"DQP 2\""), ElementsAre(HasSubstr("bad-id")));
  EXPECT_THAT(marks("dimensions: [conformity]", "dimensions: [shine]"),
              ElementsAre(HasSubstr("unknown-dimension")));
  EXPECT_THAT(marks("kinds: [in_list]", "kinds: [in_list], dimensions: [validity]"),
              ElementsAre(HasSubstr("covered-twice")));
  EXPECT_THAT(marks("title: Somebody answers, ", ""), ElementsAre(HasSubstr("missing-key")));
  EXPECT_THAT(marks("kinds:", "kind:"), ElementsAre(HasSubstr("unknown-key")));
}

TEST(QualityPolicyCheck, PartnersMustExist) {
  EXPECT_THAT(MarksWith(kPolicyPath, "parties: [constabulary,", "parties: [constabulry,"),
              ElementsAre("quality-policy.yaml unknown-partner"));
  EXPECT_THAT(MarksWith(kPolicyPath, "partner: county-council}", "partner: nobody}"),
              ElementsAre("quality-policy.yaml unknown-partner"));
}

TEST(QualityPolicyCheck, ARuleOfOursNeedsAClauseAndANativeOneDoesNot) {
  // The list is then covered by nothing, its clause by no rule.
  EXPECT_THAT(
      MarksWith(kPolicyPath, ", kinds: [in_list]", ""),
      testing::UnorderedElementsAre(kContractPath + " no-clause?", "quality-policy.yaml unused-clause?"));
  EXPECT_THAT(MarksWith(kPolicyPath, ", dimensions: [conformity]", ""),
              ElementsAre(kContractPath + " no-clause?"));
  EXPECT_THAT(MarksWith(kContractPath, ", customProperties: [{property: clause, value: DQP-1}]", ""),
              ElementsAre(kContractPath + " no-clause?"));
}

TEST(QualityPolicyCheck, ACitedClauseMustExist) {
  EXPECT_THAT(MarksWith(kContractPath, "value: DQP-1", "value: DQP-11"),
              ElementsAre(kContractPath + " unknown-clause"));
  EXPECT_THAT(MarksWith(kTemplatePath, "clauses: [DQP-3]", "clauses: [DQP-3, DQP-33]"),
              ElementsAre(kTemplatePath + " unknown-clause"));
}

TEST(QualityPolicyCheck, AClauseThatNothingCitesIsNamed) {
  EXPECT_THAT(MarksWith(kTemplatePath, "clauses: [DQP-3], ", ""),
              ElementsAre("quality-policy.yaml unused-clause?"));
  EXPECT_THAT(MarksWith(kTemplatePath, "clauses: [DQP-3]", "clause: DQP-3"), IsEmpty());
  EXPECT_THAT(MarksWith(kPolicyPath, "kinds: [in_list]", "kinds: [in_list, in_lst]"),
              ElementsAre("quality-policy.yaml unused-clause?"));
  EXPECT_THAT(MarksWith(kPolicyPath, "kinds: [in_list]", "kinds: [in_list], dimensions: [timeliness]"),
              ElementsAre("quality-policy.yaml unused-clause?"));
}

TEST(QualityPolicyCheck, SaysNothingWhereThePartnershipHasNone) {
  FolderFiles files = FolderWithPolicy();
  files.erase(kPolicyPath);
  EXPECT_THAT(Load(files).marks, IsEmpty());
}

TEST(QualityPolicyCheck, ItsPlaceIsBesideThePartnership) {
  FolderFiles files = FolderWithPolicy();
  files["feeds/second.yaml"] = kPolicy;
  EXPECT_THAT(Load(files).marks, Contains("feeds/second.yaml wrong-place"));
}

TEST(QualityPolicyCheck, TheShippedPoliciesCiteEveryClauseAndGiveEveryRuleItsWhy) {
  Issues issues;
  const auto set = LoadPolicySet(CONCORDAT_SOURCE_DIR "/policies", issues);
  ASSERT_NE(set, nullptr);
  ASSERT_TRUE(set->quality_policy.has_value());
  for (const Issue& issue : issues.list()) ADD_FAILURE() << RenderIssue(issue);
  for (const Contract& contract : set->contracts) {
    for (const ContractObject& object : contract.objects) {
      for (const RuleSpec& rule : object.rules) {
        EXPECT_NE(set->quality_policy->Behind(rule.clause, rule.kind, rule.dimension), nullptr)
            << contract.name << " " << rule.id;
      }
    }
  }
}

}  // namespace
}  // namespace concordat::policy
