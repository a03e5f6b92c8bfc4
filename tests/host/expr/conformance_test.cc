// The official conformance suite, beside the source: all cases of the core files pass, the rest is counted.
#include "host/expr/conformance.h"

#include <cstdio>
#include <map>
#include <set>

#include "gtest/gtest.h"
#include "host/base/files.h"

namespace concordat::expr {
namespace {

const std::set<std::string> kCore = {"basic", "comparisons", "conversions", "fields",    "fp_math",
                                     "lists", "logic",       "macros",      "namespace", "integer_math",
                                     "parse", "plumbing",    "string",      "timestamps"};

struct Count {
  size_t passed = 0;
  size_t all = 0;
};

TEST(Conformance, EveryCoreCasePasses) {
  const auto file = ReadFile(std::string(CONCORDAT_SOURCE_DIR) + "/../shared/conformance/cel/simple.jsonl");
  if (!file.ok()) {
    std::puts("skipped: ../shared/conformance/cel is not beside the source");
    return;
  }
  const auto outcomes = RunConformance(*file);
  ASSERT_TRUE(outcomes.ok()) << outcomes.status();
  std::map<std::string, Count> counts;
  for (const CaseOutcome& outcome : *outcomes) {
    Count& count = counts[outcome.file];
    ++count.all;
    count.passed += outcome.pass ? 1 : 0;
    if (!kCore.contains(outcome.file)) continue;
    EXPECT_TRUE(outcome.pass) << outcome.file << "/" << outcome.section << "/" << outcome.name << ": "
                              << outcome.got;
  }
  for (const auto& [name, count] : counts)
    std::printf("%-16s %4zu of %4zu%s\n", name.c_str(), count.passed, count.all,
                kCore.contains(name) ? "" : "  (extension)");
  EXPECT_GE(counts["string_ext"].passed, 125u);
  EXPECT_GE(counts["optionals"].passed, 34u);
  EXPECT_GE(counts["macros2"].passed, 30u);
}

TEST(Conformance, ACaseThatDoesNotHoldFails) {
  const auto outcomes = RunConformance(
      R"({"file":"f","section":"s","name":"n","expr":"1 + 1","raw":[["value",[["int64_value",{"$tok":"3"}]]]]})"
      "\n"
      R"({"file":"f","section":"s","name":"u","expr":"2u","raw":[["value",[["int64_value",{"$tok":"2"}]]]]})"
      "\n"
      R"({"file":"f","section":"s","name":"e","expr":"1","raw":[["eval_error",[]]]})"
      "\n"
      R"({"file":"f","section":"s","name":"ok","expr":"1 / 0","raw":[["eval_error",[]]]})");
  ASSERT_TRUE(outcomes.ok()) << outcomes.status();
  EXPECT_FALSE((*outcomes)[0].pass);
  EXPECT_FALSE((*outcomes)[1].pass);
  EXPECT_FALSE((*outcomes)[2].pass);
  EXPECT_TRUE((*outcomes)[3].pass);
  EXPECT_EQ((*outcomes)[0].got, "int(2)");
}

TEST(Conformance, AFileThatHoldsNoCasesIsRefusedByLine) {
  const auto outcomes = RunConformance("{\"expr\": \"1\"}");
  ASSERT_FALSE(outcomes.ok());
  EXPECT_NE(std::string(MessageOf(outcomes.status())).find("line 1"), std::string::npos);
}

TEST(EvaluateText, AnswersOverPlainJson) {
  const auto variables = *json::Parse(R"({"x": [1, 2, 3], "who": {"name": "Ada"}})");
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"x.map(i, i * 2)", "[2,4,6]"},
      {"who.name + '!'", "\"Ada!\""},
      {"{'a': duration('90s')}", "{\"a\":\"90s\"}"},
      {"timestamp('2026-05-20T12:00:00Z').getHours('Europe/London')", "13"},
  };
  for (const auto& [text, expected] : cases) {
    const auto value = EvaluateText(text, variables);
    ASSERT_TRUE(value.ok()) << text << ": " << value.status();
    EXPECT_EQ(json::Compact(*value), expected) << text;
  }
  EXPECT_FALSE(EvaluateText("y", variables).ok());
  EXPECT_FALSE(EvaluateText("x[7]", variables).ok());
}

TEST(EvaluateText, AHostileExpressionComesToAnEnd) {
  const json::Value none = json::Object();
  std::string doubling = "[1]";
  for (int i = 0; i < 40; ++i) doubling += ".map(x, [x, x])";
  std::string growing = "cel.bind(a, 'aaaaaaaaaaaaaaaa', ";
  for (int i = 0; i < 40; ++i) growing += "cel.bind(a, a + a, ";
  growing += "size(a)" + std::string(41, ')');
  std::string loops = "1";
  for (int i = 0; i < 12; ++i)
    loops = "[1,2,3,4,5,6,7,8,9,10].map(x" + std::to_string(i) + ", " + loops + ")";
  for (const std::string& text : {doubling, doubling + " == " + doubling, growing, loops}) {
    const auto value = EvaluateText(text, none);
    EXPECT_EQ(value.status().code(), absl::StatusCode::kResourceExhausted) << value.status();
  }
}

}  // namespace
}  // namespace concordat::expr
