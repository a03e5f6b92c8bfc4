// in_list: the text of `field` is one of `values`, or of a column of a list file.
// not_in_list: it is none of them.
//   with: {field, values: [a, b]}
//   with: {field, file: lists/types.csv, column}
// `column` may be left out: then it is the field's name, or the file's only column.
#include <unordered_map>

#include "fmt/format.h"
#include "host/quality/kinds/cell_rule.h"
#include "host/quality/list_file.h"
#include "host/quality/value_set.h"

namespace concordat::quality {
namespace {

class InList : public Rule {
 public:
  InList(size_t field, CellStates states, std::vector<std::string> values, bool wanted)
      : field_(field), states_(states), set_(values), values_(std::move(values)), wanted_(wanted) {}

  absl::StatusOr<RuleRun> Start(const RunContext& context) const override;

  void Judge(const data::Batch& batch, std::span<Answer> answers) const {
    const data::Column& column = batch.columns[field_];
    const data::TextColumn& text = *column.text;
    JudgeCells(column, states_, answers, [&](size_t row) { return set_.has(text.at(row)) == wanted_; });
  }

  Explanation Explain(const data::Batch& batch, size_t row) const {
    if (std::optional<Explanation> state = ExplainState(batch, field_, row, states_))
      return *std::move(state);
    const std::string& name = batch.schema->fields[field_].name;
    if (!wanted_)
      return {fmt::format("{} is a value that is not allowed", FieldShown(batch, field_, row)),
              fmt::format("give {} another value", name)};
    return {
        fmt::format("{} is none of the {} values of the list", FieldShown(batch, field_, row), set_.size()),
        ""};
  }

  // How to mend a text that is not in the list.
  std::string Hint(std::string_view text) const {
    if (set_.has(Trimmed(text))) return BlankHint(text);
    // Beyond, comparing with each value would cost more than the rule itself.
    constexpr size_t kMostCompared = 300;
    const std::string nearest = values_.size() <= kMostCompared ? Nearest(text, values_) : "";
    if (!nearest.empty()) return fmt::format("did you mean {}?", Shown(nearest));
    constexpr size_t kMostNamed = 12;
    if (values_.size() > kMostNamed) return "use a value of the list";
    std::string names;
    for (const std::string& value : values_) names += (names.empty() ? "" : ", ") + Shown(value);
    return "use one of " + names;
  }
  std::string_view Text(const data::Batch& batch, size_t row) const {
    return batch.columns[field_].text->at(row);
  }
  bool wanted() const { return wanted_; }

 private:
  const size_t field_;
  const CellStates states_;
  const ValueSet set_;
  const std::vector<std::string> values_;
  const bool wanted_;
};

// Remembers hints: a wrong value seldom comes once.
class InListRun : public RecordRun {
 public:
  explicit InListRun(const InList& rule) : rule_(rule) {}
  void Judge(const data::Batch& batch, const uint8_t*, std::span<Answer> answers) override {
    rule_.Judge(batch, answers);
  }
  Explanation Explain(const data::Batch& batch, size_t row, Answer) override {
    Explanation why = rule_.Explain(batch, row);
    if (why.mend.empty() && rule_.wanted()) why.mend = Hint(rule_.Text(batch, row));
    return why;
  }

 private:
  std::string Hint(std::string_view text) {
    constexpr size_t kMostRemembered = 1000;
    const auto known = hints_.find(std::string(text));
    if (known != hints_.end()) return known->second;
    if (hints_.size() >= kMostRemembered) return "use a value of the list";
    return hints_[std::string(text)] = rule_.Hint(text);
  }

  const InList& rule_;
  std::unordered_map<std::string, std::string> hints_;
};

absl::StatusOr<RuleRun> InList::Start(const RunContext&) const {
  return RuleRun(std::make_unique<InListRun>(*this));
}

std::optional<size_t> ListColumn(RuleReader& reader, const ReferenceTable& table, size_t field) {
  const bool named = reader.with().Has("column");
  const std::string column = named ? reader.with().Text("column") : reader.schema().fields[field].name;
  if (const std::optional<size_t> found = FindListColumn(table, column)) return found;
  if (!named && table.columns.size() == 1) return 0;
  reader.with().Error(named ? "column" : "file", "unknown-column",
                      fmt::format("rule {}: the list file has no column \"{}\"", reader.spec().id, column),
                      DidYouMean(column, ListColumns(table)));
  return std::nullopt;
}

std::vector<std::string> ReadValues(RuleReader& reader, std::optional<size_t> field) {
  if (reader.with().Has("values") == reader.with().Has("file")) {
    reader.Error("missing-key", "give either values or file", "values: [first, second]");
    reader.with().Any("values");
    reader.with().Any("file");
    return {};
  }
  if (reader.with().Has("values")) {
    std::vector<std::string> values = reader.with().Texts("values");
    if (values.empty())
      reader.with().Error("values", "empty-list",
                          fmt::format("rule {}: the list of values is empty", reader.spec().id));
    return values;
  }
  std::vector<std::string> values;
  const std::shared_ptr<const ReferenceTable> table = reader.List();
  const std::optional<size_t> column = table && field ? ListColumn(reader, *table, *field) : std::nullopt;
  if (!column) {
    reader.with().Any("column");
    return values;
  }
  const data::TextColumn& texts = *table->columns[*column];
  for (size_t row = 0; row < texts.rows(); ++row) values.emplace_back(texts.at(row));
  return values;
}

std::unique_ptr<const Rule> Compile(RuleReader& reader, bool wanted) {
  const std::optional<size_t> field = reader.Field();
  std::vector<std::string> values = ReadValues(reader, field);
  if (!field) return nullptr;
  return std::make_unique<InList>(*field, TextStates(reader), std::move(values), wanted);
}

}  // namespace

std::unique_ptr<const Rule> CompileInList(RuleReader& reader) { return Compile(reader, true); }
std::unique_ptr<const Rule> CompileNotInList(RuleReader& reader) { return Compile(reader, false); }

}  // namespace concordat::quality
