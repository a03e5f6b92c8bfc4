// generalise: a value leaves as something coarser that holds it: a date as its month, quarter, year or age
// band, a number as its band, a postcode as its district or sector, any code as what a table says it lies in.
#include <cmath>
#include <unordered_set>

#include "host/data/parse.h"
#include "host/sharing/duties/per_cell.h"

namespace concordat::sharing {
namespace {

using data::LogicalType;
using policy::DutyTerms;

bool IsDate(LogicalType type) { return type == LogicalType::kDate || type == LogicalType::kTimestamp; }
bool IsNumber(LogicalType type) { return type == LogicalType::kInteger || type == LogicalType::kNumber; }

struct Day {
  int year = 0;
  int month = 0;
  int day = 0;
};

constexpr int64_t kMicrosPerDay = 86'400'000'000;

int64_t DaysOf(const Cell& cell) {
  const int64_t value = cell.column.integers[cell.row];
  if (cell.column.field->type != LogicalType::kTimestamp) return value;
  return value >= 0 ? value / kMicrosPerDay : -((-value + kMicrosPerDay - 1) / kMicrosPerDay);
}

Day DayOf(int64_t days) {
  Day day;
  data::CivilFromDays(days, day.year, day.month, day.day);
  return day;
}

// ---- dates ----

class DateTo final : public PerCell<DateTo> {
 public:
  DateTo(std::string field, const DutyTerms& terms, const Materials& materials)
      : PerCell(std::move(field)),
        to_(terms.to),
        start_month_(materials.year_start_month),
        start_day_(materials.year_start_day) {}

  // A text that is no date has no month: nothing of it leaves.
  void Treat(const Cell& cell, std::string& out) const {
    if (!cell.parses()) return;
    const Day day = DayOf(DaysOf(cell));
    if (to_ == "month") {
      out.append(fmt::format("{:04}-{:02}", day.year, day.month));
    } else if (to_ == "quarter") {
      out.append(fmt::format("{:04}-Q{}", day.year, (day.month - 1) / 3 + 1));
    } else if (to_ == "year") {
      out.append(fmt::format("{:04}", day.year));
    } else {
      const bool before = day.month < start_month_ || (day.month == start_month_ && day.day < start_day_);
      const int year = before ? day.year - 1 : day.year;
      out.append(fmt::format("{:04}/{:02}", year, (year + 1) % 100));
    }
  }

  // The promise is that nothing finer than the agreed step leaves, and that the year is the date's own.
  const char* Broken(const Cell& cell, std::string_view out) const {
    if (!cell.parses()) return out.empty() ? nullptr : "what is no date left as something";
    const size_t length = to_ == "year" ? 4 : 7;
    if (out.size() != length) return "a date left finer or coarser than agreed";
    const auto year = data::ParseInteger(out.substr(0, 4));
    const int own = DayOf(DaysOf(cell)).year;
    const bool right = year && (*year == own || (to_ == "financial_year" && *year == own - 1));
    return right ? nullptr : "a date left in another year";
  }

 private:
  const std::string to_;
  const int start_month_;
  const int start_day_;
};

// ---- bands: ages and numbers ----

int64_t BandStart(int64_t value, int64_t width) {
  const int64_t below = value % width;
  return value - (below < 0 ? below + width : below);
}

// Whole years between two days, as birthdays count; a 29 February is had on 1 March in other years.
int64_t YearsBetween(Day birth, Day now) {
  const bool had = now.month > birth.month || (now.month == birth.month && now.day >= birth.day);
  return now.year - birth.year - (had ? 0 : 1);
}

class Banded final : public PerCell<Banded> {
 public:
  Banded(std::string field, const DutyTerms& terms, absl::Time now)
      : PerCell(std::move(field)), width_(terms.width) {
    const absl::CivilDay today = absl::ToCivilDay(now, absl::UTCTimeZone());
    now_ = {static_cast<int>(today.year()), today.month(), today.day()};
  }

  void Treat(const Cell& cell, std::string& out) const {
    if (!cell.parses()) return;
    const int64_t start = BandStart(ValueOf(cell), width_);
    out.append(width_ == 1 ? fmt::format("{}", start) : fmt::format("{} to {}", start, start + width_ - 1));
  }

  const char* Broken(const Cell& cell, std::string_view out) const {
    if (!cell.parses()) return out.empty() ? nullptr : "what has no band left as something";
    const size_t to = out.find(" to ");
    const auto first = data::ParseInteger(out.substr(0, to));
    const auto last = to == std::string_view::npos ? first : data::ParseInteger(out.substr(to + 4));
    if (!first || !last || *last - *first + 1 != width_)
      return "a value left in a narrower or wider band than agreed";
    const int64_t value = ValueOf(cell);
    return value >= *first && value <= *last ? nullptr : "a value left in another band";
  }

 private:
  int64_t ValueOf(const Cell& cell) const {
    if (IsDate(cell.column.field->type)) return YearsBetween(DayOf(DaysOf(cell)), now_);
    if (!cell.column.integers.empty()) return cell.column.integers[cell.row];
    const double number = cell.column.numbers[cell.row];
    return static_cast<int64_t>(std::floor(number));
  }

