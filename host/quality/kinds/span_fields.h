// A span of time that a record gives by two fields, of an entity: for kinds that look at entities over time.
#pragma once

#include <optional>
#include <utility>

#include "fmt/format.h"
#include "host/quality/field_bounds.h"
#include "host/quality/kinds/entity_index.h"

namespace concordat::quality {

/// Both fields are dates or both timestamps. Without an end the span is still running.
struct SpanFields {
  std::vector<size_t> by;
  size_t from = 0;
  size_t to = 0;
  bool days = true;  // dates; else microseconds

  /// {first, last}: days, or microseconds, since 1970. Only where StateOf is kPass.
  std::pair<int64_t, int64_t> Of(const data::Batch& batch, size_t row) const {
    const data::Column& end = batch.columns[to];
    return {batch.columns[from].integers[row],
            end.states[row] == data::CellState::kValue ? end.integers[row] : INT64_MAX};
  }
  /// kPass where there is a span to judge; a span that ends before it begins is unresolved.
  Answer StateOf(const data::Batch& batch, size_t row) const {
    const data::CellState begin = batch.columns[from].states[row];
    const data::CellState end = batch.columns[to].states[row];
    if (begin == data::CellState::kMissing || begin == data::CellState::kMarker) return Answer::kSkip;
    if (begin == data::CellState::kUnparseable || end == data::CellState::kUnparseable)
      return Answer::kUnresolved;
    const auto [first, last] = Of(batch, row);
    return first <= last ? Answer::kPass : Answer::kUnresolved;
  }
  Explanation WhyUnresolved(const data::Batch& batch, size_t row) const {
    return {fmt::format("{} is no span of time", Shown(batch, row)), "correct the two dates"};
  }
  std::string Shown(const data::Batch& batch, size_t row) const {
    return fmt::format("{}, {}", FieldShown(batch, from, row), FieldShown(batch, to, row));
  }
  /// A moment later by a duration.
  int64_t Plus(int64_t moment, const policy::Duration& duration) const {
    constexpr int64_t kMicrosADay = 86'400'000'000;
    if (days) return duration.AddTo(moment);
    const int64_t day = moment / kMicrosADay - (moment % kMicrosADay < 0 ? 1 : 0);
    return duration.AddTo(day) * kMicrosADay + (moment - day * kMicrosADay) + duration.seconds * 1'000'000;
  }
};

/// Reads `by`, `from` and `to`; nothing after a reported mistake.
inline std::optional<SpanFields> ReadSpanFields(RuleReader& reader) {
  SpanFields span;
  span.by = reader.FieldList(1, "by");
  const std::optional<size_t> from = reader.NamedField("from");
  const std::optional<size_t> to = reader.NamedField("to");
  if (span.by.empty() || !from || !to) return std::nullopt;
  const data::Field& begin = reader.schema().fields[*from];
  const data::Field& end = reader.schema().fields[*to];
  if (ComparableGroup(begin.type) != "date" || begin.type != end.type) {
    reader.Error("wrong-type", "from and to must both be dates, or both timestamps");
    return std::nullopt;
  }
  span.from = *from;
  span.to = *to;
  span.days = begin.type == data::LogicalType::kDate;
  return span;
}

}  // namespace concordat::quality
