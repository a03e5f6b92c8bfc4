// Properties of a contract as fields of a record.
#include "gtest/gtest.h"
#include "tests/host/policy/odcs_reading.h"

namespace concordat::policy {
namespace {

using data::Classification;
using data::LogicalType;

const data::Field& FirstField(const ReadingOfContract& reading) {
  return reading.contract.objects.at(0).schema->fields.at(0);
}

TEST(ContractFields, TakeTheirTypeFromTheLogicalType) {
  const std::pair<const char*, LogicalType> cases[] = {
      {"logicalType: string", LogicalType::kString}, {"logicalType: integer", LogicalType::kInteger},
      {"logicalType: number", LogicalType::kNumber}, {"logicalType: boolean", LogicalType::kBoolean},
      {"logicalType: date", LogicalType::kDate},     {"logicalType: timestamp", LogicalType::kTimestamp},
      {"logicalType: time", LogicalType::kTime},     {"physicalType: varchar", LogicalType::kString},
      {"logicalType: object", LogicalType::kString},
  };
  for (const auto& [text, type] : cases) {
    const ReadingOfContract reading = ReadProperties(std::string("[{name: f, ") + text + "}]");
    EXPECT_EQ(FirstField(reading).type, type) << text;
    EXPECT_EQ(reading.Errors(), "") << text;
  }
}

TEST(ContractFields, KeepTheFormatOfDatesOnly) {
  const char* date = "[{name: f, logicalType: date, logicalTypeOptions: {format: dd/MM/yyyy}}]";
  EXPECT_EQ(FirstField(ReadProperties(date)).format, "dd/MM/yyyy");
  const char* integer = "[{name: f, logicalType: integer, logicalTypeOptions: {format: i32}}]";
  EXPECT_EQ(FirstField(ReadProperties(integer)).format, "");
}

TEST(ContractFields, AreClassifiedAtLeastAsStrictlyAsWritten) {
  struct Case {
    const char* word;
    Classification classification;
    const char* warnings;
  };
  const Case cases[] = {
      {"public", Classification::kPublic, ""},
      {"internal", Classification::kInternal, ""},
      {"Confidential", Classification::kConfidential, ""},
      {"restricted", Classification::kRestricted, ""},
      {"personal", Classification::kRestricted, ""},
      {"special-category", Classification::kRestricted, ""},
      {"criminal-offence", Classification::kRestricted, ""},
      {"secret", Classification::kRestricted, "unknown-classification@3"},
  };
  for (const Case& c : cases) {
    const ReadingOfContract reading =
        ReadProperties(fmt::format("[{{name: f, classification: {}}}]", c.word));
    EXPECT_EQ(FirstField(reading).classification, c.classification) << c.word;
    EXPECT_EQ(reading.Warnings(), c.warnings) << c.word;
  }
}

TEST(ContractFields, WithoutClassificationAreInternalAndWarnedOfOnceAnObject) {
  const ReadingOfContract reading =
      ReadProperties("[{name: a}, {name: b}, {name: c, classification: public}]");
  EXPECT_EQ(FirstField(reading).classification, Classification::kInternal);
  EXPECT_EQ(reading.Warnings(), "no-classification@2");
  EXPECT_EQ(reading.Find("no-classification").message,
            "of the fields of \"visit\", 2 without classification, taken as internal: a, b");
}

TEST(ContractFields, ReadMissingTokensMarkersAndTrim) {
  const ReadingOfContract reading = ReadProperties(
      "[{name: f, classification: public, customProperties: [{property: missingTokens, value: [n/a, 9, "
      "null]},\n"
      "{property: markers, value: {c: suppressed, z: not_applicable}}, {property: trim, value: true}]}]");
  EXPECT_EQ(reading.Errors() + reading.Warnings(), "");
  const data::Field& field = FirstField(reading);
  EXPECT_EQ(field.missing_tokens, (std::vector<std::string>{"n/a", "9"}));
  ASSERT_EQ(field.markers.size(), 2u);
  EXPECT_EQ(field.markers[1].token, "z");
  EXPECT_EQ(field.markers[1].meaning, "not_applicable");
  EXPECT_TRUE(field.trim);
}

TEST(ContractFields, RefuseMalformedMissingTokensMarkersAndTrim) {
  const char* cases[] = {"{property: missingTokens, value: n/a}", "{property: missingTokens, value: [[a]]}",
                         "{property: markers, value: [c]}", "{property: markers, value: {c: [x]}}",
                         "{property: trim, value: yes}"};
  for (const char* property : cases) {
    EXPECT_EQ(ReadProperties(fmt::format("[{{name: f, customProperties: [{}]}}]", property)).Errors(),
              "wrong-type@3")
        << property;
  }
}

TEST(ContractFields, FormThePrimaryKeyByPosition) {
  const ReadingOfContract reading = ReadProperties(
      "[{name: a, primaryKey: true, primaryKeyPosition: 2}, {name: b}, {name: c, primaryKey: true, "
      "primaryKeyPosition: 1},\n"
      "{name: d, primaryKey: false, primaryKeyPosition: 3}]");
  EXPECT_EQ(reading.contract.objects[0].primary_key, (std::vector<std::string>{"c", "a"}));
}

TEST(Contract, KnowsItselfAndItsObjects) {
  const ReadingOfContract reading = ReadContractWith(
      "description: {purpose: To count visits}, schema: [{name: visit}, {name: area}],\n"
      "customProperties: [{property: dimensionWeights, value: {completeness: 2, validity: 0.5}}]");
  const Contract& contract = reading.contract;
  EXPECT_EQ(reading.Errors(), "");
  EXPECT_EQ(contract.id, "c");
  EXPECT_EQ(contract.name, "visits");
  EXPECT_EQ(contract.version, "1.0.0");
  EXPECT_EQ(contract.status, "active");
  EXPECT_EQ(contract.title, "To count visits");
  EXPECT_EQ(contract.path, "a.odcs.yaml");
  ASSERT_NE(contract.FindObject("area"), nullptr);
  EXPECT_EQ(contract.FindObject("area")->schema->dataset, "visits/area");
  EXPECT_EQ(contract.FindObject("nowhere"), nullptr);
  ASSERT_EQ(contract.dimension_weights.size(), 2u);
  EXPECT_EQ(contract.dimension_weights[0], std::pair(record::Dimension::kCompleteness, 2.0));
  EXPECT_EQ(contract.dimension_weights[1], std::pair(record::Dimension::kConformity, 0.5));
}

TEST(Contract, NamesTheDatasetOfItsOnlyObjectAfterItself) {
  EXPECT_EQ(ReadProperties("[]").contract.objects[0].schema->dataset, "visits");
}

TEST(Contract, RefusesDimensionWeightsThatMeanNothing) {
  const char* cases[] = {"{completness: 1}", "{completeness: -1}", "{completeness: much}", "[completeness]"};
  const char* codes[] = {"unknown-dimension@2", "bad-weight@2", "bad-weight@2", "wrong-type@2"};
  for (size_t i = 0; i < std::size(cases); ++i) {
    const ReadingOfContract reading = ReadContractWith(
        fmt::format("customProperties: [{{property: dimensionWeights, value: {}}}]", cases[i]));
    EXPECT_EQ(reading.Errors(), codes[i]) << cases[i];
  }
}

TEST(Contract, DigestIsOfTheValuesAndNotOfTheWriting) {
  const std::string flow = "{apiVersion: v3.1.0, kind: DataContract, id: c, version: '1', status: active}";
  const std::string block =
      "# a note\nstatus: active\nid: c\nkind: DataContract\napiVersion: v3.1.0\nversion: \"1\"\n";
  EXPECT_EQ(ReadContractText(flow).contract.digest, ReadContractText(block).contract.digest);
  EXPECT_EQ(ReadContractText(flow).contract.digest.substr(0, 7), "sha256:");
  EXPECT_NE(ReadContractText(flow).contract.digest, ReadContractText(block + "name: x\n").contract.digest);
}

TEST(Contract, IsRecognisedByNameKindOrVersion) {
  const auto looks = [](std::string text, std::string_view path) {
    Issues issues;
    return LooksLikeContract(ReadYaml(std::make_shared<SourceText>(SourceText{"x", std::move(text)}), issues),
                             path);
  };
  EXPECT_TRUE(looks("a: 1", "contracts/x.odcs.yaml"));
  EXPECT_TRUE(looks("kind: DataContract", "x.yaml"));
  EXPECT_TRUE(looks("apiVersion: v3.0.2", "x.yaml"));
  EXPECT_FALSE(looks("apiVersion: concordat/v1", "x.yaml"));
  EXPECT_FALSE(looks("[DataContract]", "odcs.yaml"));
}

}  // namespace
}  // namespace concordat::policy
