#include "host/quality/kinds/reference_source.h"

#include "fmt/format.h"
#include "host/quality/list_file.h"

namespace concordat::quality {
namespace {

std::vector<std::string> ReadKeyNames(RuleReader& reader) {
  const policy::Node key = reader.with().map()["key"];
  if (key.is_scalar()) return {reader.with().Text("key")};
  return reader.with().Texts("key");
}

// The list's columns of these names; fewer when one was reported.
std::vector<size_t> ListColumnsOf(RuleReader& reader, const ReferenceTable& table,
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

std::unique_ptr<ReferenceSource> ReferenceSource::Read(RuleReader& reader, const std::vector<size_t>& fields,
                                                       const std::vector<std::string>& more) {
  const bool named = reader.with().Has("key");
  std::vector<std::string> names = ReadKeyNames(reader);
  const bool from_file = reader.with().Has("file");
  const std::shared_ptr<const ReferenceTable> table = reader.List();
  const std::string dataset = reader.with().TextOr("dataset", "");
  if (from_file == !dataset.empty()) {
    reader.Error("missing-key", "give either dataset or file", "dataset: name, or file: lists/name.csv");
    return nullptr;
  }
  if (fields.empty() || (from_file && table == nullptr)) return nullptr;
  if (!named) {
    for (const size_t field : fields) names.push_back(reader.schema().fields[field].name);
  }
  if (names.size() != fields.size()) {
    reader.with().Error("key", "bad-key",
                        fmt::format("rule {}: {} fields cannot match a key of {}", reader.spec().id,
                                    fields.size(), names.size()));
    return nullptr;
  }
  names.insert(names.end(), more.begin(), more.end());
  auto source = std::make_unique<ReferenceSource>();
  if (from_file) {
    source->target_ = reader.with().Text("file");
    source->list_ = {table, ListColumnsOf(reader, *table, names, named)};
    return source->list_.columns.size() == names.size() ? std::move(source) : nullptr;
  }
  CheckDataset(reader, dataset, names);
  source->target_ = dataset;
  source->names_ = std::move(names);
  return source;
}

absl::StatusOr<ReferenceSource::Found> ReferenceSource::Find(const RunContext& context) const {
  if (list_.table != nullptr) return list_;
  const std::string only_host = fmt::format("only the host has the records of dataset {}", target_);
  if (!context.dataset)
    return context.on_host ? absl::FailedPreconditionError(only_host) : absl::UnavailableError(only_host);
  const absl::StatusOr<std::shared_ptr<const ReferenceTable>> table = context.dataset(DatasetId(target_));
  if (!table.ok()) {
    if (!context.on_host && absl::IsUnavailable(table.status())) return absl::UnavailableError(only_host);
    return absl::FailedPreconditionError(
        fmt::format("the records of dataset {} could not be read: {}", target_, MessageOf(table.status())));
  }
  Found found{*table, {}};
  for (const std::string& name : names_) {
    const std::optional<size_t> column = FindListColumn(**table, name);
    if (!column)
      return absl::FailedPreconditionError(
          fmt::format("the records of dataset {} have no field \"{}\"", target_, name));
    found.columns.push_back(*column);
  }
  return found;
}

}  // namespace concordat::quality
