// code_list: the code in `fields` stands in a list and was valid there on the date in `on`: a ward code of
// the day of the event, not of today. within_parent_dates: the same with a dataset of parents: a visit within
// its stay.
//   with: {fields: [ward_code], on: month, file: lists/wards.csv, key: [code], from: valid_from, to:
//   valid_to} with: {fields: [stay_id], on: visited_on, dataset: stays, key: [id], from: admitted, to:
//   discharged}
// Dates of a list file are ISO 8601; an empty one is open. Several rows of one code are several spans.
// Without a date the record is unresolved (`onMissing` may say otherwise).
#include <algorithm>

#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/quality/field_bounds.h"
#include "host/quality/kinds/entity_index.h"
#include "host/quality/kinds/reference_source.h"

namespace concordat::quality {
namespace {

constexpr int64_t kMicrosADay = 86'400'000'000;

// When each code is valid. Immutable once built.
class Validity {
 public:
  struct Span {
    int64_t from;
    int64_t to;
  };

  // InvalidArgument names a date that is none.
  static absl::StatusOr<std::shared_ptr<const Validity>> Create(const ReferenceTable& table,
                                                                const std::vector<size_t>& key, size_t from,
                                                                size_t to) {
    auto validity = std::make_shared<Validity>();
    KeyReader keys(key.size());
    for (size_t i = 0; i < key.size(); ++i) keys.Use(i, table.columns[key[i]].get());
    for (size_t row = 0; row < table.columns[from]->rows(); ++row) {
      ASSIGN_OR_RETURN(const int64_t first, DayAt(*table.columns[from], row, INT64_MIN));
      ASSIGN_OR_RETURN(const int64_t last, DayAt(*table.columns[to], row, INT64_MAX));
      validity->Add(keys.At(row), {first, last});
    }
    return validity;
  }

  // Null when the code is not there at all.
  const std::vector<Span>* Find(std::string_view key) const {
    const KeyTable::Slot* const slot = table_.Find(hash_(key));
    return slot == nullptr ? nullptr : &spans_[slot->mark];
  }

 private:
  static absl::StatusOr<int64_t> DayAt(const data::TextColumn& column, size_t row, int64_t open) {
    const std::string_view text = data::Trim(column.at(row));
    if (text.empty()) return open;
    // A timestamp counts by its day.
    if (const std::optional<int64_t> day = policy::ParseDay(text.substr(0, 10))) return *day;
    return absl::InvalidArgumentError(
        fmt::format("\"{}\" in column \"{}\" is no date as yyyy-MM-dd", text, column.name));
  }
  void Add(std::string_view key, Span span) {
    bool is_new = false;
    KeyTable::Slot& slot = table_.Insert(hash_(key), is_new);
    if (is_new) {
      slot.mark = static_cast<uint32_t>(spans_.size());
      spans_.emplace_back();
    }
    spans_[slot.mark].push_back(span);
  }

  const KeyHasher hash_;
  KeyTable table_;
  std::vector<std::vector<Span>> spans_;
};

struct Wanted {
  std::vector<size_t> fields;
  size_t on = 0;
  bool on_is_date = true;
  Answer missing = Answer::kUnresolved;
  bool parents = false;  // words for a stay rather than for a code
};

class CodeListRun : public RecordRun {
 public:
  CodeListRun(const Wanted& wanted, CellStates states, std::string target,
              std::shared_ptr<const Validity> known)
      : wanted_(wanted), states_(states), target_(std::move(target)), known_(std::move(known)) {}

