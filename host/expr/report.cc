#include "host/expr/report.h"

#include <algorithm>

namespace concordat::expr {
namespace {

// The character of the source at `place`; NUL when the place is not that exact.
char CharacterAt(const Place& place) {
  if (place.source == nullptr || place.line <= 0 || place.column <= 0) return '\0';
  const std::string_view line = place.source->Line(place.line);
  const size_t start = static_cast<size_t>(place.column - 1);
  return start < line.size() ? line[start] : '\0';
}

}  // namespace

void ReportMistakes(const std::vector<ExprIssue>& mistakes, const Place& place, Issues& issues) {
  const char first = CharacterAt(place);
  const bool quoted = first == '"' || first == '\'';
  const bool block = first == '|' || first == '>';  // its text begins on a later line
  for (const ExprIssue& mistake : mistakes) {
    Place at = place;
    if (first != '\0' && !block) at.column += static_cast<int>(mistake.offset) + (quoted ? 1 : 0);
    issues.Error(at, "bad-expression", mistake.message, mistake.hint);
  }
}

std::string FirstMistake(const std::vector<ExprIssue>& mistakes) {
  if (mistakes.empty()) return "";
  const ExprIssue& first = mistakes.front();
  return first.hint.empty() ? first.message : first.message + "; " + first.hint;
}

}  // namespace concordat::expr
