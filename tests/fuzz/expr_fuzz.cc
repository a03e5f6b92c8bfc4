// Expressions that nobody meant: cut, glued, repeated and nested at random. Each must come to an answer or to
// mistakes with a place in the text, soon and in little memory, in columns and for one record.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>

#include "tests/fuzz/breaker.h"
#include "tests/host/expr/support.h"

namespace concordat::expr {
namespace {

constexpr const char* kSeeds[] = {
    "record.crews * 2 + size(record.kind) % 3 >= 7 && !has(record.status)",
    "record.status in ['a', 'b', \"c\"] || record.kind.matches('^[a-z]+$')",
    "[1, 2u, 3.0].exists(x, x == record.crews) ? record.cost < 1e300 : record.fatal",
    "record.closed - record.opened > duration('36h') && record.month != null",
    "{'a': [1, 2], 'b': {}}.all(k, k.size() == 1)",
    "[[1], [2, 3]].map(l, l.filter(i, i > 1).map(i, i * i)).exists_one(l, l == [])",
    "record.kind.lowerAscii().split('').join('-').replace('a', 'aa').substring(1) == r'\\x' + "
    "b'\\377'.size().string()",
    "optional.of(1).orValue(2) + cel.bind(a, [1][?5], a.orValue(3)) == -9223372036854775808",
    "timestamp('2026-05-20T00:00:00Z').getFullYear('Europe/London') == 2026",
    "'%s %d %.3f %x'.format([record.kind, 7, 1.5, 255]) == \"\"\"three\"\"\"",
};
constexpr const char* kTokens[] = {"(",
                                   ")",
                                   "[",
                                   "]",
                                   "{",
                                   "}",
                                   ",",
                                   ":",
                                   "?",
                                   ".",
                                   "!",
                                   "-",
                                   "+",
                                   "*",
                                   "/",
                                   "%",
                                   "==",
                                   "!=",
                                   "<",
                                   ">=",
                                   "&&",
                                   "||",
                                   "in",
                                   "has(",
                                   "record",
                                   ".crews",
                                   "request",
                                   "true",
                                   "null",
                                   "0",
                                   "9223372036854775807",
                                   "18446744073709551615u",
                                   "0x",
                                   "1e999",
                                   "'",
                                   "\"",
                                   "'''",
                                   "r\"",
                                   "b'",
                                   "\\",
                                   "\\u00e9",
                                   "\\U0010FFFF",
                                   "\xC3\xA9",
                                   "\xFF",
                                   "//",
                                   "\n",
                                   ".map(x,",
                                   ".all(x,",
                                   ".exists(y,",
                                   ".filter(z,",
                                   ".matches('(a+)+$')",
                                   ".format([",
                                   "cel.bind(a,",
                                   "a + a",
                                   "[?",
                                   "{?"};

TEST(ExprFuzz, EveryTextComesToAnEnd) {
  const auto schema = TestSchema();
  const data::Batch batch = BatchOf(
      schema, {{"a", "ab", "3", "1.5", "true", "2026-05-20", "2026-05", "2026-05-20T10:00:00Z", "10:00:00"},
               {"n/a", "", "x", "", "x", "", "", "x", ""},
               {"c", std::string(5000, 'a'), "-9223372036854775808", "1e308", "false", "0001-01-01",
                "9999-12", "", ""}});
  const size_t rounds = Rounds(3'000);
  size_t compiled = 0;
  Breaker breaker(7,
                  {{std::begin(kSeeds), std::end(kSeeds)}, {std::begin(kTokens), std::end(kTokens)}, "([!-"});
  for (size_t round = 0; round < rounds; ++round) {
    const std::string text = breaker.Next();
    const auto start = std::chrono::steady_clock::now();
    const Program::Result result = Program::Compile(text, {.record = schema.get(), .condition = false});
    for (const ExprIssue& issue : result.issues) {
      ASSERT_LE(issue.offset, text.size()) << text;
      ASSERT_FALSE(issue.message.empty()) << text;
    }
    if (result.issues.empty()) {
      ++compiled;
      std::vector<Truth> out(batch.rows());
      result.program.EvaluateBatch(batch, MissingIs::kError, out);
      result.program.EvaluateBatch(batch, MissingIs::kNull, out);
      for (size_t row = 0; row < batch.rows(); ++row)
        (void)result.program.Evaluate(AttributesOf(batch, row, MissingIs::kNull));
    }
    const auto spent = std::chrono::steady_clock::now() - start;
    ASSERT_LT(spent, std::chrono::seconds(30)) << "round " << round << ": " << text;
  }
  EXPECT_GT(compiled, rounds / 200) << "some of them must mean something";
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
#ifndef __SANITIZE_ADDRESS__
  EXPECT_LT(usage.ru_maxrss, 1 << 20) << "kilobytes";
#endif
}

}  // namespace
}  // namespace concordat::expr
