// Mistakes of structure are told with their place, a plain reason and how to mend them.
#include "gtest/gtest.h"
#include "tests/host/policy/odcs_reading.h"

namespace concordat::policy {
namespace {

struct StructureCase {
  const char* rest;  // from line 2 on
  int line;
  int column;
  const char* code;
  const char* message;
  const char* hint;
};

const StructureCase kCases[] = {
    {"schemas: []", 2, 1, "unknown-key", "the contract has no key \"schemas\"", "did you mean \"schema\"?"},
    {"tags: a", 2, 7, "wrong-type", "\"tags\" of the contract must be a list, not \"a\"", ""},
    {"tags: [1.0]", 2, 8, "wrong-type", "\"tags\" of the contract must be a text, not \"1.0\"",
     "write it in quotes: \"1.0\""},
    {"tenant:", 2, 1, "empty-value", "\"tenant\" of the contract has no value; it must be a text",
     "give it a value or remove the key"},
    {"price: {priceAmount: '5', priceCurrency: GBP}", 2, 22, "wrong-type",
     "\"priceAmount\" of the price must be a number, not \"5\"", "remove the quotes"},
    {"contractCreatedTs: 2026-05-20", 2, 20, "wrong-type",
     "\"contractCreatedTs\" of the contract must be a time such as 2026-05-20T12:00:00Z, not \"2026-05-20\"",
     ""},
    {"schema: [{name: o, properties: [{name: p, required: yes}]}]", 2, 53, "wrong-type",
     "\"required\" of the property must be true or false, not \"yes\"", "write true"},
    {"roles: [{access: read}]", 2, 9, "missing-key", "the role needs \"role\"", ""},
    {"servers: [{server: s, type: postgresq}]", 2, 29, "unknown-word",
     "\"postgresq\" is no word for \"type\" of the server", "did you mean \"postgresql\"?"},
    {"servers: [{server: s, type: pubsub, project: p, host: h}]", 2, 49, "unknown-key",
     "the server of type pubsub has no key \"host\"", ""},
    {"servers: [{server: s, type: kafka}]", 2, 11, "missing-key", "the server of type kafka needs \"host\"",
     ""},
    {"servers: [{server: s, type: mysql, host: h, port: 0123, database: d}]", 2, 51, "odd-number",
     "\"port\" of the server of type mysql must be a plain number, not 0123",
     "write it in base ten, without leading zeros"},
    {"schema: [{name: o, properties: [{name: p, logicalType: text}]}]", 2, 56, "unknown-word",
     "\"text\" is no word for \"logicalType\" of the property", ""},
    {"schema: [{name: o, properties: [{name: p, logicalType: date, logicalTypeOptions: {minLength: 1}}]}]", 2,
     83, "unknown-key", "the logicalTypeOptions of a date has no key \"minLength\"", ""},
    {"schema: [{name: o, quality: [{metric: rowCount}]}]", 2, 30, "operator-count",
     "the quality rule needs exactly one comparison such as mustBe, and has none", ""},
    {"schema: [{name: o, quality: [{metric: rowCount, mustBe: 1, mustNotBe: 2}]}]", 2, 30, "operator-count",
     "the quality rule needs exactly one comparison such as mustBe, and has mustBe, mustNotBe",
     "for a range write mustBeBetween: [lowest, highest]"},
    {"schema: [{name: o, quality: [{type: text, dimension: completness}]}]", 2, 54, "unknown-word",
     "\"completness\" is no word for \"dimension\" of the quality rule of type text",
     "did you mean \"completeness\"?"},
    {"schema: [{name: o, relationships: [{from: o.p, to: [o.q]}]}]", 2, 36, "wrong-type",
     "from and to of a relationship must both be single or both be lists",
     "write both as lists of the same length"},
};

TEST(Structure, TellsWhereAndWhatAndHowToMend) {
  for (const StructureCase& c : kCases) {
    const ReadingOfContract reading = ReadContractWith(c.rest);
    const Issue issue = reading.Find(c.code);
    EXPECT_EQ(issue.message, c.message) << c.rest;
    EXPECT_EQ(issue.place.line, c.line) << c.rest;
    EXPECT_EQ(issue.place.column, c.column) << c.rest;
    EXPECT_EQ(issue.severity, IssueSeverity::kError) << c.rest;
    EXPECT_EQ(issue.place.source->name, "a.odcs.yaml");
    if (*c.hint != '\0') {
      EXPECT_EQ(issue.hint, c.hint) << c.rest;
    }
  }
}

TEST(Structure, TellsAllMistakesAtOnce) {
  const ReadingOfContract reading =
      ReadContractText("apiVersion: v3\nkind: Contract\nversion: 1\nteam: {member: []}\n");
  EXPECT_EQ(reading.Errors(),
            "missing-key@1 missing-key@1 unknown-word@1 unknown-word@2 wrong-type@3 unknown-key@4");
}

TEST(Structure, RefusesDocumentsThatAreNoMaps) {
  for (const char* text : {"[]", "a text", "1"})
    EXPECT_EQ(ReadContractText(text).Errors(), "wrong-type@1") << text;
}

}  // namespace
}  // namespace concordat::policy
