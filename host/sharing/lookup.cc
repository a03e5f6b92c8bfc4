#include "host/sharing/lookup.h"

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/base/csv.h"

namespace concordat::sharing {
namespace {

// The table's columns and where it was found.
struct Table {
  DatasetId dataset;
  std::string list;
  std::vector<std::string> columns;
  std::string primary;  // the first column of its primary key
};

bool Holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> HeaderOf(std::string_view content) {
  if (content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
  std::string_view line = content.substr(0, content.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string> names;
  while (true) {
    const size_t comma = line.find(',');
    std::string_view name = line.substr(0, comma);
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    names.emplace_back(name);
    if (comma == std::string_view::npos) return names;
    line.remove_prefix(comma + 1);
  }
}

absl::StatusOr<Table> FindTable(const policy::PolicySet& policies, const std::string& name) {
  Table table;
  if (const policy::ContractObject* object = policies.FindDataset(DatasetId(name)).second;
      object != nullptr) {
    table.dataset = DatasetId(name);
    for (const data::Field& field : object->schema->fields) table.columns.push_back(field.name);
    if (!object->primary_key.empty()) table.primary = object->primary_key.front();
    return table;
  }
  for (const std::string& path : {name, fmt::format("lists/{}.csv", name)}) {
    const auto list = policies.lists.find(path);
    if (list == policies.lists.end()) continue;
    table.list = path;
    table.columns = HeaderOf(list->second.content);
    table.primary = table.columns.front();
    return table;
  }
  std::vector<std::string> known;
  for (const policy::Contract& contract : policies.contracts) known.push_back(contract.name);
  for (const auto& [path, list] : policies.lists) known.push_back(path);
  return absl::InvalidArgumentError(
      fmt::format("there is no dataset and no list file \"{}\"; {}", name, DidYouMean(name, known)));
}

std::string KeyColumn(const policy::FieldDuty& duty, const Table& table, const data::Schema& dataset) {
  const policy::Lookup& via = duty.terms.via;
  if (!via.key.empty()) return via.key;
  if (!duty.field.empty() && Holds(table.columns, duty.field)) return duty.field;
  if (!duty.field.empty() || dataset.Find(table.primary)) return table.primary;
  for (const std::string& column : table.columns) {
    if (dataset.Find(column)) return column;
  }
  return table.primary;
}

std::string ValueColumn(const policy::FieldDuty& duty, const Table& table, const std::string& key) {
  if (!duty.terms.via.value.empty()) return duty.terms.via.value;
  for (const char* form : {"{}", "{}_code", "{}_name", "{}_id"}) {
    std::string name = fmt::format(fmt::runtime(form), duty.terms.to);
    if (Holds(table.columns, name)) return name;
  }
  if (table.columns.size() == 2) return table.columns[table.columns[0] == key ? 1 : 0];
  return {};
}

}  // namespace

absl::StatusOr<ResolvedLookup> ResolveLookup(const policy::PolicySet& policies, const policy::FieldDuty& duty,
                                             const data::Schema& dataset) {
  ASSIGN_OR_RETURN(const Table table, FindTable(policies, duty.terms.via.table));
  ResolvedLookup lookup{duty.field, table.dataset, table.list, KeyColumn(duty, table, dataset), {}};
  lookup.value = ValueColumn(duty, table, lookup.key);
  if (lookup.source.empty()) lookup.source = lookup.key;
  if (!Holds(table.columns, lookup.key) || !Holds(table.columns, lookup.value)) {
    return absl::InvalidArgumentError(
        fmt::format("{} has no column \"{}\": it has {}; name them: via: {{table: {}, key: ..., value: ...}}",
                    duty.terms.via.table,
                    lookup.value.empty()               ? duty.terms.to
                    : Holds(table.columns, lookup.key) ? lookup.value
                                                       : lookup.key,
                    fmt::join(table.columns, ", "), duty.terms.via.table));
  }
  if (!dataset.Find(lookup.source)) {
    return absl::InvalidArgumentError(
        fmt::format("dataset {} has no field \"{}\" to look up in {}; name it: {{field: ..., table: {}}}",
                    dataset.dataset, lookup.source, duty.terms.via.table, duty.terms.via.table));
  }
  return lookup;
}

}  // namespace concordat::sharing
