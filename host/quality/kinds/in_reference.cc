// in_reference: the key in `fields` stands in another dataset, or in a list file.
//   with: {fields: [station_code], dataset: fire_stations, key: [code]}
//   with: {fields: [lsoa_code], file: lists/lsoa.csv, key: [code]}
// A dataset's accepted records are in the store, so that only a host can look into them. `key` may be left
// out: the same names as `fields`, or a list file's only column. A key with a missing part is skipped.
#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/quality/kinds/key_rule.h"
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

 private:
  const KeyHasher hash_;
  KeyTable table_;
};

class InReference : public Rule {
 public:
  InReference(std::vector<size_t> fields, CellStates states, std::string target, std::vector<std::string> key,
              std::shared_ptr<const KeySet> list)
      : fields_(std::move(fields)),
        states_(states),
        target_(std::move(target)),
        key_(std::move(key)),
        list_(std::move(list)) {}

  absl::StatusOr<RuleRun> Start(const RunContext& context) const override;

  void Judge(const KeySet& known, const data::Batch& batch, std::span<Answer> answers) const {
    JudgeKeyStates(batch, fields_, states_, answers);
    KeyReader keys = ReadKeys(batch, fields_);
    for (size_t row = 0; row < answers.size(); ++row) {
      if (answers[row] == Answer::kPass && !known.has(keys.At(row))) answers[row] = Answer::kFail;
    }
  }

  Explanation Explain(const data::Batch& batch, size_t row) const {
    if (auto why = ExplainKeyStates(batch, fields_, row, states_)) return *std::move(why);
    const std::string hint = fields_.size() == 1 ? BlankHint(batch.columns[fields_[0]].text->at(row)) : "";
    return {
        fmt::format("{} is not in {}", KeyShown(batch, fields_, row), target_),
        hint.empty() ? fmt::format("look it up in {}; if it is right there, have it added", target_) : hint};
  }

 private:
  absl::StatusOr<std::shared_ptr<const KeySet>> Load(const RunContext& context) const;

  const std::vector<size_t> fields_;
  const CellStates states_;
  const std::string target_;                  // the dataset or the list file
  const std::vector<std::string> key_;        // columns of the dataset
  const std::shared_ptr<const KeySet> list_;  // null for a dataset
};

class InReferenceRun : public RecordRun {
 public:
  InReferenceRun(const InReference& rule, std::shared_ptr<const KeySet> known)
      : rule_(rule), known_(std::move(known)) {}
  void Judge(const data::Batch& batch, const uint8_t*, std::span<Answer> answers) override {
    rule_.Judge(*known_, batch, answers);
  }
  Explanation Explain(const data::Batch& batch, size_t row, Answer) override {
    return rule_.Explain(batch, row);
  }

 private:
  const InReference& rule_;
  const std::shared_ptr<const KeySet> known_;
};

absl::StatusOr<std::shared_ptr<const KeySet>> InReference::Load(const RunContext& context) const {
  if (list_ != nullptr) return list_;
  const std::string only_host = fmt::format("only the host has the records of dataset {}", target_);
  if (!context.dataset)
    return context.on_host ? absl::FailedPreconditionError(only_host) : absl::UnavailableError(only_host);
  const absl::StatusOr<std::shared_ptr<const ReferenceTable>> table = context.dataset(DatasetId(target_));
  if (!table.ok()) {
    if (!context.on_host && absl::IsUnavailable(table.status())) return absl::UnavailableError(only_host);
    return absl::FailedPreconditionError(
        fmt::format("the records of dataset {} could not be read: {}", target_, MessageOf(table.status())));
  }
  std::vector<size_t> columns;
  for (const std::string& name : key_) {
    const std::optional<size_t> column = FindListColumn(**table, name);
    if (!column)
      return absl::FailedPreconditionError(
          fmt::format("the records of dataset {} have no field \"{}\"", target_, name));
    columns.push_back(*column);
  }
  return std::make_shared<const KeySet>(**table, columns);
}

