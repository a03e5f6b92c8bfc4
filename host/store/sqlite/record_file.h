// The database file of one attempt: the accepted rows in a typed table named as the dataset's object, with
// the contract's field names; beside it _about, and _quarantine and _findings when there are any.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/ids.h"
#include "host/data/batch.h"
#include "host/store/sqlite/connection.h"

namespace concordat::store {

/// A field's column in the table.
struct StoredColumn {
  std::string field;  // the contract's name
  std::string name;   // the same, unless SQLite could not tell it from an earlier one ("Name", "name")
};

/// The table's name: the dataset's object, else its name; "data" in front of what SQLite or this file keeps
/// for itself.
std::string RowTableName(const DatasetId& dataset);
/// One column a field, in schema order. InvalidArgument when there are more than SQLite can hold.
absl::StatusOr<std::vector<StoredColumn>> ColumnsFor(const data::Schema& schema);

/// Makes _about and an empty row table. `sealed`: confidential columns will hold sealed cells.
absl::Status CreateRecordFile(Connection& file, const SubmissionId& id, const DatasetId& dataset,
                              const data::Schema& schema, bool sealed);
/// An empty row table and nothing in quarantine, whatever was there.
absl::Status EmptyRecordFile(Connection& file, const DatasetId& dataset, const data::Schema& schema);

/// Opens a sealed file. DataLoss when it is gone, FailedPrecondition when a newer Concordat wrote it.
absl::StatusOr<std::unique_ptr<Connection>> OpenRecordFile(const std::string& path);
/// Whether its held-back records and findings are sealed one by one, as they were before file version 3.
absl::StatusOr<bool> SealsOneByOne(Connection& file);
/// The version of a file written now.
int64_t FileVersion(bool sealed);
absl::StatusOr<bool> HasTable(Connection& file, std::string_view table);

/// In _about, and where its content is bound to: the key of the attempt's kept source.
inline constexpr char kSourceKey[] = "source_key";

/// Texts in the file's _about: "source_columns" and the like.
absl::Status PutAbout(Connection& file, std::string_view key, std::string_view value);
/// Columns (by their names in the table) whose cells are sealed.
absl::StatusOr<std::set<std::string>> SealedColumns(Connection& file);
absl::StatusOr<std::string> GetAbout(Connection& file, std::string_view key);

}  // namespace concordat::store
