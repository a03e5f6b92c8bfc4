// size() of texts, contains(), startsWith(), endsWith(), matches(): the standard functions of texts.
#include "fmt/format.h"
#include "host/base/utf8.h"
#include "host/expr/functions.h"
#include "host/expr/pattern.h"

namespace concordat::expr {
namespace {

Result SizeOfText(Arguments a, Budget& budget) {
  if (!budget.Step(a[0].text().size() / 64)) return Budget::Spent();
  return Datum{static_cast<int64_t>(Utf8Length(a[0].text()))};
}
Result SizeOfBytes(Arguments a, Budget&) { return Datum{static_cast<int64_t>(a[0].bytes().size())}; }

Result Contains(Arguments a, Budget& budget) {
  if (!budget.Step(a[0].text().size() / 64)) return Budget::Spent();
  return Datum{a[0].text().find(a[1].text()) != std::string_view::npos};
}
Result StartsWith(Arguments a, Budget&) { return Datum{a[0].text().starts_with(a[1].text())}; }
Result EndsWith(Arguments a, Budget&) { return Datum{a[0].text().ends_with(a[1].text())}; }

// A pattern that is not known before: compiled each time, which costs.
Result MatchesAny(Arguments a, Budget& budget) {
  if (!budget.Step(1000 + a[0].text().size())) return Budget::Spent();
  ASSIGN_OR_RETURN(const auto pattern, CompilePattern(a[1].text()));
  return Datum{Matches(*pattern, a[0].text())};
}

}  // namespace

void AddTextFunctions(FunctionTable& table) {
  using enum Type;
  table.Global("size", {kText}, kInt, SizeOfText);
  table.Member("size", {kText}, kInt, SizeOfText);
  table.Global("size", {kBytes}, kInt, SizeOfBytes);
  table.Member("size", {kBytes}, kInt, SizeOfBytes);
  table.Member("contains", {kText, kText}, kBool, Contains);
  table.Member("startsWith", {kText, kText}, kBool, StartsWith);
  table.Member("endsWith", {kText, kText}, kBool, EndsWith);
  table.Member("matches", {kText, kText}, kBool, MatchesAny);
  table.Global("matches", {kText, kText}, kBool, MatchesAny);
}

}  // namespace concordat::expr
