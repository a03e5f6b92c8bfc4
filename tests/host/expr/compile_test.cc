// What compiles, and how every mistake is named, with its place and the way to mend it.
#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/expr/program.h"
#include "tests/host/expr/support.h"

namespace concordat::expr {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Compiles with everything in scope.
Program::Result Compiled(std::string_view text) {
  static const auto schema = TestSchema();
  return Program::Compile(text, {.record = schema.get(),
                                 .request = {"partner", "role", "user", "purpose", "time", "attributes"},
                                 .quality = true});
}

TEST(Compile, AcceptsTheNamedSubset) {
  for (const std::string_view text :
       {"true",
        "record.status == \"closed\"",
        "record.status == 'closed'",
        "record.status != record.kind",
        "record.crews > 3",
        "record.crews >= -3 && record.cost < 1.5e3",
        "record.cost <= 3",
        "3 < record.crews",
        "record.fatal",
        "!record.fatal",
        "record.fatal == false",
        "record.opened >= \"2026-01-01\"",
        "record.opened < timestamp(\"2026-01-01T00:00:00Z\")",
        "record.opened <= record.closed",
        "record.month == \"2026-01\"",
        "record.at < \"13:45\"",
        "record.at != '13:45:10'",
        "record.kind in [\"a\", 'b']",
        "record.crews in [1, 2.5]",
        "record.kind in []",
        "record.opened in [\"2026-01-01\"]",
        "has(record.cost) || !has(record.crews)",
        "record.cost == null",
        "record.cost != null",
        "(((record.crews == 1)))",
        "request.role in [\"analyst\"] && request.time < '2027-01-01'",
        "request.attributes.trained == true",
        "request.partner == request.user",
        "quality.completeness >= 98 && quality.score > 90.5",
        "has(request.attributes.x)",
        "record.`crews` == 0x10",
        "// a comment\nrecord.fatal // another",
        "request.role in request.attributes.roles",
        "record.status == \"\"\"a \"quoted\" word\"\"\"",
        "record.status == r'\\d' || record.status == \"\\u00e9\\n\\x41\\101\""}) {
    const auto result = Compiled(text);
    for (const ExprIssue& issue : result.issues)
      ADD_FAILURE() << text << " @" << issue.offset << ": " << issue.message;
  }
}

struct Mistake {
  std::string_view text;
  size_t offset;
  std::string_view message;
  std::string_view hint;
};

void ExpectMistakes(const std::vector<Mistake>& cases) {
  for (const Mistake& c : cases) {
    const auto result = Compiled(c.text);
    ASSERT_FALSE(result.issues.empty()) << c.text;
    EXPECT_THAT(result.issues[0].message, HasSubstr(c.message)) << c.text;
    EXPECT_THAT(result.issues[0].hint, HasSubstr(c.hint)) << c.text;
    EXPECT_EQ(result.issues[0].offset, c.offset) << c.text;
  }
}

TEST(Compile, AcceptsTheWholeLanguage) {
  for (const std::string_view text : {"record.status.matches('^[A-Z]{2}[0-9]+$')",
                                      "size(record.status) > 1 && record.status.size() < 9",
                                      "[1, 2].exists(x, x == record.crews)",
                                      "record.crews + 1 == 2 * record.crews % 7",
                                      "double(record.crews) / record.cost > 0.5",
                                      "-record.crews == 2",
                                      "record.fatal ? record.crews > 0 : record.crews == 0",
                                      "[1, 2][0] == record.crews",
                                      "{'open': 1, 'closed': 2}[record.status] == record.crews",
                                      "uint(record.crews) == 1u",
                                      "bytes(record.status) == b'x'",
                                      "timestamp(record.status) == record.closed",
                                      "record.crews in [record.crews, 3]",
                                      "(record.crews == 1) == record.fatal",
                                      "record.closed - record.opened <= duration('720h')",
                                      "record.opened.getFullYear() >= 2020",
                                      "record.closed.getHours('Europe/London') < 18",
                                      "record.opened + duration('24h') > '2026-01-01'",
                                      "record.status.split(',').all(code, code.trim().size() == 3)",
                                      "cel.bind(n, record.crews * 2, n > 3 && n < 9)",
                                      "request.attributes.roles.exists(r, r == 'analyst')",
                                      "has({'a': 1}.a)",
                                      "type(record.crews) == int",
                                      "optional.of(record.crews).orValue(0) == 1"}) {
    const auto result = Compiled(text);
    for (const ExprIssue& issue : result.issues)
      ADD_FAILURE() << text << " @" << issue.offset << ": " << issue.message;
  }
}

TEST(Compile, ChecksTypesInComputedExpressions) {
  ExpectMistakes({
      {"record.nope.size() > 1", 0, "no field \"nope\"", ""},
      {"[1, 2].exists(x, x == record.nope)", 22, "no field \"nope\"", ""},
      {"size(record.crews) > 1", 0, "size does not take these: record.crews is a number", ""},
      {"record.crews.startsWith('a')", 13, "startsWith does not take these", ""},
      {"record.crews + record.cost > 1.0", 13, "+ does not take these", "double("},
      {"record.status + 1 == 'a'", 14, "+ does not take these: record.status is a text", ""},
      {"record.status.matches('(')", 22, "is no pattern", ""},
      {"record.crews + 1 == 'a'", 17, "cannot be compared", ""},
      {"[1, 2].all(x, x.contains('a'))", 16, "contains does not take these", ""},
      {"record.status.exists(x, true)", 14, "exists() walks over a list or a map", ""},
      {"[1].all(1, true)", 8, "the name of a variable is needed", ""},
      {"[1].map(x)", 4, "map() needs a variable", ""},
      {"record.crews ? true : false", 0, "true or false is needed here", ""},
      {"record.fatal ? 1 : 2", 13, "true or false is needed here", ""},
      {"1 / 0 > record.crews", 2, "divided by zero", ""},
      {"record.opened + duration('1h') > 'soon'", 33, "\"soon\" is not a point in time", ""},
      {"duration('soon') > duration('1h')", 0, "is not a duration", ""},
      {"record.status[0] == 'a'", 13, "[ ] reads a list or a map", ""},
      {"1 < record.crews < 3", 17, "cannot be compared", "a < b && b < c"},
      {"Message{a: 1} == 1", 0, "messages are not known", ""},
  });
}

TEST(Compile, SaysWhichNamesAreNotKnown) {
  ExpectMistakes({
      {"record.statsu == 'a'", 0, "dataset incidents has no field \"statsu\"", "did you mean \"status\"?"},
      {"status == 'a'", 0, "\"status\" is not known here", "did you mean record.status?"},
      {"role == 'a'", 0, "\"role\" is not known here", "did you mean request.role?"},
      {"reqest.role == 'a'", 0, "\"reqest\" is not known here", "did you mean \"request\"?"},
      {"true && request.rol == 'a'", 8, "a request has no \"rol\"", "did you mean \"role\"?"},
      {"quality.completness > 1", 0, "quality has no \"completness\"", "did you mean \"completeness\"?"},
      {"quality.validity > 1", 0, "quality has no \"validity\"", ""},
      {"record", 0, "record is no value by itself", "write record.<field>"},
      {"record.status.length == 1", 0, "record.status has no parts", ""},
      {"request.attributes == 1", 0, "name one of the request's attributes", ""},
      {"has(record)", 0, "has() asks for one field", ""},
      {"has(record.nope)", 4, "no field \"nope\"", ""},
      {"matchs(record.status)", 0, "there is no function matchs()", "did you mean \"matches\"?"},
  });
}

TEST(Compile, SaysWhichTypesDoNotFit) {
  ExpectMistakes({
      {"record.crews == \"5\"", 13, "record.crews is a number, \"5\" is a text", "write 5 without quotes"},
      {"record.status == 5", 14, "record.status is a text, 5 is a number", "write \"5\""},
      {"record.fatal == \"true\"", 13, "cannot be compared", "without quotes"},
      {"record.status < record.crews", 14, "cannot be compared", ""},
      {"record.opened == record.status", 14, "record.opened is a date, record.status is a text", ""},
      {"record.opened > \"last week\"", 16, "\"last week\" is not a date", "2026-05-20"},
      {"record.opened > \"2026-02-30\"", 16, "is not a date", ""},
      {"record.opened > 2026", 14, "cannot be compared", ""},
      {"record.at == \"25:00\"", 13, "is not a time of day", "13:45"},
      {"record.at < record.opened", 10, "cannot be compared", ""},
      {"timestamp('soon') < record.closed", 10, "\"soon\" is not a point in time", ""},
      {"record.kind in [\"a\", 1]", 15, "record.kind is a text, 1 is a number", "write \"1\""},
      {"record.opened in ['never']", 17, "\"never\" is not a date", ""},
      {"record.kind in \"abc\"", 15, "in needs a list, but \"abc\" is a text", ""},
      {"record.kind in [null]", 16, "null is not a member of a list", ""},
      {"null in [1]", 0, "null is not looked for in a list", ""},
      {"record.crews < null", 13, "null has no order", ""},
      {"record.status", 0, "true or false is needed here, but record.status is a text", "has(record.status)"},
      {"record.status && true", 0, "true or false is needed here", ""},
      {"!record.crews", 1, "true or false is needed here", ""},
      {"quality.score == 'A'", 14, "cannot be compared", ""},
      {"request.role == 1", 13, "request.role is a text, 1 is a number", ""},
      {"request.time > 'soon'", 15, "is not a point in time", ""},
      {"[1]", 0, "true or false is needed here", ""},
  });
}

TEST(Compile, SaysWhereTheSyntaxBreaks) {
  const std::string deep(200, '(');
  const std::string nots(200, '!');
  const std::string long_text(70'000, 'x');
  ExpectMistakes({
      {"", 0, "the expression ends here, where a value belongs", ""},
      {"record.status = 'a'", 14, "= is not a sign of CEL", "write == to compare"},
      {"record.fatal & record.fatal", 13, "& is not a sign", "write &&"},
      {"record.fatal and record.fatal", 13, "\"and\" is not expected", "write &&"},
      {"not record.fatal", 4, "not expected", ""},
      {"NOT(record.fatal)", 0, "\"NOT\" is not a function", "write ! for \"not\""},
      {"record.crews <> 1", 14, "\">\" is not expected", "write !="},
      {"record.status == \xE2\x80\x9C"
       "a\xE2\x80\x9D",
       17, "is not a sign", "straight quotes"},
      {"record.status == \"a", 17, "the text that begins here is not closed", ""},
      {"record.status == 'a\n'", 17, "not closed", ""},
      {"record.status == \"a\" \"b\"", 21, "\"b\" is not expected after the end", ""},
      {"(record.fatal", 13, ") is missing to close the parenthesis", ""},
      {"record.kind in ['a' 'b']", 20, "\"b\" is not expected between the items", ""},
      {"record.", 7, "the expression ends after the point", ""},
      {"record.5", 6, "not expected", ""},
      {"record.status == \"\\q\"", 18, "this escape is not known", "\\\\"},
      {"record.status == \"\\ud800\"", 18, "not a Unicode character", ""},
      {"record.crews == 99999999999999999999", 16, "does not fit a 64-bit integer", ""},
      {"record.crews == 12abc", 16, "is not a number", ""},
      {"record.cost == 1e999", 15, "too large", ""},
      {"for == 1", 0, "reserved word", ""},
      {"record.fatal # yes", 13, "unexpected character #", ""},
      {"record.status == '\xFF'", 18, "not UTF-8", ""},
      {deep, 100, "nested deeper than 100 levels", ""},
      {nots, 100, "nested deeper than 100 levels", ""},
      {long_text, 65'536, "longer than 65536 bytes", ""},
  });
}

TEST(Compile, ReportsEveryMistakeAtOnce) {
  const auto result = Compiled("record.nope == 1 && size(record.crews) > 1 || record.crews == 'x'");
  EXPECT_EQ(result.issues.size(), 3u);
}

TEST(Compile, OneMistakeIsNotReportedTwice) {
  EXPECT_EQ(Compiled("record.nope in [1, 'a', true]").issues.size(), 1u);
  EXPECT_EQ(Compiled("!(record.nope < 1)").issues.size(), 1u);
}

TEST(Compile, ALongChainIsNotDeep) {
  std::string text = "record.crews == 0";
  for (int i = 1; i < 2000; ++i) text += fmt::format(" || record.crews == {}", i);
  EXPECT_THAT(Compiled(text).issues, IsEmpty());
  std::string sums = "1";
  for (int i = 0; i < 3000; ++i) sums += "+1";
  EXPECT_THAT(Compiled(sums).issues[0].message, HasSubstr("nested deeper"));
}

TEST(Compile, NamesOutOfScopeAreNotKnown) {
  const auto schema = TestSchema();
  EXPECT_FALSE(Program::Compile("request.role == 'a'", {.record = schema.get()}).issues.empty());
  EXPECT_FALSE(Program::Compile("record.crews == 1", {.request = {"role"}}).issues.empty());
  EXPECT_FALSE(Program::Compile("quality.score > 1", {.request = {"role"}}).issues.empty());
}

TEST(Compile, ListsTheFieldsThatAreRead) {
  EXPECT_THAT(Compiled("record.cost > 1 && (record.status == 'a' || has(record.cost))").program.fields(),
              ElementsAre(0, 3));
  EXPECT_THAT(Program::RecordNamesIn("record.b == 1 && f(record.a, [record.b]) && request.c"),
              ElementsAre("b", "a"));
  EXPECT_THAT(Program::RecordNamesIn("record.b =="), IsEmpty());
}

}  // namespace
}  // namespace concordat::expr
