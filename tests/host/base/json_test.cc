#include "host/base/json.h"

#include <bit>
#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace concordat::json {
namespace {

using testing::HasSubstr;

std::string CanonicalOf(std::string_view text) {
  const auto value = Parse(text);
  return value.ok() ? Canonical(*value) : "refused: " + std::string(MessageOf(value.status()));
}

struct NumberCase {
  uint64_t bits;
  const char* text;
};

// RFC 8785, appendix B, but for the two that are no numbers.
constexpr NumberCase kRfcNumbers[] = {
    {0x0000000000000000, "0"},
    {0x8000000000000000, "0"},
    {0x0000000000000001, "5e-324"},
    {0x8000000000000001, "-5e-324"},
    {0x7fefffffffffffff, "1.7976931348623157e+308"},
    {0xffefffffffffffff, "-1.7976931348623157e+308"},
    {0x4340000000000000, "9007199254740992"},
    {0xc340000000000000, "-9007199254740992"},
    {0x4430000000000000, "295147905179352830000"},
    {0x44b52d02c7e14af5, "9.999999999999997e+22"},
    {0x44b52d02c7e14af6, "1e+23"},
    {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
    {0x444b1ae4d6e2ef4e, "999999999999999700000"},
    {0x444b1ae4d6e2ef4f, "999999999999999900000"},
    {0x444b1ae4d6e2ef50, "1e+21"},
    {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
    {0x3eb0c6f7a0b5ed8d, "0.000001"},
    {0x41b3de4355555553, "333333333.3333332"},
    {0x41b3de4355555554, "333333333.33333325"},
    {0x41b3de4355555555, "333333333.3333333"},
    {0x41b3de4355555556, "333333333.3333334"},
    {0x41b3de4355555557, "333333333.33333343"},
    {0xbecbf647612f3696, "-0.0000033333333333333333"},
    {0x43143ff3c1cb0959, "1424953923781206.2"},
};

TEST(CanonicalJson, PrintsTheNumbersOfTheRfc) {
  for (const NumberCase& number : kRfcNumbers) {
    EXPECT_EQ(Canonical(Value(std::bit_cast<double>(number.bits))), number.text);
  }
}

TEST(CanonicalJson, ReadsTheNumbersOfTheRfcBackExactly) {
  for (const NumberCase& number : kRfcNumbers) {
    const auto value = Parse(number.text);
    ASSERT_TRUE(value.ok()) << number.text;
    EXPECT_EQ(Canonical(*value), number.text);
    const double expected = std::bit_cast<double>(number.bits);
    EXPECT_EQ(value->to_number<double>(), expected) << number.text;
  }
}

TEST(CanonicalJson, RoundsFractionsToTheNearestDouble) {
  const std::pair<const char*, const char*> cases[] = {
      {"333333333.33333329", "333333333.3333333"},
      {"9.999999999999997e22", "9.999999999999997e+22"},
      {"0.1", "0.1"},
      {"1E30", "1e+30"},
      {"4.50", "4.5"},
      {"2e-3", "0.002"},
      {"1.0", "1"},
      {"-0.0", "0"},
      {"0.000000000000000000000000001", "1e-27"},
      {"1e-400", "0"},
      {"100e-2", "1"},
  };
  for (const auto& [text, canonical] : cases) EXPECT_EQ(CanonicalOf(text), canonical) << text;
}

TEST(CanonicalJson, PrintsIntegersAsTheDoublesTheyAre) {
  EXPECT_EQ(CanonicalOf("9007199254740992"), "9007199254740992");
  EXPECT_EQ(CanonicalOf("9007199254740993"), "9007199254740992");
  EXPECT_EQ(CanonicalOf("-9007199254740993"), "-9007199254740992");
  EXPECT_EQ(CanonicalOf("18446744073709551615"), "18446744073709552000");
  EXPECT_EQ(Compact(*Parse("18446744073709551615")), "18446744073709551615")
      << "only the canonical form rounds";
}

// RFC 8785, sections 3.2.2 and 3.2.3.
TEST(CanonicalJson, AgreesWithTheExamplesOfTheRfc) {
  EXPECT_EQ(CanonicalOf(R"({"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
                            "literals": [null, true, false]})"),
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
            "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  EXPECT_EQ(
      CanonicalOf(
          R"({"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
                            "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
                            "\u00f6": "Latin Small Letter O With Diaeresis"})"),
      "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
      "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
      "\"😀\":\"Emoji: Grinning Face\",\"\uFB33\":\"Hebrew Letter Dalet With Dagesh\"}");
}

TEST(CanonicalJson, EscapesOnlyWhatMustBeEscaped) {
  EXPECT_EQ(CanonicalOf(R"("\b\f\n\r\t\u0000\u001f\u007f\u00e9\"\\")"),
            "\"\\b\\f\\n\\r\\t\\u0000\\u001f\x7Fé\\\"\\\\\"");
}

TEST(CanonicalJson, IsAFixedPoint) {
  for (const char* text : {R"({"b":[1,2.5,{"z":null,"a":"x"}],"a":{}})", "[]", "\"\"", "-7", "[[[]]]"}) {
    const std::string once = CanonicalOf(text);
    EXPECT_EQ(CanonicalOf(once), once);
  }
}

TEST(JsonText, HasNoWordForInfinityOrNan) {
  EXPECT_EQ(Compact(Value(std::numeric_limits<double>::infinity())), "null");
  EXPECT_EQ(Compact(Value(std::numeric_limits<double>::quiet_NaN())), "null");
}

TEST(JsonText, KeepsTheOrderOfMembers) {
  const Value value = {{"z", 1}, {"a", {1, 2}}, {"m", Object{}}};
  EXPECT_EQ(Compact(value), R"({"z":1,"a":[1,2],"m":{}})");
  EXPECT_EQ(Pretty(value), "{\n  \"z\": 1,\n  \"a\": [\n    1,\n    2\n  ],\n  \"m\": {}\n}\n");
  EXPECT_EQ(Canonical(value), R"({"a":[1,2],"m":{},"z":1})");
}

TEST(JsonParse, RefusesWhatIsNoJson) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[1,]",
                           "{\"a\":1,}",
                           "{a:1}",
                           "'a'",
                           "01",
                           "+1",
                           ".5",
                           "1.",
                           "NaN",
                           "Infinity",
                           "tru",
                           "1 2",
                           "{} {}",
                           "[1]//c",
                           "/*c*/1",
                           "\"\n\"",
                           "\"\\x\"",
                           "\"\\ud800\"",
                           "\"\\udc00\"",
                           "\"\xff\"",
                           "\"\xc0\xaf\"",
                           "\xef\xbb\xbf{}",
                           "\"unfinished"}) {
    EXPECT_FALSE(Parse(text).ok()) << text;
  }
}