  void Judge(const data::Batch& batch, const uint8_t*, std::span<Answer> answers) override {
    JudgeKeyStates(batch, wanted_.fields, states_, answers);
    KeyReader keys = ReadKeys(batch, wanted_.fields);
    const data::Column& on = batch.columns[wanted_.on];
    for (size_t row = 0; row < answers.size(); ++row) {
      if (answers[row] != Answer::kPass) continue;
      const std::vector<Validity::Span>* const spans = known_->Find(keys.At(row));
      if (spans == nullptr) {
        answers[row] = Answer::kFail;
      } else if (on.states[row] != data::CellState::kValue) {
        answers[row] = on.states[row] == data::CellState::kMissing ? wanted_.missing : Answer::kUnresolved;
      } else {
        answers[row] = Holds(*spans, DayOf(on, row)) ? Answer::kPass : Answer::kFail;
      }
    }
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer answer) override {
    if (auto why = ExplainKeyStates(batch, wanted_.fields, row, states_)) return *std::move(why);
    const std::string key = KeyShown(batch, wanted_.fields, row);
    KeyReader keys = ReadKeys(batch, wanted_.fields);
    const std::vector<Validity::Span>* const spans = known_->Find(keys.At(row));
    if (spans == nullptr)
      return {fmt::format("{} is not in {}", key, target_),
              fmt::format("look it up in {}; if it is right there, have it added", target_)};
    const std::string on = FieldShown(batch, wanted_.on, row);
    if (answer == Answer::kUnresolved)
      return {fmt::format("{}: without a date in {} it cannot be told", key, on), "give the date"};
    return {fmt::format("{} {}: {} is {}", on,
                        wanted_.parents ? "lies outside its parent's dates"
                                        : "is not a day on which the code was valid",
                        key, InWords(*spans)),
            wanted_.parents ? "correct the date, or the parent's"
                            : "use the code of that day, or correct the date"};
  }

 private:
  static bool Holds(const std::vector<Validity::Span>& spans, int64_t day) {
    return std::any_of(spans.begin(), spans.end(),
                       [day](const Validity::Span& span) { return day >= span.from && day <= span.to; });
  }
  int64_t DayOf(const data::Column& on, size_t row) const {
    const int64_t value = on.integers[row];
    return wanted_.on_is_date ? value : value / kMicrosADay - (value % kMicrosADay < 0 ? 1 : 0);
  }
  static std::string InWords(const std::vector<Validity::Span>& spans) {
    std::string text;
    for (const Validity::Span& span : spans) {
      if (!text.empty()) text += " and ";
      text += fmt::format("{} to {}", span.from == INT64_MIN ? "ever" : data::DateText(span.from),
                          span.to == INT64_MAX ? "now" : data::DateText(span.to));
    }
    return text;
  }

  const Wanted& wanted_;
  const CellStates states_;
  const std::string target_;
  const std::shared_ptr<const Validity> known_;
};

class CodeList : public Rule {
 public:
  CodeList(Wanted wanted, CellStates states, std::unique_ptr<ReferenceSource> source)
      : wanted_(std::move(wanted)), states_(states), source_(std::move(source)) {}

  absl::StatusOr<RuleRun> Start(const RunContext& context) const override {
    ASSIGN_OR_RETURN(const ReferenceSource::Found found, source_->Find(context));
    std::vector<size_t> key = found.columns;
    const size_t to = key.back();
    key.pop_back();
    const size_t from = key.back();
    key.pop_back();
    absl::StatusOr<std::shared_ptr<const Validity>> known = Validity::Create(*found.table, key, from, to);
    if (!known.ok())
      return absl::FailedPreconditionError(
          fmt::format("{}: {}", source_->target(), MessageOf(known.status())));
    return RuleRun(std::make_unique<CodeListRun>(wanted_, states_, source_->target(), *std::move(known)));
  }

 private:
  const Wanted wanted_;
  const CellStates states_;
  const std::unique_ptr<ReferenceSource> source_;
};

}  // namespace

std::unique_ptr<const Rule> CompileCodeList(RuleReader& reader) {
  Wanted wanted;
  wanted.fields = reader.FieldList(1);
  const std::optional<size_t> on = reader.NamedField("on");
  const std::string from = reader.with().Text("from");
  const std::string to = reader.with().Text("to");
  std::unique_ptr<ReferenceSource> source = ReferenceSource::Read(reader, wanted.fields, {from, to});
  if (wanted.fields.empty() || !on || from.empty() || to.empty() || source == nullptr) return nullptr;
  const data::Field& field = reader.schema().fields[*on];
  if (ComparableGroup(field.type) != "date") {
    reader.Error("wrong-type",
                 fmt::format("{} needs a date or timestamp, but \"{}\" is {}", reader.spec().kind, field.name,
                             data::LogicalTypeName(field.type)));
    return nullptr;
  }
  wanted.on = *on;
  wanted.on_is_date = field.type == data::LogicalType::kDate;
  if (reader.spec().on_missing != policy::Handling::kDefault) wanted.missing = reader.OnMissing();
  wanted.parents = reader.spec().kind == "within_parent_dates";
  return std::make_unique<CodeList>(std::move(wanted), TextStates(reader), std::move(source));
}

}  // namespace concordat::quality