absl::StatusOr<RuleRun> InReference::Start(const RunContext& context) const {
  ASSIGN_OR_RETURN(std::shared_ptr<const KeySet> known, Load(context));
  return RuleRun(std::make_unique<InReferenceRun>(*this, std::move(known)));
}

std::vector<std::string> ReadKeyNames(RuleReader& reader) {
  const policy::Node key = reader.with().map()["key"];
  if (key.is_scalar()) return {reader.with().Text("key")};
  return reader.with().Texts("key");
}

// The list's columns that make up the key, in the order of `fields`.
std::vector<size_t> ListKey(RuleReader& reader, const ReferenceTable& table,
                            const std::vector<std::string>& names, bool named) {
  if (!named && names.size() == 1 && table.columns.size() == 1) return {0};
  std::vector<size_t> columns;
  for (const std::string& name : names) {
    if (const std::optional<size_t> column = FindListColumn(table, name)) {
      columns.push_back(*column);
    } else {
      reader.with().Error(named ? "key" : "file", "unknown-column",
                          fmt::format("rule {}: the list file has no column \"{}\"", reader.spec().id, name),
                          DidYouMean(name, ListColumns(table)));
    }
  }
  return columns;
}

void CheckDataset(RuleReader& reader, const std::string& dataset, const std::vector<std::string>& names) {
  const auto [contract, object] = reader.policies().FindDataset(DatasetId(dataset));
  if (object == nullptr) {
    std::vector<std::string> known;
    for (const policy::Contract& other : reader.policies().contracts) known.push_back(other.name);
    reader.with().Error("dataset", "unknown-dataset",
                        fmt::format("rule {}: there is no dataset \"{}\"", reader.spec().id, dataset),
                        DidYouMean(dataset, known));
    return;
  }
  std::vector<std::string> fields;
  for (const data::Field& field : object->schema->fields) fields.push_back(field.name);
  for (const std::string& name : names) {
    if (object->schema->Find(name)) continue;
    reader.with().Error(
        reader.with().Has("key") ? "key" : "dataset", "unknown-field",
        fmt::format("rule {}: dataset {} has no field \"{}\"", reader.spec().id, dataset, name),
        DidYouMean(name, fields));
  }
}

}  // namespace

std::unique_ptr<const Rule> CompileInReference(RuleReader& reader) {
  const std::vector<size_t> fields = reader.FieldList(1);
  const bool named = reader.with().Has("key");
  std::vector<std::string> key = ReadKeyNames(reader);
  const bool from_file = reader.with().Has("file");
  const std::shared_ptr<const ReferenceTable> table = reader.List();
  const std::string dataset = reader.with().TextOr("dataset", "");
  if (from_file == !dataset.empty()) {
    reader.Error("missing-key", "give either dataset or file", "dataset: name, or file: lists/name.csv");
    return nullptr;
  }
  if (fields.empty() || (from_file && table == nullptr)) return nullptr;
  if (!named) {
    for (const size_t field : fields) key.push_back(reader.schema().fields[field].name);
  }
  if (key.size() != fields.size()) {
    reader.with().Error("key", "bad-key",
                        fmt::format("rule {}: {} fields cannot match a key of {}", reader.spec().id,
                                    fields.size(), key.size()));
    return nullptr;
  }
  if (!from_file) {
    CheckDataset(reader, dataset, key);
    return std::make_unique<InReference>(fields, TextStates(reader), dataset, std::move(key), nullptr);
  }
  const std::vector<size_t> columns = ListKey(reader, *table, key, named);
  if (columns.size() != key.size()) return nullptr;
  return std::make_unique<InReference>(fields, TextStates(reader), reader.with().Text("file"), std::move(key),
                                       std::make_shared<const KeySet>(*table, columns));
}

}  // namespace concordat::quality
