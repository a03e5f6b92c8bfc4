#include "host/policy/fields.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "yaml_text.h"

namespace concordat::policy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Reads `value` under the key "k" with one reader, and gives what was reported.
template <typename Read>
Issues IssuesFor(const std::string& value, Read read) {
  Issues issues;
  const Node document = ReadText("k: " + value + "\n", issues);
  Fields fields(document, "thing", issues);
  read(fields);
  fields.Finish();
  return issues;
}

struct ValueCase {
  std::string value;
  std::string code;  // empty: accepted
  std::string hint;
};

TEST(Fields, BooleansAreTrueOrFalseOnly) {
  const std::vector<ValueCase> cases = {
      {"true", "", ""},
      {"False", "", ""},
      {"yes", "odd-boolean", "write true"},
      {"No", "odd-boolean", "write false"},
      {"ON", "odd-boolean", "write true"},
      {"off", "odd-boolean", "write false"},
      {"y", "odd-boolean", "write true"},
      {"N", "odd-boolean", "write false"},
      {"\"true\"", "odd-boolean", "write true"},
      {"1", "wrong-type", ""},
      {"[]", "wrong-type", ""},
      {"", "empty-value", "give it a value or remove the key"},
  };
  for (const ValueCase& test : cases) {
    const Issues issues = IssuesFor(test.value, [](Fields& fields) { fields.BoolOr("k", false); });
    EXPECT_THAT(Marks(issues), test.code.empty() ? testing::Matcher<std::vector<std::string>>(IsEmpty())
                                                 : ElementsAre(HasSubstr(test.code)))
        << test.value;
    if (!test.code.empty()) {
      EXPECT_EQ(HintOf(issues, test.code), test.hint) << test.value;
    }
  }
}

TEST(Fields, NumbersThatReadersDisagreeAboutAreRefusedWithWhatToWrite) {
  const std::vector<ValueCase> cases = {
      {"10", "", ""},
      {"1e3", "", ""},
      {"010", "odd-number", "write 10"},
      {"-007", "odd-number", "write 7"},
      {"0o10", "odd-number", "without 0o"},
      {"0x1F", "odd-number", "without 0x"},
      {"190:20:30", "odd-number", "base sixty"},
      {"1_000", "odd-number", "without _"},
      {"\"10\"", "wrong-type", "remove the quotes"},
      {"ten", "wrong-type", ""},
      {".inf", "wrong-type", ""},
      {"{a: 1}", "wrong-type", ""},
  };
  for (const ValueCase& test : cases) {
    const Issues issues = IssuesFor(test.value, [](Fields& fields) { fields.Number("k"); });
    EXPECT_THAT(Marks(issues), test.code.empty() ? testing::Matcher<std::vector<std::string>>(IsEmpty())
                                                 : ElementsAre("1:4 " + test.code))
        << test.value;
    if (!test.code.empty()) {
      EXPECT_THAT(HintOf(issues, test.code), HasSubstr(test.hint)) << test.value;
    }
  }
}

TEST(Fields, OddWordsAreFineWhereATextIsExpected) {
  for (const std::string value : {"yes", "off", "010", "0o10", "0x10", "12:30", "1_000", "true", "1.5"}) {
    std::string text;
    const Issues issues = IssuesFor(value, [&](Fields& fields) { text = fields.Text("k"); });
    EXPECT_THAT(Marks(issues), IsEmpty()) << value;
    EXPECT_EQ(text, value);
  }
}

TEST(Fields, IntegersHaveNoFraction) {
  EXPECT_THAT(Marks(IssuesFor("1.5", [](Fields& f) { f.Integer("k"); })), ElementsAre("1:4 wrong-type"));
  EXPECT_THAT(Marks(IssuesFor("15", [](Fields& f) { EXPECT_EQ(f.Integer("k"), 15); })), IsEmpty());
}

TEST(Fields, SharesArePercentagesOrFractions) {
  for (const auto& [value, share] : std::vector<std::pair<std::string, double>>{
           {"5%", 0.05}, {"0.05", 0.05}, {"0.1%", 0.001}, {"100%", 1}, {"0", 0}, {"1", 1}}) {
    EXPECT_THAT(Marks(IssuesFor(value, [&](Fields& f) { EXPECT_DOUBLE_EQ(*f.Share("k"), share) << value; })),
                IsEmpty());
  }
  EXPECT_EQ(HintOf(IssuesFor("5", [](Fields& f) { f.Share("k"); }), "out-of-range"), "did you mean 5%?");
  for (const std::string value : {"101%", "-1%", "-0.1"}) {
    EXPECT_THAT(Marks(IssuesFor(value, [](Fields& f) { f.Share("k"); })), ElementsAre("1:4 out-of-range"))
        << value;
  }
  EXPECT_THAT(Marks(IssuesFor("five", [](Fields& f) { f.Share("k"); })), ElementsAre("1:4 wrong-type"));
}

