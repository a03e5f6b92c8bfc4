// The parts of points in time and durations: getFullYear(), getHours("Europe/London") ...
#include "fmt/format.h"
#include "host/expr/functions.h"
#include "host/expr/times.h"

namespace concordat::expr {
namespace {

using Civil = absl::TimeZone::CivilInfo;
using PartOf = int64_t (*)(const Civil& civil);

int64_t FullYear(const Civil& civil) { return civil.cs.year(); }
int64_t Month(const Civil& civil) { return civil.cs.month() - 1; }
int64_t DayOfMonth(const Civil& civil) { return civil.cs.day() - 1; }
int64_t DateOfMonth(const Civil& civil) { return civil.cs.day(); }
int64_t DayOfYear(const Civil& civil) { return absl::GetYearDay(absl::CivilDay(civil.cs)) - 1; }
int64_t DayOfWeek(const Civil& civil) {  // Sunday is 0
  return (static_cast<int64_t>(absl::GetWeekday(absl::CivilDay(civil.cs))) + 1) % 7;
}
int64_t Hours(const Civil& civil) { return civil.cs.hour(); }
int64_t Minutes(const Civil& civil) { return civil.cs.minute(); }
int64_t Seconds(const Civil& civil) { return civil.cs.second(); }
int64_t Milliseconds(const Civil& civil) { return absl::ToInt64Milliseconds(civil.subsecond); }

template <PartOf part>
Result InUtc(Arguments a, Budget&) {
  return Datum{part(absl::UTCTimeZone().At(std::get<absl::Time>(a[0].v)))};
}
template <PartOf part>
Result InZone(Arguments a, Budget&) {
  const auto zone = ParseZone(a[1].text());
  if (!zone) {
    return absl::InvalidArgumentError(fmt::format(
        "\"{}\" is no time zone; write it as Europe/London or +01:00", a[1].text().substr(0, 60)));
  }
  return Datum{part(zone->At(std::get<absl::Time>(a[0].v)))};
}

template <PartOf part>
void AddPart(FunctionTable& table, std::string_view name) {
  table.Member(name, {Type::kTimestamp}, Type::kInt, InUtc<part>);
  table.Member(name, {Type::kTimestamp, Type::kText}, Type::kInt, InZone<part>);
}

constexpr int64_t kNanosPerMilli = 1'000'000;
constexpr int64_t kNanosPerSecond = 1000 * kNanosPerMilli;

// The whole duration in a unit; milliseconds are only what is left of a second.
template <int64_t unit>
Result WholeSpan(Arguments a, Budget&) {
  return Datum{std::get<Span>(a[0].v).nanos / unit};
}
Result MillisOfSpan(Arguments a, Budget&) {
  return Datum{std::get<Span>(a[0].v).nanos % kNanosPerSecond / kNanosPerMilli};
}

}  // namespace

void AddTimeFunctions(FunctionTable& table) {
  AddPart<FullYear>(table, "getFullYear");
  AddPart<Month>(table, "getMonth");
  AddPart<DayOfMonth>(table, "getDayOfMonth");
  AddPart<DateOfMonth>(table, "getDate");
  AddPart<DayOfYear>(table, "getDayOfYear");
  AddPart<DayOfWeek>(table, "getDayOfWeek");
  AddPart<Hours>(table, "getHours");
  AddPart<Minutes>(table, "getMinutes");
  AddPart<Seconds>(table, "getSeconds");
  AddPart<Milliseconds>(table, "getMilliseconds");
  table.Member("getHours", {Type::kDuration}, Type::kInt, WholeSpan<3600 * kNanosPerSecond>);
  table.Member("getMinutes", {Type::kDuration}, Type::kInt, WholeSpan<60 * kNanosPerSecond>);
  table.Member("getSeconds", {Type::kDuration}, Type::kInt, WholeSpan<kNanosPerSecond>);
  table.Member("getMilliseconds", {Type::kDuration}, Type::kInt, MillisOfSpan);
}

}  // namespace concordat::expr
