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

// Without a format string: this is done to every cell.
void AppendNumber(int64_t number, int digits, std::string& out) {
  char text[20];
  char* at = text + sizeof text;
  const bool negative = number < 0;
  uint64_t rest = negative ? 0 - static_cast<uint64_t>(number) : static_cast<uint64_t>(number);
  while (rest > 0 || digits > 0) {
    *--at = static_cast<char>('0' + rest % 10);
    rest /= 10;
    --digits;
  }
  if (negative) out += '-';
  out.append(at, text + sizeof text);
}

// ---- dates ----

enum class Step { kMonth, kQuarter, kYear, kFinancialYear };

Step StepOf(std::string_view to) {
  if (to == "month") return Step::kMonth;
  if (to == "quarter") return Step::kQuarter;
  return to == "year" ? Step::kYear : Step::kFinancialYear;
}

class DateTo final : public PerCell<DateTo> {
 public:
  DateTo(std::string field, const DutyTerms& terms, const Materials& materials)
      : PerCell(std::move(field)),
        step_(StepOf(terms.to)),
        start_month_(materials.year_start_month),
        start_day_(materials.year_start_day) {}

  // A text that is no date has no month: nothing of it leaves.
  void Treat(const Cell& cell, std::string& out) const {
    if (!cell.parses()) return;
    const Day day = DayOf(DaysOf(cell));
    switch (step_) {
      case Step::kMonth:
        AppendNumber(day.year, 4, out);
        out += '-';
        AppendNumber(day.month, 2, out);
        break;
      case Step::kQuarter:
        AppendNumber(day.year, 4, out);
        out.append("-Q");
        AppendNumber((day.month - 1) / 3 + 1, 1, out);
        break;
      case Step::kYear:
        AppendNumber(day.year, 4, out);
        break;
      case Step::kFinancialYear: {
        const bool before = day.month < start_month_ || (day.month == start_month_ && day.day < start_day_);
        const int year = before ? day.year - 1 : day.year;
        AppendNumber(year, 4, out);
        out += '/';
        AppendNumber((year + 1) % 100, 2, out);
      }
    }
  }

  // The promise is that nothing finer than the agreed step leaves, and that the year is the date's own.
  const char* Broken(const Cell& cell, std::string_view out) const {
    if (!cell.parses()) return out.empty() ? nullptr : "what is no date left as something";
    const size_t length = step_ == Step::kYear ? 4 : 7;
    if (out.size() != length) return "a date left finer or coarser than agreed";
    const auto year = data::ParseInteger(out.substr(0, 4));
    const int own = DayOf(DaysOf(cell)).year;
    const bool right = year && (*year == own || (step_ == Step::kFinancialYear && *year == own - 1));
    return right ? nullptr : "a date left in another year";
  }

 private:
  const Step step_;
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
    AppendNumber(start, 1, out);
    if (width_ == 1) return;
    out.append(" to ");
    AppendNumber(start + width_ - 1, 1, out);
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

bool IsLetter(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// "DE21 4AB" or "de214ab" in its two halves (Royal Mail's forms A9 to AA9A, then 9AA); empty when it is
/// none.
class Postcode {
 public:
  explicit Postcode(std::string_view text) {
    for (const char c : text) {
      if (c == ' ') continue;
      if (size_ == sizeof letters_) {
        size_ = 0;
        return;
      }
      letters_[size_++] = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    if (!IsOne()) size_ = 0;
  }

  bool good() const { return size_ > 0; }
  std::string_view outward() const { return {letters_, size_ - 3}; }
  char sector() const { return letters_[size_ - 3]; }
  std::string_view area() const { return {letters_, AreaSize()}; }

 private:
  size_t AreaSize() const { return IsLetter(letters_[1]) ? 2 : 1; }
  bool IsOne() const {
    if (size_ < 5) return false;
    const char* in = letters_ + size_ - 3;
    const size_t out = size_ - 3;
    const size_t area = AreaSize();
    if (!IsDigit(in[0]) || !IsLetter(in[1]) || !IsLetter(in[2])) return false;
    if (!IsLetter(letters_[0]) || area >= out || !IsDigit(letters_[area]) || out > area + 2) return false;
    return out == area + 1 || IsLetter(letters_[out - 1]) || IsDigit(letters_[out - 1]);
  }

  char letters_[7];
  size_t size_ = 0;
};

enum class Place { kArea, kDistrict, kSector };

Place PlaceOf(std::string_view to) {
  if (to == "sector") return Place::kSector;
  return to == "district" ? Place::kDistrict : Place::kArea;
}

class PostcodeTo final : public PerCell<PostcodeTo> {
 public:
  PostcodeTo(std::string field, std::string_view to) : PerCell(std::move(field)), place_(PlaceOf(to)) {}

  // What is no postcode may be anything, a name for one: nothing of it leaves.
  void Treat(const Cell& cell, std::string& out) const {
    const Postcode postcode(cell.text());
    if (!postcode.good()) return;
    out.append(place_ == Place::kArea ? postcode.area() : postcode.outward());
    if (place_ != Place::kSector) return;
    out += ' ';
    out += postcode.sector();
  }

  const char* Broken(const Cell& cell, std::string_view out) const {
    if (out.empty()) return nullptr;
    const Postcode postcode(cell.text());
    if (!postcode.good()) return "what is no postcode left as something";
    const std::string_view outward = postcode.outward();
    const size_t most = place_ == Place::kArea       ? postcode.area().size()
                        : place_ == Place::kDistrict ? outward.size()
                                                     : outward.size() + 2;
    if (out.size() > most) return "a postcode left finer than agreed";
    const std::string_view head = out.substr(0, outward.size());
    const std::string_view tail = out.substr(head.size());
    const bool own = outward.starts_with(head) &&
                     (tail.empty() || (tail.size() == 2 && tail[0] == ' ' && tail[1] == postcode.sector()));
    return own ? nullptr : "a postcode left as another one";
  }

 private:
  const Place place_;
};

// ---- tables ----

class LookedUp final : public PerCell<LookedUp> {
 public:
  LookedUp(std::string field, std::shared_ptr<const LookupTable> table)
      : PerCell(std::move(field)), table_(std::move(table)) {
    for (const auto& [key, value] : table_->values) known_.emplace(value);
  }

  // A code that the table has not leaves as nothing; the code itself would be finer than agreed.
  void Treat(const Cell& cell, std::string& out) const {
    const auto found = table_->values.find(cell.text());
    if (found != table_->values.end()) out.append(found->second);
  }
  const char* Broken(const Cell&, std::string_view out) const {
    return out.empty() || known_.contains(out) ? nullptr : "a value left that is none of the table's";
  }

 private:
  const std::shared_ptr<const LookupTable> table_;
  std::unordered_set<std::string_view> known_;  // of the table
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