TEST(Fields, ATextIsRequiredAndNotEmpty) {
  EXPECT_THAT(Marks(IssuesFor("", [](Fields& f) { f.Text("k"); })), ElementsAre("1:1 empty-value"));
  EXPECT_THAT(Marks(IssuesFor("\"\"", [](Fields& f) { f.Text("k"); })), ElementsAre("1:4 empty-value"));
  EXPECT_THAT(Marks(IssuesFor("[a]", [](Fields& f) { f.Text("k"); })), ElementsAre("1:4 wrong-type"));
  EXPECT_THAT(Marks(IssuesFor("a", [](Fields& f) { f.Any("k"), f.Text("name"); })),
              ElementsAre("1:1 missing-key"));
}

TEST(Fields, ListsHoldTexts) {
  EXPECT_THAT(Marks(IssuesFor("[a, 1, yes]",
                              [](Fields& f) { EXPECT_THAT(f.Texts("k"), ElementsAre("a", "1", "yes")); })),
              IsEmpty());
  EXPECT_THAT(Marks(IssuesFor("a", [](Fields& f) { f.Texts("k"); })), ElementsAre("1:4 wrong-type"));
  EXPECT_THAT(Marks(IssuesFor("[a, [b], {c: d}]", [](Fields& f) { f.Texts("k"); })),
              ElementsAre("1:8 wrong-type", "1:13 wrong-type"));
}

TEST(Fields, WordsComeFromAClosedList) {
  const auto read = [](Fields& fields) { fields.WordOr("k", "refuse", {"refuse", "caveat"}); };
  EXPECT_THAT(Marks(IssuesFor("caveat", read)), IsEmpty());
  EXPECT_EQ(HintOf(IssuesFor("caveet", read), "unknown-word"), "did you mean \"caveat\"?");
  EXPECT_EQ(HintOf(IssuesFor("ignore", read), "unknown-word"), "one of: refuse, caveat");
}

TEST(Fields, UnknownKeysAreReportedAtTheKeyWithTheNearestKnownOne) {
  Issues issues;
  const Node document = ReadText("partner: a\n\"datset\": b\nfrobnicate: c\n", issues);
  Fields fields(document, "feed", issues);
  fields.Text("partner");
  fields.TextOr("dataset", "");
  fields.Finish();
  EXPECT_THAT(Marks(issues), ElementsAre("2:1 unknown-key", "3:1 unknown-key"));
  EXPECT_EQ(issues.list()[0].hint, "did you mean \"dataset\"?");
  EXPECT_EQ(issues.list()[1].hint, "one of: partner, dataset");
}

TEST(Fields, AKeyThatIsReadTwiceIsNamedOnce) {
  Issues issues;
  const Node document = ReadText("parse: a\nfrobnicate: c\n", issues);
  Fields fields(document, "mapping", issues);
  fields.Any("parse");
  fields.Text("parse");
  fields.Finish();
  ASSERT_THAT(Marks(issues), ElementsAre("2:1 unknown-key"));
  EXPECT_EQ(issues.list()[0].hint, "one of: parse");
}

TEST(Fields, AKeyNotBuiltYetIsAnErrorAtTheKey) {
  EXPECT_THAT(Marks(IssuesFor("1", [](Fields& f) { f.NotBuiltYet("k"); })), ElementsAre("1:1 not-built-yet"));
}

TEST(Fields, WhatIsNoMapIsReportedOnceAndNothingIsMissingFromIt) {
  Issues issues;
  const Node document = ReadText("k: [a]\n", issues);
  Fields fields(document["k"], "gate", issues);
  fields.Text("a");
  fields.Finish();
  EXPECT_THAT(Marks(issues), ElementsAre("1:4 wrong-type"));
}

TEST(Fields, AForgottenBlankAfterTheColonIsNamed) {
  Issues issues;
  const Node document = ReadText("gate:\n  quarantine:[error]\n", issues);
  Fields(document["gate"], "gate", issues).Finish();
  EXPECT_EQ(HintOf(issues, "wrong-type"), "a space must follow the colon");
}

}  // namespace
}  // namespace concordat::policy
