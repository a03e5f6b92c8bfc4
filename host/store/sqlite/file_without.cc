#include "host/store/sqlite/file_without.h"

#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <unordered_set>
#include <vector>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/store/sqlite/batch_table.h"
#include "host/store/sqlite/finding_table.h"
#include "host/store/sqlite/quarantine_table.h"
#include "host/store/sqlite/record_file.h"

namespace concordat::store {
namespace {

constexpr int kFirstField = 2;

bool Is(const std::string& cell, const std::string& value) {
  return cell == value || absl::StripAsciiWhitespace(cell) == absl::string_view(value);
}

// A value of one or two letters stands in every text; there it counts only in quotes or between separators.
bool StandsIn(const std::string& text, const std::string& value) {
  constexpr size_t kTelling = 3;
  constexpr std::string_view kAround = "\"',;|\t ";
  for (size_t at = text.find(value); at != std::string::npos; at = text.find(value, at + 1)) {
    const size_t end = at + value.size();
    const bool left = at == 0 || kAround.find(text[at - 1]) != std::string_view::npos;
    const bool right = end == text.size() || kAround.find(text[end]) != std::string_view::npos;
    if (value.size() > kTelling || (left && right)) return true;
  }
  return false;
}

std::string PlainText(sqlite3_stmt* row, int index) {
  if (sqlite3_column_type(row, index) == SQLITE_FLOAT)
    return data::NumberText(sqlite3_column_double(row, index));
  const void* bytes = sqlite3_column_blob(row, index);
  return std::string(static_cast<const char*>(bytes), static_cast<size_t>(sqlite3_column_bytes(row, index)));
}

class Copy {
 public:
  Copy(Connection& from, const AttemptSeal* seal, Connection& to, const AttemptSeal* fresh,
       const DatasetId& dataset, const Subject& subject)
      : from_(from),
        seal_(seal),
        to_(to),
        fresh_(fresh),
        table_(Quoted(RowTableName(dataset))),
        row_table_(RowTableName(dataset)),
        subject_(subject) {}

  absl::StatusOr<RemovedRows> Run() {
    RETURN_IF_ERROR(CopyAbout());
    RETURN_IF_ERROR(MakeRowTable());
    RETURN_IF_ERROR(CopyRows());
    RETURN_IF_ERROR(CopyQuarantine());
    RETURN_IF_ERROR(CopyFindings());
    return removed_;
  }

 private:
  struct Column {
    bool is_subject = false;
    std::optional<ColumnCipher> before;
    std::optional<ColumnCipher> after;
  };

  absl::Status CopyAbout() {
    ASSIGN_OR_RETURN(const int64_t application, from_.ReadInteger("PRAGMA application_id"));
    RETURN_IF_ERROR(to_.Execute(
        fmt::format("PRAGMA application_id={}; PRAGMA user_version={};"
                    "CREATE TABLE _about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;",
                    application, FileVersion(fresh_ != nullptr))));
    Query query = from_.Prepare("SELECT key, value FROM _about");
    while (true) {
      ASSIGN_OR_RETURN(const bool more, query.Next());
      if (!more) return absl::OkStatus();
      if (query.Text(0) != kSourceKey) RETURN_IF_ERROR(PutAbout(to_, query.Text(0), query.Text(1)));
    }
  }

  absl::Status MakeRowTable() {
    Query query = from_.Prepare("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?");
    query.Bind(row_table_);
    ASSIGN_OR_RETURN(const bool found, query.Next());
    if (!found) return absl::DataLossError("a file of submitted records has no table of them");
    return to_.Execute(query.String(0));
  }

  absl::StatusOr<std::vector<Column>> Columns(sqlite3_stmt* select) {
    ASSIGN_OR_RETURN(const std::string about, GetAbout(from_, "columns"));
    ASSIGN_OR_RETURN(const json::Value names, json::Parse(about));
    ASSIGN_OR_RETURN(const std::set<std::string> sealed, SealedColumns(from_));
    if (!sealed.empty() && seal_ == nullptr)
      return absl::DataLossError("the key of these records is not in control.db; restore a backup");
    const std::string wanted = json::TextOr(names, subject_.field, "");
    std::vector<Column> columns;
    for (int i = kFirstField; i < sqlite3_column_count(select); ++i) {
      const std::string name = sqlite3_column_name(select, i);
      Column column;
      column.is_subject = !wanted.empty() && name == wanted;
      if (sealed.count(name) > 0) {
        column.before = seal_->ForColumn(name);
        column.after = fresh_->ForColumn(name);
      }
      columns.push_back(std::move(column));
    }
    return columns;
  }

