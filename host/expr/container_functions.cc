// size() of lists and maps; base64.
#include "absl/strings/escaping.h"
#include "host/expr/functions.h"

namespace concordat::expr {
namespace {

Result SizeOfList(Arguments a, Budget&) { return Datum{static_cast<int64_t>(a[0].list().size())}; }
Result SizeOfMap(Arguments a, Budget&) { return Datum{static_cast<int64_t>(a[0].map().size())}; }

Result Encode(Arguments a, Budget& budget) {
  const std::string_view bytes = a[0].bytes();
  if (!budget.Take(bytes.size() * 2)) return Budget::Spent();
  return TextDatum(absl::Base64Escape({bytes.data(), bytes.size()}));
}
Result Decode(Arguments a, Budget& budget) {
  const std::string_view text = a[0].text();
  std::string bytes;
  if (!budget.Take(text.size())) return Budget::Spent();
  if (!absl::Base64Unescape({text.data(), text.size()}, &bytes))
    return absl::InvalidArgumentError("the text is not base64");
  return BytesDatum(std::move(bytes));
}

}  // namespace

void AddContainerFunctions(FunctionTable& table) {
  using enum Type;
  table.Global("size", {kList}, kInt, SizeOfList);
  table.Member("size", {kList}, kInt, SizeOfList);
  table.Global("size", {kMap}, kInt, SizeOfMap);
  table.Member("size", {kMap}, kInt, SizeOfMap);
  table.Global("base64.encode", {kBytes}, kText, Encode);
  table.Global("base64.decode", {kText}, kBytes, Decode);
}

}  // namespace concordat::expr
