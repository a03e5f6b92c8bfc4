// The strings extension of CEL (cel-go, ext/strings.go): positions count code points.
#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "host/expr/functions.h"
#include "host/expr/text_format.h"

namespace concordat::expr {
namespace {

absl::Status Beyond(int64_t index) {
  return absl::OutOfRangeError(fmt::format("position {} is beyond the text", index));
}

int64_t IntOf(const Datum& datum) { return std::get<int64_t>(datum.v); }
bool IsCharacterStart(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

/// Where each code point begins, and the end.
std::vector<size_t> Starts(std::string_view text) {
  std::vector<size_t> starts;
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsCharacterStart(text[i])) starts.push_back(i);
  }
  starts.push_back(text.size());
  return starts;
}

bool Charge(std::string_view text, Budget& budget) {
  return budget.Step(text.size() / 16) && budget.Take(text.size() + 32);
}

Result CharAt(Arguments a, Budget& budget) {
  const std::string_view text = a[0].text();
  if (!Charge(text, budget)) return Budget::Spent();
  const auto starts = Starts(text);
  const int64_t index = IntOf(a[1]);
  if (index < 0 || index >= static_cast<int64_t>(starts.size())) return Beyond(index);
  const auto at = static_cast<size_t>(index);
  if (at + 1 == starts.size()) return TextDatum("");
  return TextDatum(std::string(text.substr(starts[at], starts[at + 1] - starts[at])));
}

// The position in code points of a position in bytes.
int64_t PositionOf(const std::vector<size_t>& starts, size_t byte) {
  return std::lower_bound(starts.begin(), starts.end(), byte) - starts.begin();
}

Result IndexFrom(std::string_view text, std::string_view part, int64_t from, Budget& budget) {
  if (!Charge(text, budget)) return Budget::Spent();
  const auto starts = Starts(text);
  if (from < 0 || from >= static_cast<int64_t>(starts.size())) return Beyond(from);
  const size_t found = text.find(part, starts[static_cast<size_t>(from)]);
  return Datum{found == std::string_view::npos ? int64_t{-1} : PositionOf(starts, found)};
}
Result IndexOf(Arguments a, Budget& budget) { return IndexFrom(a[0].text(), a[1].text(), 0, budget); }
Result IndexOfFrom(Arguments a, Budget& budget) {
  if (a[1].text().empty() && IntOf(a[2]) >= 0 && !a[0].text().empty())
    return IndexFrom(a[0].text(), "", IntOf(a[2]), budget);
  return IndexFrom(a[0].text(), a[1].text(), IntOf(a[2]), budget);
}

Result LastIndexFrom(std::string_view text, std::string_view part, std::optional<int64_t> from,
                     Budget& budget) {
  if (!Charge(text, budget)) return Budget::Spent();
  const auto starts = Starts(text);
  const int64_t last = from.value_or(static_cast<int64_t>(starts.size()) - 1);
  if (last < 0 || last >= static_cast<int64_t>(starts.size())) return Beyond(last);
  const size_t found = text.rfind(part, starts[static_cast<size_t>(last)]);
  return Datum{found == std::string_view::npos ? int64_t{-1} : PositionOf(starts, found)};
}
Result LastIndexOf(Arguments a, Budget& budget) {
  return LastIndexFrom(a[0].text(), a[1].text(), std::nullopt, budget);
}
Result LastIndexOfFrom(Arguments a, Budget& budget) {
  return LastIndexFrom(a[0].text(), a[1].text(), IntOf(a[2]), budget);
}

Result Part(std::string_view text, int64_t from, std::optional<int64_t> to, Budget& budget) {
  if (!Charge(text, budget)) return Budget::Spent();
  const auto starts = Starts(text);
  const int64_t end = static_cast<int64_t>(starts.size()) - 1;
  const int64_t until = to.value_or(end);
  if (from < 0 || from > end) return Beyond(from);
  if (until < 0 || until > end) return Beyond(until);
  if (from > until)
    return absl::OutOfRangeError(fmt::format("the part from {} to {} ends before it begins", from, until));
  const size_t start = starts[static_cast<size_t>(from)];
  return TextDatum(std::string(text.substr(start, starts[static_cast<size_t>(until)] - start)));
}
Result Substring(Arguments a, Budget& budget) { return Part(a[0].text(), IntOf(a[1]), std::nullopt, budget); }
Result SubstringTo(Arguments a, Budget& budget) {
  return Part(a[0].text(), IntOf(a[1]), IntOf(a[2]), budget);
}

Result Lower(Arguments a, Budget& budget) {
  if (!Charge(a[0].text(), budget)) return Budget::Spent();
  return TextDatum(absl::AsciiStrToLower({a[0].text().data(), a[0].text().size()}));
}
Result Upper(Arguments a, Budget& budget) {
  if (!Charge(a[0].text(), budget)) return Budget::Spent();
  return TextDatum(absl::AsciiStrToUpper({a[0].text().data(), a[0].text().size()}));
}

// Unicode's White_Space.
constexpr std::string_view kBlanks[] = {" ",
                                        "\t",
                                        "\n",
                                        "\v",
                                        "\f",
                                        "\r",
                                        "\xC2\x85",
                                        "\xC2\xA0",
                                        "\xE1\x9A\x80",
                                        "\xE2\x80\x80",
                                        "\xE2\x80\x81",
                                        "\xE2\x80\x82",
                                        "\xE2\x80\x83",
                                        "\xE2\x80\x84",
                                        "\xE2\x80\x85",
                                        "\xE2\x80\x86",
                                        "\xE2\x80\x87",
                                        "\xE2\x80\x88",
                                        "\xE2\x80\x89",
                                        "\xE2\x80\x8A",
                                        "\xE2\x80\xA8",
                                        "\xE2\x80\xA9",
                                        "\xE2\x80\xAF",
                                        "\xE2\x81\x9F",
                                        "\xE3\x80\x80"};

size_t BlankAtStart(std::string_view text) {
  for (const std::string_view blank : kBlanks) {
    if (text.starts_with(blank)) return blank.size();
  }
  return 0;
}
size_t BlankAtEnd(std::string_view text) {
  for (const std::string_view blank : kBlanks) {
    if (text.ends_with(blank)) return blank.size();
  }
  return 0;
}
Result Trim(Arguments a, Budget& budget) {
  std::string_view text = a[0].text();
  if (!Charge(text, budget)) return Budget::Spent();
  while (const size_t blank = BlankAtStart(text)) text.remove_prefix(blank);
  while (const size_t blank = BlankAtEnd(text)) text.remove_suffix(blank);
  return TextDatum(std::string(text));
}

Result Reverse(Arguments a, Budget& budget) {
  const std::string_view text = a[0].text();
  if (!Charge(text, budget)) return Budget::Spent();
  const auto starts = Starts(text);
  std::string reversed;
  for (size_t i = starts.size() - 1; i > 0; --i)
    reversed.append(text.substr(starts[i - 1], starts[i] - starts[i - 1]));
  return TextDatum(std::move(reversed));
}

Result ReplaceSome(std::string_view text, std::string_view old, std::string_view by, int64_t limit,
                   Budget& budget) {
  std::string result;
  size_t at = 0;
  while (limit != 0) {
    const size_t found = text.find(old, at);
    if (found == std::string_view::npos || (old.empty() && at >= text.size() && at > 0)) break;
    if (!budget.Step() || !budget.Take(by.size() + found - at + 1)) return Budget::Spent();
    result.append(text.substr(at, found - at)).append(by);
    at = found + old.size();
    --limit;
    // Nothing stands before every character, and at the end.
    if (!old.empty()) continue;
    if (at >= text.size()) break;
    do result += text[at++];
    while (at < text.size() && !IsCharacterStart(text[at]));
    if (at >= text.size() && limit != 0) result.append(by);
  }
  if (!Charge(text, budget)) return Budget::Spent();
  if (at < text.size()) result.append(text.substr(at));
  return TextDatum(std::move(result));
}
Result Replace(Arguments a, Budget& budget) {
  return ReplaceSome(a[0].text(), a[1].text(), a[2].text(), -1, budget);
}
Result ReplaceLimited(Arguments a, Budget& budget) {
  return ReplaceSome(a[0].text(), a[1].text(), a[2].text(), IntOf(a[3]), budget);
}

Result SplitSome(std::string_view text, std::string_view separator, int64_t limit, Budget& budget) {
  List parts;
  if (limit == 0) return ListDatum({});
  while (limit < 0 || static_cast<int64_t>(parts.size()) + 1 < limit) {
    size_t end = text.find(separator);
    if (separator.empty()) {
      end = 1;
      while (end < text.size() && !IsCharacterStart(text[end])) ++end;
      if (end >= text.size()) break;
    }
    if (end == std::string_view::npos) break;
    if (!budget.Step() || !budget.Take(sizeof(Datum) + end + 48)) return Budget::Spent();
    parts.push_back(TextDatum(std::string(text.substr(0, end))));
    text.remove_prefix(end + separator.size());
  }
  if (!Charge(text, budget)) return Budget::Spent();
  if (!(separator.empty() && text.empty())) parts.push_back(TextDatum(std::string(text)));
  return ListDatum(std::move(parts));
}
Result Split(Arguments a, Budget& budget) { return SplitSome(a[0].text(), a[1].text(), -1, budget); }
Result SplitLimited(Arguments a, Budget& budget) {
  return SplitSome(a[0].text(), a[1].text(), IntOf(a[2]), budget);
}

Result JoinWith(const List& list, std::string_view separator, Budget& budget) {
  std::string joined;
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i].type() != Type::kText) return absl::InvalidArgumentError("join() needs a list of texts");
    if (!budget.Step() || !budget.Take(list[i].text().size() + separator.size())) return Budget::Spent();
    if (i > 0) joined.append(separator);
    joined.append(list[i].text());
  }
  return TextDatum(std::move(joined));
}
Result Join(Arguments a, Budget& budget) { return JoinWith(a[0].list(), "", budget); }
Result JoinBy(Arguments a, Budget& budget) { return JoinWith(a[0].list(), a[1].text(), budget); }

