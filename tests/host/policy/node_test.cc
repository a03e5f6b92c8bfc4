#include "host/policy/node.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/digest.h"
#include "yaml_text.h"

namespace concordat::policy {
namespace {

std::string CanonicalOf(const std::string& yaml) {
  Issues issues;
  const Node node = ReadText(yaml, issues);
  EXPECT_THAT(Marks(issues), testing::IsEmpty()) << yaml;
  return json::Canonical(node.ToJson());
}

struct ScalarCase {
  std::string yaml;
  std::string json;
  friend void PrintTo(const ScalarCase& test, std::ostream* out) { *out << test.yaml; }
};

class CoreSchema : public testing::TestWithParam<ScalarCase> {};

TEST_P(CoreSchema, DecidesWhatAScalarIs) {
  EXPECT_EQ(CanonicalOf("v: " + GetParam().yaml), "{\"v\":" + GetParam().json + "}");
}

INSTANTIATE_TEST_SUITE_P(
    Scalars, CoreSchema,
    testing::Values(ScalarCase{"true", "true"}, ScalarCase{"True", "true"}, ScalarCase{"FALSE", "false"},
                    ScalarCase{"yes", "\"yes\""}, ScalarCase{"on", "\"on\""}, ScalarCase{"N", "\"N\""},
                    ScalarCase{"\"true\"", "\"true\""}, ScalarCase{"~", "null"}, ScalarCase{"Null", "null"},
                    ScalarCase{"", "null"}, ScalarCase{"'null'", "\"null\""}, ScalarCase{"12", "12"},
                    ScalarCase{"-12", "-12"}, ScalarCase{"+12", "12"}, ScalarCase{"010", "10"},
                    ScalarCase{"0o10", "8"}, ScalarCase{"0x1F", "31"}, ScalarCase{"0b1", "\"0b1\""},
                    ScalarCase{"1_000", "\"1_000\""}, ScalarCase{"12:30:45", "\"12:30:45\""},
                    ScalarCase{"1.50", "1.5"}, ScalarCase{".5", "0.5"}, ScalarCase{"5.", "5"},
                    ScalarCase{".", "\".\""}, ScalarCase{"1e3", "1000"}, ScalarCase{"1E-3", "0.001"},
                    ScalarCase{"e3", "\"e3\""}, ScalarCase{"1e", "\"1e\""}, ScalarCase{".inf", "\".inf\""},
                    ScalarCase{".nan", "\".nan\""}, ScalarCase{"1e999", "\"1e999\""},
                    ScalarCase{"3.1.0", "\"3.1.0\""}, ScalarCase{"2026-04-01", "\"2026-04-01\""},
                    ScalarCase{"9007199254740993", "9007199254740992"},
                    ScalarCase{"9223372036854775808", "9223372036854776000"}, ScalarCase{"+", "\"+\""},
                    ScalarCase{"70%", "\"70%\""}));

TEST(Node, NumbersThatReadersDisagreeAboutAreNoNumbers) {
  for (const std::string text : {"010", "-010", "0o10", "0x10", "1_000", "00", "12:30", ".inf", "1e999"}) {
    EXPECT_FALSE(Node::Scalar(text, false).AsNumber()) << text;
    EXPECT_FALSE(Node::Scalar(text, false).AsInteger()) << text;
  }
  EXPECT_EQ(Node::Scalar("0", false).AsInteger(), 0);
  EXPECT_EQ(Node::Scalar("0.5", false).AsNumber(), 0.5);
  EXPECT_EQ(Node::Scalar("+7", false).AsInteger(), 7);
  EXPECT_FALSE(Node::Scalar("7.0", false).AsInteger());
}

TEST(Node, QuotedScalarsAreTexts) {
  EXPECT_FALSE(Node::Scalar("7", true).AsInteger());
  EXPECT_FALSE(Node::Scalar("true", true).AsBool());
  EXPECT_EQ(Node::Scalar("7", true).AsText(), "7");
}

TEST(Node, AbsentIsQuietAboutEverything) {
  const Node absent;
  EXPECT_FALSE(absent.present());
  EXPECT_FALSE(absent["a"]["b"].present());
  EXPECT_TRUE(absent.items().empty());
  EXPECT_EQ(absent.text(), "");
  EXPECT_EQ(absent.place().str(), "");
  EXPECT_FALSE(absent.AsText());
}

TEST(Node, TheOrderOfKeysAndTheStyleDoNotChangeTheDigest) {
  const std::string block = CanonicalOf("b: [1, two]\na:\n  c: \"x\"\n");
  EXPECT_EQ(block, CanonicalOf("{a: {c: x}, b: [1, 'two']} # the same\n"));
  EXPECT_NE(DigestOf(block), DigestOf(CanonicalOf("b: [1, two]\na:\n  c: y\n")));
}

TEST(Node, KnowsThePlacesOfKeysAndValues) {
  Issues issues;
  const Node node = ReadText("kind: Feed\nschedule:\n  every:   P1M\n", issues);
  EXPECT_EQ(node["schedule"].KeyPlace("every").str(), "test.yaml:3:3");
  EXPECT_EQ(node["schedule"]["every"].place().str(), "test.yaml:3:12");
  EXPECT_EQ(node.KeyPlace("absent").str(), "test.yaml:1:1");
}

}  // namespace
}  // namespace concordat::policy
