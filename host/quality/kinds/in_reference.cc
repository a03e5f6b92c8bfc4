// in_reference: the key in `fields` stands in another dataset, in a list file, or among `values`.
// new_category: `field` has a value that no accepted record of this dataset has had so far (a host knows
// them).
//   with: {fields: [station_code], dataset: fire_stations, key: [code]}
//   with: {fields: [lsoa_code], file: lists/lsoa.csv, key: [code]}
//   with: {fields: [crime_type, outcome], values: [[Burglary, Charged], [Burglary, No suspect]]}
// A dataset's accepted records are in the store, so that only a host can look into them. `key` may be left
// out: the same names as `fields`, or a list file's only column. A key with a missing part is skipped.
#include <algorithm>

#include "fmt/format.h"
#include "host/quality/kinds/key_rule.h"
#include "host/quality/kinds/reference_source.h"
#include "host/quality/list_file.h"

namespace concordat::quality {
namespace {

// The keys of a reference table, ready to be asked. Immutable.
class KeySet {
 public:
  KeySet(const ReferenceTable& table, const std::vector<size_t>& columns) {
    KeyReader keys(columns.size());
    for (size_t i = 0; i < columns.size(); ++i) keys.Use(i, table.columns[columns[i]].get());
    const size_t rows = table.columns[columns[0]]->rows();
    for (size_t row = 0; row < rows; ++row) {
      bool is_new = false;
      table_.Insert(hash_(keys.At(row)), is_new);
    }
  }
  bool has(std::string_view key) const { return table_.has(hash_(key)); }
  bool empty() const { return table_.size() == 0; }

 private:
  const KeyHasher hash_;
  KeyTable table_;
};

struct Asked {
  std::vector<size_t> fields;
  CellStates states;
  std::string target;  // the dataset or the list file, for messages
};

class InReferenceRun : public RecordRun {
 public:
  InReferenceRun(const Asked& asked, std::shared_ptr<const KeySet> known)
      : asked_(asked), known_(std::move(known)) {}

  void Judge(const data::Batch& batch, const uint8_t*, std::span<Answer> answers) override {
    JudgeKeyStates(batch, asked_.fields, asked_.states, answers);
    KeyReader keys = ReadKeys(batch, asked_.fields);
    for (size_t row = 0; row < answers.size(); ++row) {
      if (answers[row] == Answer::kPass && !known_->has(keys.At(row))) answers[row] = Answer::kFail;
    }
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer) override {
    if (auto why = ExplainKeyStates(batch, asked_.fields, row, asked_.states)) return *std::move(why);
    const std::string hint =
        asked_.fields.size() == 1 ? BlankHint(batch.columns[asked_.fields[0]].text->at(row)) : "";
    return {fmt::format("{} is not in {}", KeyShown(batch, asked_.fields, row), asked_.target),
            hint.empty() ? fmt::format("look it up in {}; if it is right there, have it added", asked_.target)
                         : hint};
  }

 protected:
  const Asked& asked_;
  const std::shared_ptr<const KeySet> known_;
};

class InReference : public Rule {
 public:
  InReference(Asked asked, std::unique_ptr<ReferenceSource> source)
      : asked_(std::move(asked)), source_(std::move(source)) {
    RunContext nothing;
    const absl::StatusOr<ReferenceSource::Found> list = source_->Find(nothing);
    if (list.ok()) list_ = std::make_shared<const KeySet>(*list->table, list->columns);
  }
  InReference(Asked asked, const ReferenceTable& values) : asked_(std::move(asked)) {
    std::vector<size_t> columns;
    for (size_t i = 0; i < values.columns.size(); ++i) columns.push_back(i);
    list_ = std::make_shared<const KeySet>(values, columns);
  }

  absl::StatusOr<RuleRun> Start(const RunContext& context) const override {
    std::shared_ptr<const KeySet> known = list_;
    if (known == nullptr) {
      ASSIGN_OR_RETURN(const ReferenceSource::Found found, source_->Find(context));
      known = std::make_shared<const KeySet>(*found.table, found.columns);
    }
    return RuleRun(std::make_unique<InReferenceRun>(asked_, std::move(known)));
  }

