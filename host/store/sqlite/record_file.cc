#include "host/store/sqlite/record_file.h"

#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "fmt/format.h"
#include "host/base/json.h"
#include "host/store/sqlite/text_list.h"

namespace concordat::store {
namespace {

constexpr int64_t kApplicationId = 0x434f4e52;  // "CONR"
constexpr int64_t kFileVersion = 3;             // since then texts are sealed by a cipher of their table
constexpr int64_t kSealedFileVersion = 2;       // since then cells may be sealed
constexpr int64_t kPlainFileVersion = 1;        // what holds nothing sealed is as it always was
constexpr size_t kMostFields = 1990;            // SQLite's own limit is 2,000 columns

// Affinities, not STRICT types: a marker such as "c" for a suppressed number stays that marker in a number's
// column.
std::string_view AffinityOf(data::LogicalType type) {
  switch (type) {
    case data::LogicalType::kInteger:
    case data::LogicalType::kBoolean:
      return "INTEGER";
    case data::LogicalType::kNumber:
      return "REAL";
    default:
      return "TEXT";  // dates and times as the contract writes them
  }
}

absl::Status CreateRowTable(Connection& file, const DatasetId& dataset, const data::Schema& schema) {
  ASSIGN_OR_RETURN(const std::vector<StoredColumn> columns, ColumnsFor(schema));
  std::string sql = fmt::format("CREATE TABLE {} (_record INTEGER NOT NULL, _line INTEGER NOT NULL",
                                Quoted(RowTableName(dataset)));
  for (size_t i = 0; i < columns.size(); ++i) {
    const bool sealed = data::IsConfidential(schema.fields[i]);
    sql +=
        fmt::format(", {} {}", Quoted(columns[i].name), sealed ? "BLOB" : AffinityOf(schema.fields[i].type));
  }
  return file.Execute(sql + ")");
}

absl::StatusOr<std::string> SealedColumnsAsJson(const data::Schema& schema) {
  ASSIGN_OR_RETURN(const std::vector<StoredColumn> columns, ColumnsFor(schema));
  TextList names;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (data::IsConfidential(schema.fields[i])) names.Append(columns[i].name);
  }
  return std::string(names.Close());
}

absl::StatusOr<std::string> StoredColumnsAsJson(const data::Schema& schema) {
  ASSIGN_OR_RETURN(const std::vector<StoredColumn> columns, ColumnsFor(schema));
  json::Object by_field;
  for (const StoredColumn& column : columns) by_field[column.field] = column.name;
  return json::Compact(by_field);
}

}  // namespace

std::string RowTableName(const DatasetId& dataset) {
  const std::string& text = dataset.str();
  const size_t slash = text.rfind('/');
  std::string name = slash == std::string::npos ? text : text.substr(slash + 1);
  const bool reserved = name.empty() || name[0] == '_' || absl::StartsWithIgnoreCase(name, "sqlite_");
  return reserved ? "data" + name : name;
}

absl::StatusOr<std::vector<StoredColumn>> ColumnsFor(const data::Schema& schema) {
  if (schema.fields.size() > kMostFields) {
    return absl::InvalidArgumentError(
        fmt::format("dataset {} has {} fields; the SQLite store holds at most {}", schema.dataset,
                    schema.fields.size(), kMostFields));
  }
  std::set<std::string> taken = {"_record", "_line"};
  std::vector<StoredColumn> columns;
  for (const data::Field& field : schema.fields) {
    std::string name = field.name;
    for (int copy = 2; !taken.insert(absl::AsciiStrToLower(name)).second; ++copy)
      name = fmt::format("{}_{}", field.name, copy);
    columns.push_back({field.name, std::move(name)});
  }
  return columns;
}

absl::Status CreateRecordFile(Connection& file, const SubmissionId& id, const DatasetId& dataset,
                              const data::Schema& schema, bool sealed) {
  RETURN_IF_ERROR(file.Execute(
      fmt::format("PRAGMA application_id={}; PRAGMA user_version={};"
                  "CREATE TABLE _about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;",
                  kApplicationId, FileVersion(sealed))));
  ASSIGN_OR_RETURN(const std::string columns, StoredColumnsAsJson(schema));
  RETURN_IF_ERROR(PutAbout(file, "submission", id.str()));
  RETURN_IF_ERROR(PutAbout(file, "dataset", dataset.str()));
  RETURN_IF_ERROR(PutAbout(file, "columns", columns));
  if (sealed) {
    ASSIGN_OR_RETURN(const std::string names, SealedColumnsAsJson(schema));
    RETURN_IF_ERROR(PutAbout(file, "sealed", names));
  }
  return CreateRowTable(file, dataset, schema);
}

absl::Status EmptyRecordFile(Connection& file, const DatasetId& dataset, const data::Schema& schema) {
  RETURN_IF_ERROR(file.Execute(fmt::format("DROP TABLE IF EXISTS {}; DROP TABLE IF EXISTS _quarantine;",
                                           Quoted(RowTableName(dataset)))));
  return CreateRowTable(file, dataset, schema);
}

absl::StatusOr<std::unique_ptr<Connection>> OpenRecordFile(const std::string& path) {
  auto opened = Connection::Open(path, Connection::Mode::kImmutable);
  if (!opened.ok()) {
    return absl::DataLossError(
        fmt::format("{}: the records of a published submission cannot be read: {}; restore a backup", path,
                    MessageOf(opened.status())));
  }
  std::unique_ptr<Connection> file = *std::move(opened);
  ASSIGN_OR_RETURN(const int64_t application, file->ReadInteger("PRAGMA application_id"));
  ASSIGN_OR_RETURN(const int64_t version, file->ReadInteger("PRAGMA user_version"));
  if (application != kApplicationId)
    return absl::DataLossError(path + ": not a file of submitted records any more");
  if (version > kFileVersion) {
    return absl::FailedPreconditionError(
        fmt::format("{}: written by a newer Concordat (file version {})", path, version));
  }
  return file;
}

int64_t FileVersion(bool sealed) { return sealed ? kFileVersion : kPlainFileVersion; }

absl::StatusOr<bool> SealsOneByOne(Connection& file) {
  ASSIGN_OR_RETURN(const int64_t version, file.ReadInteger("PRAGMA user_version"));
  return version <= kSealedFileVersion;
}

absl::StatusOr<bool> HasTable(Connection& file, std::string_view table) {
  Query query = file.Prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  query.Bind(table);
  return query.Next();
}

absl::Status PutAbout(Connection& file, std::string_view key, std::string_view value) {
  return file.Prepare("INSERT OR REPLACE INTO _about VALUES (?, ?)").Bind(key).Bind(value).Run();
}

absl::StatusOr<std::set<std::string>> SealedColumns(Connection& file) {
  Query query = file.Prepare("SELECT value FROM _about WHERE key = 'sealed'");
  ASSIGN_OR_RETURN(const bool any, query.Next());
  if (!any) return std::set<std::string>();
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ParseTextList(query.Text(0)));
  return std::set<std::string>(names.begin(), names.end());
}

absl::StatusOr<std::string> GetAbout(Connection& file, std::string_view key) {
  Query query = file.Prepare("SELECT value FROM _about WHERE key = ?");
  query.Bind(key);
  ASSIGN_OR_RETURN(const bool found, query.Next());
  if (!found)
    return absl::DataLossError(fmt::format("a file of submitted records says nothing about \"{}\"", key));
  return query.String(0);
}

}  // namespace concordat::store