Result Quote(Arguments a, Budget& budget) {
  constexpr std::string_view kSpecial = "\a\b\f\n\r\t\v\\\"";
  constexpr std::string_view kLetters = "abfnrtv\\\"";
  if (!Charge(a[0].text(), budget) || !budget.Take(a[0].text().size())) return Budget::Spent();
  std::string quoted = "\"";
  for (const char c : a[0].text()) {
    const size_t special = kSpecial.find(c);
    if (special != std::string_view::npos) quoted += '\\';
    quoted += special == std::string_view::npos ? c : kLetters[special];
  }
  return TextDatum(quoted + '"');
}

Result Format(Arguments a, Budget& budget) { return FormatText(a[0].text(), a[1].list(), budget); }

}  // namespace

void AddTextExtensions(FunctionTable& table) {
  using enum Type;
  table.Member("charAt", {kText, kInt}, kText, CharAt);
  table.Member("indexOf", {kText, kText}, kInt, IndexOf);
  table.Member("indexOf", {kText, kText, kInt}, kInt, IndexOfFrom);
  table.Member("lastIndexOf", {kText, kText}, kInt, LastIndexOf);
  table.Member("lastIndexOf", {kText, kText, kInt}, kInt, LastIndexOfFrom);
  table.Member("substring", {kText, kInt}, kText, Substring);
  table.Member("substring", {kText, kInt, kInt}, kText, SubstringTo);
  table.Member("lowerAscii", {kText}, kText, Lower);
  table.Member("upperAscii", {kText}, kText, Upper);
  table.Member("trim", {kText}, kText, Trim);
  table.Member("reverse", {kText}, kText, Reverse);
  table.Member("replace", {kText, kText, kText}, kText, Replace);
  table.Member("replace", {kText, kText, kText, kInt}, kText, ReplaceLimited);
  table.Member("split", {kText, kText}, kList, Split);
  table.Member("split", {kText, kText, kInt}, kList, SplitLimited);
  table.Member("join", {kList}, kText, Join);
  table.Member("join", {kList, kText}, kText, JoinBy);
  table.Member("format", {kText, kList}, kText, Format);
  table.Global("strings.quote", {kText}, kText, Quote);
}

}  // namespace concordat::expr
