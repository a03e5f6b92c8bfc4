// What a contract can get wrong although its structure is right, and what is only warned of.
#include <filesystem>

#include "gtest/gtest.h"
#include "host/base/files.h"
#include "host/policy/odcs_structure.h"
#include "tests/host/policy/odcs_reading.h"

namespace concordat::policy {
namespace {

struct MeaningCase {
  const char* rest;  // from line 2 on
  const char* expected;
};

// The case must pass the structure, or it would prove nothing of the meaning.
void ExpectStructureIsSound(const MeaningCase& c) {
  Issues issues;
  const std::string text = fmt::format(
      "{{apiVersion: v3.1.0, kind: DataContract, id: c, version: 1.0.0, status: s,\n{}}}", c.rest);
  CheckStructure(ReadYaml(std::make_shared<SourceText>(SourceText{"x", text}), issues), issues);
  EXPECT_FALSE(issues.has_errors()) << c.rest;
}

TEST(Meaning, RefusesEmptyAndDuplicateNames) {
  const MeaningCase cases[] = {
      {"schema: [{name: ''}]", "empty-name@2"},
      {"schema: [{name: ' '}]", "empty-name@2"},
      {"schema: [{name: o, properties: [{name: ''}]}]", "empty-name@2"},
      {"servers: [{server: '', type: custom}]", "empty-name@2"},
      {"roles: [{role: ''}]", "empty-name@2"},
      {"support: [{channel: '', url: u}]", "empty-name@2"},
      {"team: {members: [{username: ''}]}", "empty-name@2"},
      {"team: [{username: ''}]", "empty-name@2"},
      {"slaProperties: [{property: '', value: 1}]", "empty-name@2"},
      {"customProperties: [{property: '', value: 1}]", "empty-name@2"},
      {"schema: [{name: o},\n{name: o}]", "duplicate-id@3"},
      {"schema: [{name: o, properties: [{name: p},\n{name: p}]}]", "duplicate-id@3"},
      {"schema: [{name: o, properties: [{name: n, logicalType: object, properties: [{name: p},\n{name: "
       "p}]}]}]",
       "duplicate-id@3"},
      {"servers: [{server: s, type: custom},\n{server: s, type: custom}]", "duplicate-id@3"},
      {"schema: [{name: o, id: i},\n{name: p, id: i}]", "duplicate-id@3"},
      {"roles: [{role: a, id: i},\n{role: b, id: i}]", "duplicate-id@3"},
      {"customProperties: [{id: i, property: a, value: 1},\n{id: i, property: b, value: 2}]",
       "duplicate-id@3"},
      {"team: {members: [{id: i, username: a},\n{id: i, username: b}]}", "duplicate-id@3"},
      {"authoritativeDefinitions: [{id: i, url: u, type: t},\n{id: i, url: v, type: t}]", "duplicate-id@3"},
  };
  for (const MeaningCase& c : cases) {
    ExpectStructureIsSound(c);
    EXPECT_EQ(ReadContractWith(c.rest).Errors(), c.expected) << c.rest;
  }
}

TEST(Meaning, LetsTheSameIdStandInDifferentLists) {
  EXPECT_EQ(
      ReadContractWith("roles: [{role: a, id: i}], servers: [{server: s, id: i, type: custom}]").Errors(),
      "");
  EXPECT_EQ(ReadContractWith("team: {members: [{username: a}, {username: a}]}").Errors(), "");
}

TEST(Meaning, RefusesAnEmptyContractIdAndName) {
  const char* text =
      "{apiVersion: v3.1.0, kind: DataContract, id: '', name: '', version: 1.0.0, status: active}";
  EXPECT_EQ(ReadContractText(text).Errors(), "empty-name@1 empty-name@1");
}

TEST(Meaning, RefusesPricesWithoutCurrencyOrBelowZero) {
  const MeaningCase cases[] = {
      {"price: {priceAmount: 1}", "bad-price@2"},
      {"price: {priceAmount: 1, priceCurrency: ''}", "bad-price@2"},
      {"price: {priceAmount: -0.5, priceCurrency: GBP}", "bad-price@2"},
      {"price: {priceAmount: 0, priceCurrency: GBP}", ""},
      {"price: {priceUnit: record}", ""},
      {"price: {}", ""},
  };
  for (const MeaningCase& c : cases) {
    ExpectStructureIsSound(c);
    EXPECT_EQ(ReadContractWith(c.rest).Errors(), c.expected) << c.rest;
  }
}

TEST(Meaning, RefusesMalformedRelationships) {
  const std::string objects =
      "schema: [{{name: a, id: a, properties: [{{name: x, id: x{}}}, {{name: y}}]{}}}, {{name: b, id: b, "
      "properties: [{{name: x}}, {{name: y}}]}}]";
  struct Case {
    const char* of_property;
    const char* of_object;
    const char* expected;
  };
  const Case cases[] = {
      {"", ", relationships: [{from: [a.x, a.y], to: [b.x]}]", "relationship-length@2"},
      {"", ", relationships: [{from: [a.x], to: [b.x, b.y]}]", "relationship-length@2"},
      {", relationships: [{to: [b.x, b.y]}]", "", "relationship-length@2"},
      {"", ", relationships: [{from: [a.x, b.y], to: [b.x, b.y]}]", "bad-relationship@2"},
      {"", ", relationships: [{from: [a.x, a.y], to: [b.x, a.y]}]", "bad-relationship@2"},
      {"", ", relationships: [{from: [a.x, a.x], to: [b.x, b.y]}]", "bad-relationship@2"},
      {", relationships: [{to: schema/b}]", "", "bad-relationship@2"},
      {", relationships: [{to: servers/b/properties/x}]", "", "bad-relationship@2"},
      {", relationships: [{to: b.x}]", ", relationships: [{from: [a.x, a.y], to: [b.x, b.y]}]", ""},
  };
  for (const Case& c : cases) {
    const std::string rest = fmt::format(fmt::runtime(objects), c.of_property, c.of_object);
    ExpectStructureIsSound({rest.c_str(), ""});
    EXPECT_EQ(ReadContractWith(rest).Errors(), c.expected) << rest;
  }
}

TEST(Meaning, WarnsOfWhatIsDoubtfulButNotWrong) {
  const MeaningCase cases[] = {
      {"slaProperties: [{property: latency, value: 1, element: o.q}]", "unknown-element@2"},
      {"slaProperties: [{property: latency, value: 1, element: 'o.p, o.q'}]", "unknown-element@2"},
      {"slaDefaultElement: o.q", "unknown-element@2"},
      {"slaDefaultElement: o.p", ""},
      {"slaDefaultElement: o", ""},
      {"support: [{channel: c}]", "no-url@2"},
      {"customProperties: [{property: a, value: 1}, {property: a, value: 2}]", "twice@2"},
      {"support: [{channel: c, url: 'mailto:c@example.org'}]", ""},
  };
  for (const MeaningCase& c : cases) {
    ExpectStructureIsSound(c);
    const ReadingOfContract reading = ReadContractWith(
        fmt::format("schema: [{{name: o, properties: [{{name: p, classification: public}}]}}],{}", c.rest));
    EXPECT_EQ(reading.Warnings(), c.expected) << c.rest;
    EXPECT_EQ(reading.Errors(), "") << c.rest;
  }
  EXPECT_EQ(
      ReadProperties("[{name: p, classification: public, logicalType: array}]").Find("no-items").place.line,
      3);
}

TEST(Meaning, ReadsOlderDocumentsAndWarnsOfTheOldest) {
  const auto warnings = [](std::string_view version) {
    return ReadContractText(
        fmt::format("{{apiVersion: {}, kind: DataContract, id: c, version: 1.0.0, status: s}}", version));
  };
  EXPECT_EQ(warnings("v3.0.2").Warnings(), "");
  EXPECT_EQ(warnings("v2.2.1").Warnings(), "old-version@1");
  EXPECT_EQ(warnings("v3.2.0").Errors(), "unknown-word@1");
}

TEST(Meaning, PassesTheStandardsExamplesWithWarningsAtMost) {
  const std::filesystem::path examples =
      std::filesystem::path(CONCORDAT_SOURCE_DIR) / "../shared/conformance/odcs/examples";
  if (!std::filesystem::exists(examples))
    GTEST_SKIP() << "skipped: no ../shared/conformance/odcs beside the checkout";
  size_t read = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(examples)) {
    if (entry.path().extension() != ".yaml") continue;
    EXPECT_EQ(ReadContractText(*ReadFile(entry.path().string())).Errors(), "") << entry.path();
    ++read;
  }
  EXPECT_GE(read, 17u);
}

}  // namespace
}  // namespace concordat::policy