 private:
  const Asked asked_;
  const std::unique_ptr<ReferenceSource> source_;  // null: the rule lists its values
  std::shared_ptr<const KeySet> list_;             // null: a dataset
};

// The key sets of `values`, a column a field; null after a reported mistake.
std::unique_ptr<ReferenceTable> ReadValues(RuleReader& reader, const std::vector<size_t>& fields) {
  const policy::Node values = reader.with().Sequence("values");
  std::vector<std::shared_ptr<data::TextColumn>> columns;
  for (size_t i = 0; i < fields.size(); ++i) columns.push_back(std::make_shared<data::TextColumn>());
  bool good = !values.items().empty();
  if (!good)
    reader.with().Error("values", "empty-list",
                        fmt::format("rule {}: there are no values", reader.spec().id));
  for (const policy::Node& entry : values.items()) {
    const bool whole = entry.items().size() == fields.size() &&
                       std::all_of(entry.items().begin(), entry.items().end(),
                                   [](const policy::Node& part) { return part.is_scalar(); });
    if (!whole) {
      reader.issues().Error(
          entry.place(), "bad-key",
          fmt::format("rule {}: each entry of values is a list of {} texts", reader.spec().id, fields.size()),
          "values: [[a, b], [a, c]]");
      good = false;
      continue;
    }
    for (size_t i = 0; i < fields.size(); ++i) columns[i]->Append(entry.items()[i].text());
  }
  if (!good) return nullptr;
  auto table = std::make_unique<ReferenceTable>();
  for (auto& column : columns) table->columns.push_back(std::move(column));
  return table;
}

class NewCategoryRun : public InReferenceRun {
 public:
  using InReferenceRun::InReferenceRun;
  void Judge(const data::Batch& batch, const uint8_t* applies, std::span<Answer> answers) override {
    InReferenceRun::Judge(batch, applies, answers);
    // Nothing was accepted yet: everything would be new.
    if (known_->empty()) std::fill(answers.begin(), answers.end(), Answer::kSkip);
  }
  Explanation Explain(const data::Batch& batch, size_t row, Answer) override {
    if (auto why = ExplainKeyStates(batch, asked_.fields, row, asked_.states)) return *std::move(why);
    return {fmt::format("{} has not been seen before", KeyShown(batch, asked_.fields, row)),
            "check its spelling; a value that is really new needs nothing more"};
  }
};

class NewCategory : public Rule {
 public:
  NewCategory(Asked asked, std::string dataset, std::string field)
      : asked_(std::move(asked)), dataset_(std::move(dataset)), field_(std::move(field)) {}

  absl::StatusOr<RuleRun> Start(const RunContext& context) const override {
    if (!context.dataset)
      return absl::UnavailableError("only the host has the records that were accepted before");
    const auto table = context.dataset(DatasetId(dataset_));
    if (!table.ok() && !absl::IsNotFound(table.status()))
      return absl::FailedPreconditionError(std::string(MessageOf(table.status())));
    const std::optional<size_t> column = table.ok() ? FindListColumn(**table, field_) : std::nullopt;
    const ReferenceTable none{{std::make_shared<data::TextColumn>()}};
    auto known = column ? std::make_shared<const KeySet>(**table, std::vector<size_t>{*column})
                        : std::make_shared<const KeySet>(none, std::vector<size_t>{0});
    return RuleRun(std::make_unique<NewCategoryRun>(asked_, std::move(known)));
  }

 private:
  const Asked asked_;
  const std::string dataset_;
  const std::string field_;
};

}  // namespace

std::unique_ptr<const Rule> CompileInReference(RuleReader& reader) {
  const std::vector<size_t> fields = reader.FieldList(1);
  Asked asked{fields, TextStates(reader), "the values of the rule"};
  if (reader.with().Has("values")) {
    if (fields.empty()) return nullptr;
    const std::unique_ptr<ReferenceTable> values = ReadValues(reader, fields);
    return values == nullptr ? nullptr : std::make_unique<InReference>(std::move(asked), *values);
  }
  std::unique_ptr<ReferenceSource> source = ReferenceSource::Read(reader, fields);
  if (source == nullptr) return nullptr;
  asked.target = source->target();
  return std::make_unique<InReference>(std::move(asked), std::move(source));
}

std::unique_ptr<const Rule> CompileNewCategory(RuleReader& reader) {
  const std::optional<size_t> field = reader.Field();
  if (!field) return nullptr;
  return std::make_unique<NewCategory>(Asked{{*field}, TextStates(reader), ""}, reader.schema().dataset,
                                       reader.schema().fields[*field].name);
}

}  // namespace concordat::quality