TEST(JsonParse, RefusesAMemberThatStandsTwice) {
  EXPECT_THAT(CanonicalOf(R"({"a":1,"b":{"a":2},"a":3})"), HasSubstr("\"a\" stands twice"));
  EXPECT_THAT(CanonicalOf("{\"caf\xC3\xA9\":1,\"caf\\u00e9\":2}"), HasSubstr("stands twice"));
  EXPECT_EQ(CanonicalOf(R"([{"a":1},{"a":2},{"b":{"a":1},"a":{"b":1}}])"),
            R"([{"a":1},{"a":2},{"a":{"b":1},"b":{"a":1}}])");
}

TEST(JsonParse, RefusesNumbersBeyondADouble) {
  EXPECT_THAT(CanonicalOf("[1, 1e400]"), HasSubstr("1e400 is beyond the range"));
  EXPECT_THAT(CanonicalOf("-1e309"), HasSubstr("beyond the range"));
}

TEST(JsonParse, GoesSixtyFourLevelsDeep) {
  const auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(Parse(nested(64)).ok());
  EXPECT_FALSE(Parse(nested(65)).ok());
  EXPECT_FALSE(Parse(std::string(1000000, '[')).ok());
}

TEST(JsonParse, SaysWhereItBrokeOff) { EXPECT_THAT(CanonicalOf("{\"a\": nul}"), HasSubstr("at byte 6")); }

TEST(JsonParse, ReadsLongTextsAndKeysWhole) {
  const std::string key(100000, 'k');
  const std::string text(300000, 't');
  const auto value = Parse("{\"" + key + "\":\"" + text + "\"}");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(TextOr(*value, key, ""), text);
}

TEST(JsonFind, FindsMembersOfObjectsOnly) {
  const Value value = {{"text", "x"}, {"number", 7}};
  ASSERT_NE(Find(value, "number"), nullptr);
  EXPECT_EQ(Find(value, "none"), nullptr);
  EXPECT_EQ(Find(Value(7), "text"), nullptr);
  EXPECT_EQ(TextOr(value, "text", "none"), "x");
  EXPECT_EQ(TextOr(value, "number", "none"), "none");
  EXPECT_EQ(TextOr(value, "absent", "none"), "none");
}

}  // namespace
}  // namespace concordat::json