  const int64_t width_;
  Day now_;
};

// ---- postcodes ----

// "DE21 4AB" or "de214ab" in its two halves; empty halves when it is none (Royal Mail's forms A9 to AA9A,
// then 9AA).
struct Postcode {
  std::string outward;
  std::string inward;
};

bool IsLetter(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

Postcode PostcodeIn(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    if (c == ' ') continue;
    letters += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  if (letters.size() < 5 || letters.size() > 7) return {};
  Postcode postcode{letters.substr(0, letters.size() - 3), letters.substr(letters.size() - 3)};
  const std::string& out = postcode.outward;
  const std::string& in = postcode.inward;
  const size_t area = out.size() > 1 && IsLetter(out[1]) ? 2 : 1;
  const bool good = IsLetter(out[0]) && area < out.size() && IsDigit(out[area]) && out.size() <= area + 2 &&
                    (out.size() == area + 1 || IsLetter(out.back()) || IsDigit(out.back())) &&
                    IsDigit(in[0]) && IsLetter(in[1]) && IsLetter(in[2]);
  return good ? postcode : Postcode{};
}

class PostcodeTo final : public PerCell<PostcodeTo> {
 public:
  PostcodeTo(std::string field, std::string to) : PerCell(std::move(field)), to_(std::move(to)) {}

  // What is no postcode may be anything, a name for one: nothing of it leaves.
  void Treat(const Cell& cell, std::string& out) const {
    const Postcode postcode = PostcodeIn(cell.text());
    if (postcode.outward.empty()) return;
    if (to_ == "sector") {
      out.append(fmt::format("{} {}", postcode.outward, postcode.inward[0]));
    } else if (to_ == "district") {
      out.append(postcode.outward);
    } else {
      out.append(postcode.outward, 0, postcode.outward.find_first_of("0123456789"));
    }
  }

  const char* Broken(const Cell& cell, std::string_view out) const {
    if (out.empty()) return nullptr;
    const Postcode postcode = PostcodeIn(cell.text());
    const size_t area = postcode.outward.find_first_of("0123456789");
    const size_t most = to_ == "sector" ? postcode.outward.size() + 2
                        : to_ == "district" ? postcode.outward.size()
                                            : area;
    if (out.size() > most) return "a postcode left finer than agreed";
    const std::string whole = fmt::format("{} {}", postcode.outward, postcode.inward);
    return std::string_view(whole).starts_with(out) ? nullptr : "a postcode left as another one";
  }

 private:
  const std::string to_;
};

// ---- tables ----

class LookedUp final : public PerCell<LookedUp> {
 public:
  LookedUp(std::string field, std::shared_ptr<const LookupTable> table)
      : PerCell(std::move(field)), table_(std::move(table)) {
    for (const auto& [key, value] : table_->values) known_.insert(value);
  }

  // A code that the table has not leaves as nothing; the code itself would be finer than agreed.
  void Treat(const Cell& cell, std::string& out) const {
    const auto found = table_->values.find(std::string(cell.text()));
    if (found != table_->values.end()) out.append(found->second);
  }
  const char* Broken(const Cell&, std::string_view out) const {
    return out.empty() || known_.contains(std::string(out)) ? nullptr
                                                            : "a value left that is none of the table's";
  }

 private:
  const std::shared_ptr<const LookupTable> table_;
  std::unordered_set<std::string> known_;
};

absl::StatusOr<std::unique_ptr<FieldTreatment>> Bind(const DutyContext& context) {
  const DutyTerms& terms = context.duty->terms;
  const std::string& field = context.field->name;
  if (terms.via.present()) {
    const auto table = context.materials->lookups.find(LookupName(*context.duty));
    if (table == context.materials->lookups.end() || table->second == nullptr) {
      return absl::FailedPreconditionError(
          fmt::format("field {} cannot be generalised: the table {} is not there", field, terms.via.table));
    }
    return std::make_unique<LookedUp>(field, table->second);
  }
  if (terms.to == "age_band" || terms.to == "band")
    return std::make_unique<Banded>(field, terms, context.now);
  if (IsDate(context.field->type)) return std::make_unique<DateTo>(field, terms, *context.materials);
  return std::make_unique<PostcodeTo>(field, terms.to);
}

std::string InWords(const DutyTerms& terms) {
  if (terms.via.present())
    return fmt::format("leaves as the {} it lies in (by {})", terms.to, terms.via.table);
  if (terms.to == "age_band") return fmt::format("leaves as an age band of {} years", terms.width);
  if (terms.to == "band") return fmt::format("leaves as a band of {}", terms.width);
  if (terms.to == "area" || terms.to == "district" || terms.to == "sector")
    return fmt::format("leaves as its postcode {}", terms.to);
  return fmt::format("leaves as its {}", terms.to == "financial_year" ? "financial year" : terms.to);
}

std::string Misfit(const DutyTerms& terms, const data::Field& field) {
  if (terms.via.present()) return {};
  const LogicalType type = field.type;
  const bool place = terms.to == "district" || terms.to == "sector" || terms.to == "area";
  const char* wanted = nullptr;
  if (place && type != LogicalType::kString) wanted = "a text that holds a postcode";
  if (terms.to == "band" && !IsNumber(type)) wanted = "a number";
  if (terms.to == "age_band" && !IsNumber(type) && !IsDate(type)) wanted = "a date of birth or an age";
  if (!place && terms.to != "band" && terms.to != "age_band" && !IsDate(type)) wanted = "a date";
  if (wanted == nullptr) return {};
  return fmt::format("\"{}\" is a {}; to generalise it to {} it would have to be {}", field.name,
                     data::LogicalTypeName(type), terms.to, wanted);
}

}  // namespace

DutyKind GeneraliseDuty() {
  return {.name = "generalise", .in_words = InWords, .misfit = Misfit, .bind = Bind};
}

}  // namespace concordat::sharing
