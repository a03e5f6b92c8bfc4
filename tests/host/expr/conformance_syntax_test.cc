// The expressions of the official conformance suite as a judge of the parser: its whole syntax is read
// already.
#include <cstdio>
#include <sstream>

#include "gtest/gtest.h"
#include "host/base/files.h"
#include "host/base/json.h"
#include "host/expr/parser.h"

namespace concordat::expr {
namespace {

// Optional fields, a later extension of the language, and names of the root namespace.
bool IsBeyondUs(std::string_view text, const ExprIssue& issue) {
  const std::string_view sign = text.substr(issue.offset, 1);
  return sign == "?" || sign == ".";
}

TEST(ConformanceSyntax, EveryExpressionIsReadSaveOptionalFieldsAndRootNames) {
  const std::string path = std::string(CONCORDAT_SOURCE_DIR) + "/../shared/conformance/cel/simple.jsonl";
  const auto file = ReadFile(path);
  if (!file.ok()) {
    std::puts("skipped: ../shared/conformance/cel is not beside the source");
    return;
  }
  std::istringstream lines(*file);
  size_t read = 0;
  size_t beyond = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto value = json::Parse(line);
    ASSERT_TRUE(value.ok()) << line;
    const std::string text = json::TextOr(*value, "expr", "");
    const Parsed parsed = Parse(text);
    if (parsed.root) {
      ++read;
    } else {
      EXPECT_TRUE(IsBeyondUs(text, *parsed.issue)) << text << ": " << parsed.issue->message;
      ++beyond;
    }
  }
  EXPECT_GE(read, 1000u);
  EXPECT_LE(beyond, 24u);
}

}  // namespace
}  // namespace concordat::expr