  absl::Status CopyRows() {
    Query select = from_.Prepare(fmt::format("SELECT * FROM {} ORDER BY rowid", table_));
    ASSIGN_OR_RETURN(std::vector<Column> columns, Columns(select.statement()));
    std::string places = "?, ?";
    for (size_t i = 0; i < columns.size(); ++i) places += ", ?";
    const std::string insert = fmt::format("INSERT INTO {} VALUES ({})", table_, places);
    while (true) {
      ASSIGN_OR_RETURN(const bool more, select.Next());
      if (!more) return absl::OkStatus();
      RETURN_IF_ERROR(CopyRow(select.statement(), columns, insert));
    }
  }

  absl::Status CopyRow(sqlite3_stmt* row, std::vector<Column>& columns, const std::string& insert) {
    const auto record = static_cast<uint64_t>(sqlite3_column_int64(row, 0));
    Query query = to_.Prepare(insert);
    query.Bind(sqlite3_column_int64(row, 0)).Bind(sqlite3_column_int64(row, 1));
    for (size_t i = 0; i < columns.size(); ++i) {
      Column& column = columns[i];
      const int index = static_cast<int>(i) + kFirstField;
      if (sqlite3_column_type(row, index) == SQLITE_NULL) {
        query.BindNull();
        continue;
      }
      std::string text;
      if (column.before) {
        if (!column.before->Open(record, PlainText(row, index), text) || text.empty())
          return absl::DataLossError(fmt::format("a sealed value of record {} was changed", record));
        column.after->Seal(record, text, sealed_);
        query.BindBytes(sealed_);
        text.erase(0, 1);
      } else {
        query.BindValue(sqlite3_column_value(row, index));
        if (column.is_subject) text = PlainText(row, index);
      }
      if (!column.is_subject || !Is(text, subject_.value)) continue;
      gone_.insert(record);
      ++removed_.accepted;
      return absl::OkStatus();
    }
    return query.Run();
  }

  bool Holds(const QuarantinedRecord& record) const {
    return StandsIn(record.raw, subject_.value) ||
           std::any_of(record.cells.begin(), record.cells.end(),
                       [&](const std::string& cell) { return Is(cell, subject_.value); });
  }

  absl::Status CopyQuarantine() {
    QuarantineWriter writer(to_, fresh_);
    return VisitQuarantinedIn(from_, seal_, [&](const QuarantinedRecord& record) {
      if (!Holds(record)) return writer.Append(record);
      gone_.insert(record.record);
      ++removed_.quarantined;
      return absl::OkStatus();
    });
  }

  bool Holds(const record::Finding& finding) const {
    return gone_.count(finding.record) > 0 || StandsIn(finding.message, subject_.value) ||
           std::any_of(finding.values.begin(), finding.values.end(),
                       [&](const auto& named) { return Is(named.second, subject_.value); });
  }

  absl::Status CopyFindings() {
    FindingWriter writer(to_, fresh_);
    return VisitFindingsIn(from_, seal_, "", [&](const record::Finding& finding) {
      if (!Holds(finding)) return writer.Append(finding);
      ++removed_.findings;
      return absl::OkStatus();
    });
  }

  Connection& from_;
  const AttemptSeal* const seal_;
  Connection& to_;
  const AttemptSeal* const fresh_;
  const std::string table_;  // quoted
  const std::string row_table_;
  const Subject& subject_;
  std::unordered_set<uint64_t> gone_;  // record numbers
  RemovedRows removed_;
  std::string sealed_;  // scratch
};

}  // namespace

absl::StatusOr<RemovedRows> WriteWithout(Connection& file, const AttemptSeal* seal, const AttemptSeal* fresh,
                                         const DatasetId& dataset, const Subject& subject,
                                         const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> copy,
                   Connection::Open(path, Connection::Mode::kStaging));
  RETURN_IF_ERROR(copy->Execute("BEGIN"));
  ASSIGN_OR_RETURN(const RemovedRows removed, Copy(file, seal, *copy, fresh, dataset, subject).Run());
  RETURN_IF_ERROR(copy->Execute("COMMIT"));
  return removed;
}

}  // namespace concordat::store
