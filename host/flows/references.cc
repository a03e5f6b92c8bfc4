#include "host/flows/references.h"

#include "fmt/format.h"
#include "host/flows/in_force.h"
#include "host/quality/list_file.h"

namespace concordat::flows {
namespace {

data::RawBatch ToBatch(const quality::ReferenceTable& table) {
  data::RawBatch batch;
  batch.columns = table.columns;
  const size_t rows = table.columns.empty() ? 0 : table.columns.front()->rows();
  for (size_t row = 0; row < rows; ++row) {
    batch.records.push_back(row + 1);
    batch.lines.push_back(row + 2);  // below the header
  }
  return batch;
}

absl::StatusOr<data::RawBatch> ReadReference(const adapters::ManifestReference& reference,
                                             const policy::PolicySet& policies,
                                             const quality::RunContext& context) {
  if (!reference.file.empty()) {
    const auto list = policies.lists.find(reference.file);
    if (list == policies.lists.end()) {
      return absl::FailedPreconditionError(
          fmt::format("there is no list file {} in {}", reference.file, policies.folder));
    }
    ASSIGN_OR_RETURN(const std::shared_ptr<const quality::ReferenceTable> table,
                     quality::ReadListFile(list->second.content, list->second.path));
    return ToBatch(*table);
  }
  if (!context.dataset) {
    return absl::FailedPreconditionError(
        fmt::format("the dataset {} is known to the host only", reference.dataset));
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<const quality::ReferenceTable> table,
                   context.dataset(DatasetId(reference.dataset)));
  return ToBatch(*table);
}

}  // namespace

absl::StatusOr<std::vector<std::pair<std::string, data::RawBatch>>> AdapterReferences(
    const adapters::Manifest& manifest, const policy::PolicySet& policies,
    const quality::RunContext& context) {
  std::vector<std::pair<std::string, data::RawBatch>> tables;
  for (const adapters::ManifestReference& reference : manifest.references) {
    absl::StatusOr<data::RawBatch> table = ReadReference(reference, policies, context);
    if (!table.ok()) {
      return Annotate(table.status(),
                      fmt::format("adapter {} needs the table \"{}\"", manifest.name, reference.name));
    }
    tables.emplace_back(reference.name, *std::move(table));
  }
  return tables;
}

absl::StatusOr<std::shared_ptr<const quality::ReferenceTable>> DatasetTable(const store::Store& store,
                                                                            const policy::PolicySet& policies,
                                                                            const DatasetId& dataset,
                                                                            std::optional<absl::Time> at) {
  const auto [contract, object] = policies.FindDataset(dataset);
  if (object == nullptr) return absl::NotFoundError(fmt::format("there is no dataset {}", dataset.str()));
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, InForce(store, {.dataset = dataset}, at));
  if (attempts.empty())
    return absl::NotFoundError(fmt::format("nothing has been submitted for dataset {} yet", dataset.str()));
  std::vector<SubmissionId> ids;
  for (const store::Attempt& attempt : attempts) ids.push_back(attempt.id);
  std::vector<std::shared_ptr<data::TextColumn>> columns;
  for (const data::Field& field : object->schema->fields) {
    columns.push_back(std::make_shared<data::TextColumn>());
    columns.back()->name = field.name;
  }
  RETURN_IF_ERROR(store.ReadRecords(dataset, object->schema, ids, [&](const data::Batch& batch) {
    for (size_t i = 0; i < columns.size(); ++i) {
      for (size_t row = 0; row < batch.rows(); ++row) columns[i]->Append(batch.columns[i].text->at(row));
    }
    return absl::OkStatus();
  }));
  auto table = std::make_shared<quality::ReferenceTable>();
  table->columns.assign(columns.begin(), columns.end());
  return table;
}

}  // namespace concordat::flows
