#include "host/store/sqlite/quarantine_table.h"

#include <iterator>

#include "host/store/sqlite/record_file.h"

namespace concordat::store {
namespace {

constexpr char kTable[] = R"sql(
CREATE TABLE _quarantine (
  record INTEGER PRIMARY KEY,
  line INTEGER NOT NULL,
  unreadable INTEGER NOT NULL,
  raw TEXT NOT NULL,    -- of an unreadable record
  cells TEXT NOT NULL,  -- of a readable one by source column, as a JSON array; sealed: raw, reasons and cells
  reasons TEXT NOT NULL
)
)sql";

constexpr std::string_view kWord = "quarantine";

absl::Status OpenRecord(TableSeal& seal, std::string_view sealed, QuarantinedRecord& record) {
  ASSIGN_OR_RETURN(const std::string opened, seal.Open(record.record, sealed));
  ASSIGN_OR_RETURN(std::vector<std::string> texts, ParseTextList(opened));
  if (texts.size() < 2) return absl::DataLossError("the store holds half a quarantined record");
  record.raw = std::move(texts[0]);
  record.reasons = std::move(texts[1]);
  record.cells.assign(std::make_move_iterator(texts.begin() + 2), std::make_move_iterator(texts.end()));
  return absl::OkStatus();
}

}  // namespace

QuarantineWriter::QuarantineWriter(Connection& file, const AttemptSeal* seal) : file_(file) {
  if (seal != nullptr) seal_.emplace(*seal, kWord);
}

absl::Status QuarantineWriter::AppendSealed(const QuarantinedRecord& record) {
  cells_.Append(record.raw);
  cells_.Append(record.reasons);
  for (const std::string& cell : record.cells) cells_.Append(cell);
  return file_.Prepare("INSERT INTO _quarantine VALUES (?, ?, ?, '', ?, '')")
      .Bind(static_cast<int64_t>(record.record))
      .Bind(static_cast<int64_t>(record.line))
      .Bind(int64_t{record.unreadable})
      .BindBytes(seal_->Seal(record.record, cells_.Close()))
      .Run();
}

absl::Status QuarantineWriter::Append(const QuarantinedRecord& record) {
  if (!created_) RETURN_IF_ERROR(file_.Execute(kTable));
  created_ = true;
  cells_.Clear();
  if (seal_) return AppendSealed(record);
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

absl::Status VisitQuarantinedIn(Connection& file, const AttemptSeal* seal,
                                const std::function<absl::Status(const QuarantinedRecord&)>& visit) {
  ASSIGN_OR_RETURN(const bool any, HasTable(file, "_quarantine"));
  if (!any) return absl::OkStatus();
  std::optional<TableSeal> opener;
  if (seal != nullptr) {
    ASSIGN_OR_RETURN(const bool one_by_one, SealsOneByOne(file));
    opener.emplace(*seal, kWord, one_by_one);
  }
  Query query =
      file.Prepare("SELECT record, line, unreadable, raw, cells, reasons FROM _quarantine ORDER BY record");
  QuarantinedRecord record;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, query.Next());
    if (!more) return absl::OkStatus();
    record.record = static_cast<uint64_t>(query.Integer(0));
    record.line = static_cast<uint64_t>(query.Integer(1));
    record.unreadable = query.Integer(2) != 0;
    if (opener) {
      RETURN_IF_ERROR(OpenRecord(*opener, query.Text(4), record));
    } else {
      record.raw = query.String(3);
      ASSIGN_OR_RETURN(record.cells, ParseTextList(query.Text(4)));
      record.reasons = query.String(5);
    }
    RETURN_IF_ERROR(visit(record));
  }
}

}  // namespace concordat::store
