#include "host/store/sqlite/quarantine_table.h"

#include "host/store/sqlite/record_file.h"

namespace concordat::store {
namespace {

constexpr char kTable[] = R"sql(
CREATE TABLE _quarantine (
  record INTEGER PRIMARY KEY,
  line INTEGER NOT NULL,
  unreadable INTEGER NOT NULL,
  raw TEXT NOT NULL,    -- of an unreadable record
  cells TEXT NOT NULL,  -- of a readable one by source column, as a JSON array
  reasons TEXT NOT NULL
)
)sql";

}  // namespace

absl::Status QuarantineWriter::Append(const QuarantinedRecord& record) {
  if (!created_) RETURN_IF_ERROR(file_.Execute(kTable));
  created_ = true;
  cells_.Clear();
  for (const std::string& cell : record.cells) cells_.Append(cell);
  return file_.Prepare("INSERT INTO _quarantine VALUES (?, ?, ?, ?, ?, ?)")
      .Bind(static_cast<int64_t>(record.record))
      .Bind(static_cast<int64_t>(record.line))
      .Bind(int64_t{record.unreadable})
      .BindBorrowed(record.raw)
      .BindBorrowed(cells_.Close())
      .BindBorrowed(record.reasons)
      .Run();
}

absl::Status VisitQuarantinedIn(Connection& file,
                                const std::function<absl::Status(const QuarantinedRecord&)>& visit) {
  ASSIGN_OR_RETURN(const bool any, HasTable(file, "_quarantine"));
  if (!any) return absl::OkStatus();
  Query query =
      file.Prepare("SELECT record, line, unreadable, raw, cells, reasons FROM _quarantine ORDER BY record");
  QuarantinedRecord record;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, query.Next());
    if (!more) return absl::OkStatus();
    record.record = static_cast<uint64_t>(query.Integer(0));
    record.line = static_cast<uint64_t>(query.Integer(1));
    record.unreadable = query.Integer(2) != 0;
    record.raw = query.String(3);
    ASSIGN_OR_RETURN(record.cells, ParseTextList(query.Text(4)));
    record.reasons = query.String(5);
    RETURN_IF_ERROR(visit(record));
  }
}

}  // namespace concordat::store
