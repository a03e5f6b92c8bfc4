// Reading YAML from texts in tests, and issues as short texts that can be compared.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "host/policy/reader.h"

namespace concordat::policy {

inline Node ReadText(const std::string& text, Issues& issues) {
  return ReadYaml(std::make_shared<SourceText>(SourceText{"test.yaml", text}), issues);
}

/// "line:column code" of each issue by place, warnings with a "?" behind.
inline std::vector<std::string> Marks(Issues issues) {
  issues.SortAndDeduplicate();
  std::vector<std::string> marks;
  for (const Issue& issue : issues.list()) {
    marks.push_back(fmt::format("{}:{} {}{}", issue.place.line, issue.place.column, issue.code,
                                issue.severity == IssueSeverity::kWarning ? "?" : ""));
  }
  return marks;
}

/// What a kind's reader says of a text.
template <typename Reader>
std::vector<std::string> MarksOf(Reader reader, const std::string& text) {
  Issues issues;
  const Node document = ReadText(text, issues);
  if (document.present()) reader(document, issues);
  return Marks(issues);
}

/// The hint of the first issue with this code, or "none".
inline std::string HintOf(const Issues& issues, std::string_view code) {
  for (const Issue& issue : issues.list()) {
    if (issue.code == code) return issue.hint;
  }
  return "none";
}

/// `text` with the first `from` replaced; the test fails loudly when it does not stand there.
inline std::string With(std::string text, std::string_view from, std::string_view to) {
  const size_t at = text.find(from);
  if (at == std::string::npos) return fmt::format("\"{}\" does not stand in the text", from);
  return text.replace(at, from.size(), to);
}

}  // namespace concordat::policy
