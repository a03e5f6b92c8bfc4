// int(), uint(), double(), string(), bytes(), bool(), timestamp(), duration(), dyn(), type().
#include <charconv>
#include <cmath>
#include <limits>

#include "absl/strings/numbers.h"
#include "fmt/format.h"
#include "host/base/utf8.h"
#include "host/data/parse.h"
#include "host/expr/functions.h"
#include "host/expr/moment_literal.h"
#include "host/expr/times.h"

namespace concordat::expr {
namespace {

absl::Status Range(std::string_view type) {
  return absl::OutOfRangeError(fmt::format("the number is beyond the range of {}", type));
}
absl::Status NotOne(const Datum& text, std::string_view type) {
  return absl::InvalidArgumentError(fmt::format("\"{}\" is not {}", text.text().substr(0, 60), type));
}

Result Itself(Arguments a, Budget&) { return a[0]; }
Result TypeOfIt(Arguments a, Budget&) { return Datum{TypeNameOf(a[0])}; }

// --- int ---

Result IntOfUint(Arguments a, Budget&) {
  const uint64_t value = std::get<uint64_t>(a[0].v);
  if (value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return Range("int");
  return Datum{static_cast<int64_t>(value)};
}
Result IntOfDouble(Arguments a, Budget&) {
  const double value = std::get<double>(a[0].v);
  // The ends themselves are refused: a double there may stand for a number beyond.
  if (!(value > -9223372036854775808.0 && value < 9223372036854775808.0)) return Range("int");
  return Datum{static_cast<int64_t>(value)};
}
template <typename T>
Result WholeOfText(Arguments a, Budget&) {
  std::string_view text = a[0].text();
  if (text.starts_with('+')) text.remove_prefix(1);
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty())
    return NotOne(a[0], "a whole number in range");
  return Datum{value};
}
Result IntOfTime(Arguments a, Budget&) { return Datum{absl::ToUnixSeconds(std::get<absl::Time>(a[0].v))}; }

// --- uint ---

Result UintOfInt(Arguments a, Budget&) {
  const int64_t value = std::get<int64_t>(a[0].v);
  if (value < 0) return Range("uint");
  return Datum{static_cast<uint64_t>(value)};
}
Result UintOfDouble(Arguments a, Budget&) {
  const double value = std::get<double>(a[0].v);
  if (!(value >= 0 && value < 18446744073709551616.0)) return Range("uint");
  return Datum{static_cast<uint64_t>(value)};
}

// --- double ---

Result DoubleOfInt(Arguments a, Budget&) { return Datum{static_cast<double>(std::get<int64_t>(a[0].v))}; }
Result DoubleOfUint(Arguments a, Budget&) { return Datum{static_cast<double>(std::get<uint64_t>(a[0].v))}; }
Result DoubleOfText(Arguments a, Budget&) {
  const std::string_view text = a[0].text();
  double value = 0;
  const bool blank = !text.empty() && (text.front() <= ' ' || text.back() <= ' ');
  if (blank || !absl::SimpleAtod({text.data(), text.size()}, &value)) return NotOne(a[0], "a number");
  return Datum{value};
}

// --- string ---

Result TextOfInt(Arguments a, Budget&) { return TextDatum(fmt::format("{}", std::get<int64_t>(a[0].v))); }
Result TextOfUint(Arguments a, Budget&) { return TextDatum(fmt::format("{}", std::get<uint64_t>(a[0].v))); }
Result TextOfBool(Arguments a, Budget&) { return TextDatum(std::get<bool>(a[0].v) ? "true" : "false"); }
Result TextOfDouble(Arguments a, Budget&) {
  const double value = std::get<double>(a[0].v);
  if (std::isnan(value)) return TextDatum("NaN");
  if (std::isinf(value)) return TextDatum(value > 0 ? "+Inf" : "-Inf");
  return TextDatum(data::NumberText(value));
}
Result TextOfBytes(Arguments a, Budget& budget) {
  const std::string_view bytes = a[0].bytes();
  if (!budget.Take(bytes.size())) return Budget::Spent();
  if (Utf8ValidPrefix(bytes) < bytes.size())
    return absl::InvalidArgumentError("these bytes are not UTF-8 text");
  return Datum{std::get<Bytes>(a[0].v).text};
}
Result TextOfTime(Arguments a, Budget&) { return TextDatum(TimeText(std::get<absl::Time>(a[0].v))); }
Result TextOfSpan(Arguments a, Budget&) { return TextDatum(SpanText(std::get<Span>(a[0].v))); }

// --- the others ---

Result BytesOfText(Arguments a, Budget&) { return Datum{Bytes{std::get<Text>(a[0].v)}}; }

Result BoolOfText(Arguments a, Budget&) {
  const std::string_view text = a[0].text();
  for (const std::string_view yes : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (text == yes) return Datum{true};
  }
  for (const std::string_view no : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (text == no) return Datum{false};
  }
  return NotOne(a[0], "true or false");
}

Result TimeOfText(Arguments a, Budget&) {
  if (const auto time = ParseTime(a[0].text())) return TimeDatum(*time);
  // Beyond CEL: a date stands for its first instant, as it does in comparisons.
  if (const auto moment = ReadMoment(a[0].text(), Type::kTimestamp))
    return TimeDatum(absl::FromUnixMicros(std::get<Value::Timestamp>(moment->v).micros));
  return NotOne(a[0], "a point in time such as 2026-05-20T12:00:00Z");
}
Result TimeOfInt(Arguments a, Budget&) { return TimeDatum(absl::FromUnixSeconds(std::get<int64_t>(a[0].v))); }
Result SpanOfText(Arguments a, Budget&) {
  if (const auto span = ParseSpan(a[0].text())) return SpanDatum(*span);
  return NotOne(a[0], "a duration such as 1h30m or 90s");
}
Result SpanOfInt(Arguments a, Budget&) { return SpanDatum(absl::Seconds(std::get<int64_t>(a[0].v))); }

}  // namespace

void AddConversions(FunctionTable& table) {
  using enum Type;
  table.Global("dyn", {kAny}, kAny, Itself);
  table.Global("type", {kAny}, kType, TypeOfIt);
  table.Global("int", {kInt}, kInt, Itself);
  table.Global("int", {kUint}, kInt, IntOfUint);
  table.Global("int", {kDouble}, kInt, IntOfDouble);
  table.Global("int", {kText}, kInt, WholeOfText<int64_t>);
  table.Global("int", {kTimestamp}, kInt, IntOfTime);
  table.Global("uint", {kUint}, kUint, Itself);
  table.Global("uint", {kInt}, kUint, UintOfInt);
  table.Global("uint", {kDouble}, kUint, UintOfDouble);
  table.Global("uint", {kText}, kUint, WholeOfText<uint64_t>);
  table.Global("double", {kDouble}, kDouble, Itself);
  table.Global("double", {kInt}, kDouble, DoubleOfInt);
  table.Global("double", {kUint}, kDouble, DoubleOfUint);
  table.Global("double", {kText}, kDouble, DoubleOfText);
  table.Global("string", {kText}, kText, Itself);
  table.Global("string", {kInt}, kText, TextOfInt);
  table.Global("string", {kUint}, kText, TextOfUint);
  table.Global("string", {kDouble}, kText, TextOfDouble);
  table.Global("string", {kBool}, kText, TextOfBool);
  table.Global("string", {kBytes}, kText, TextOfBytes);
  table.Global("string", {kTimestamp}, kText, TextOfTime);
  table.Global("string", {kDuration}, kText, TextOfSpan);
  table.Global("bytes", {kBytes}, kBytes, Itself);
  table.Global("bytes", {kText}, kBytes, BytesOfText);
  table.Global("bool", {kBool}, kBool, Itself);
  table.Global("bool", {kText}, kBool, BoolOfText);
  table.Global("timestamp", {kTimestamp}, kTimestamp, Itself);
  table.Global("timestamp", {kText}, kTimestamp, TimeOfText);
  table.Global("timestamp", {kInt}, kTimestamp, TimeOfInt);
  table.Global("duration", {kDuration}, kDuration, Itself);
  table.Global("duration", {kText}, kDuration, SpanOfText);
  table.Global("duration", {kInt}, kDuration, SpanOfInt);
}

}  // namespace concordat::expr
