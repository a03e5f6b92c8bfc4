#include "host/store/sqlite/finding_table.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "host/store/sqlite/record_file.h"
#include "host/store/sqlite/text_list.h"

namespace concordat::store {
namespace {

// A finding's key is its record number and, below it, its turn among that record's findings, so that the
// table is in record order however the findings came, without an index and without sorting.
constexpr int kTurnBits = 20;
constexpr int64_t kTurns = int64_t{1} << kTurnBits;
constexpr uint64_t kMostRecords = uint64_t{1} << (62 - kTurnBits);
constexpr size_t kMostKindsInMemory = 4096;

constexpr char kTables[] = R"sql(
CREATE TABLE _finding_kinds (
  kind INTEGER PRIMARY KEY,
  rule TEXT NOT NULL,
  dimension TEXT NOT NULL,
  severity TEXT NOT NULL,
  fields TEXT NOT NULL,  -- names, as a JSON array
  mend TEXT NOT NULL
);
CREATE TABLE _findings (
  place INTEGER PRIMARY KEY,
  record INTEGER AS (place >> 20),  -- 0: the dataset as a whole
  line INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  unresolved INTEGER NOT NULL,
  field_values TEXT NOT NULL,  -- of the kind's fields, as a JSON array; sealed: message, mend and values
  message TEXT NOT NULL,
  mend TEXT  -- NULL: the kind's
);
)sql";

struct StoredKind {
  record::Finding common;  // rule, dimension, severity, mend
  std::vector<std::string> fields;
};

absl::StatusOr<absl::flat_hash_map<int64_t, StoredKind>> ReadKinds(Connection& file, std::string_view rule) {
  absl::flat_hash_map<int64_t, StoredKind> kinds;
  Query query = file.Prepare(
      "SELECT kind, rule, dimension, severity, fields, mend FROM _finding_kinds WHERE ?1 = '' OR rule = ?1");
  query.Bind(rule);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, query.Next());
    if (!more) return kinds;
    StoredKind kind;
    kind.common.rule = query.String(1);
    const auto dimension = record::DimensionFrom(query.Text(2));
    const auto severity = record::SeverityFrom(query.Text(3));
    if (!dimension || !severity)
      return absl::DataLossError("the store holds a finding of an unknown dimension or severity");
    kind.common.dimension = *dimension;
    kind.common.severity = *severity;
    ASSIGN_OR_RETURN(kind.fields, ParseTextList(query.Text(4)));
    kind.common.mend = query.String(5);
    kinds.emplace(query.Integer(0), std::move(kind));
  }
}

constexpr std::string_view kWord = "finding";

// Message, mend and the values, in this order.
absl::StatusOr<std::vector<std::string>> OpenTexts(TableSeal& seal, const Query& row) {
  ASSIGN_OR_RETURN(const std::string opened, seal.Open(static_cast<uint64_t>(row.Integer(7)), row.Text(4)));
  ASSIGN_OR_RETURN(std::vector<std::string> texts, ParseTextList(opened));
  if (texts.size() < 2) return absl::DataLossError("the store holds half a finding");
  return texts;
}

absl::StatusOr<record::Finding> ReadFinding(TableSeal* seal, const Query& row, const StoredKind& kind) {
  record::Finding finding = kind.common;
  finding.record = static_cast<uint64_t>(row.Integer(0));
  finding.line = static_cast<uint64_t>(row.Integer(1));
  finding.unresolved = row.Integer(3) != 0;
  std::vector<std::string> values;
  if (seal != nullptr) {
    ASSIGN_OR_RETURN(values, OpenTexts(*seal, row));
    finding.message = std::move(values[0]);
    finding.mend = std::move(values[1]);
    values.erase(values.begin(), values.begin() + 2);
  } else {
    ASSIGN_OR_RETURN(values, ParseTextList(row.Text(4)));
    finding.message = row.String(5);
    if (!row.IsNull(6)) finding.mend = row.String(6);
  }
  if (values.size() != kind.fields.size())
    return absl::DataLossError("the store holds a finding without all of its values");
  for (size_t i = 0; i < values.size(); ++i)
    finding.values.emplace_back(kind.fields[i], std::move(values[i]));
  return finding;
}

}  // namespace

FindingWriter::FindingWriter(Connection& file, const AttemptSeal* seal) : file_(file) {
  if (seal != nullptr) seal_.emplace(*seal, kWord);
}

absl::Status FindingWriter::CreateTables() {
  if (created_) return absl::OkStatus();
  created_ = true;
  return file_.Execute(kTables);
}

absl::StatusOr<const FindingWriter::Kind*> FindingWriter::KindOf(const record::Finding& finding) {
  key_ = fmt::format("{}\x1f{}\x1f{}", finding.rule, static_cast<int>(finding.dimension),
                     static_cast<int>(finding.severity));
  for (const auto& [field, value] : finding.values) key_.append(1, '\x1f').append(field);
  const auto known = kinds_.find(key_);
  if (known != kinds_.end()) return &known->second;

  if (kinds_.size() >= kMostKindsInMemory) kinds_.clear();  // costs a repeated row, never a wrong one
  TextList fields;
  for (const auto& [field, value] : finding.values) fields.Append(field);
  RETURN_IF_ERROR(file_.Prepare("INSERT INTO _finding_kinds VALUES (?, ?, ?, ?, ?, ?)")
                      .Bind(++newest_kind_)
                      .Bind(finding.rule)
                      .Bind(record::DimensionName(finding.dimension))
                      .Bind(record::SeverityName(finding.severity))
                      .Bind(fields.Close())
                      .Bind(seal_ ? "" : finding.mend)  // it may say a value
                      .Run());
  return &kinds_.emplace(key_, Kind{newest_kind_, finding.mend}).first->second;
}

absl::StatusOr<int64_t> FindingWriter::LastPlaceUpTo(uint64_t record) {
  const auto end = static_cast<int64_t>(record + 1) << kTurnBits;
  if (last_place_ < end) return last_place_;  // the usual case: findings come in record order
  Query query = file_.Prepare("SELECT max(place) FROM _findings WHERE place < ?");
  query.Bind(end);
  ASSIGN_OR_RETURN(const bool found, query.Next());
  return found && !query.IsNull(0) ? query.Integer(0) : -1;
}

absl::StatusOr<int64_t> FindingWriter::PlaceFor(uint64_t record) {
  if (record >= kMostRecords)
    return absl::InvalidArgumentError(fmt::format("record number {} is too large", record));
  const auto first = static_cast<int64_t>(record) << kTurnBits;
  ASSIGN_OR_RETURN(const int64_t last, LastPlaceUpTo(record));
  const int64_t place = std::max(first, last + 1);
  if (place >= first + kTurns) {
    return absl::ResourceExhaustedError(fmt::format("more than {} findings on record {}", kTurns, record));
  }
  last_place_ = std::max(last_place_, place);
  return place;
}

absl::Status FindingWriter::Append(const record::Finding& finding) {
  RETURN_IF_ERROR(CreateTables());
  ASSIGN_OR_RETURN(const Kind* kind, KindOf(finding));
  ASSIGN_OR_RETURN(const int64_t place, PlaceFor(finding.record));
  if (seal_) return InsertSealed(finding, place, kind->id);
  values_.Clear();
  for (const auto& [field, value] : finding.values) values_.Append(value);
  Query insert = file_.Prepare(
      "INSERT INTO _findings (place, line, kind, unresolved, field_values, message, mend) VALUES (?, ?, ?, "
      "?, ?, ?, ?)");
  insert.Bind(place)
      .Bind(static_cast<int64_t>(finding.line))
      .Bind(kind->id)
      .Bind(int64_t{finding.unresolved});
  insert.BindBorrowed(values_.Close()).BindBorrowed(finding.message);
  if (finding.mend == kind->mend) {
    insert.BindNull();
  } else {
    insert.BindBorrowed(finding.mend);
  }
  return insert.Run();
}

absl::Status FindingWriter::InsertSealed(const record::Finding& finding, int64_t place, int64_t kind) {
  values_.Clear();
  values_.Append(finding.message);
  values_.Append(finding.mend);
  for (const auto& [field, value] : finding.values) values_.Append(value);
  return file_
      .Prepare(
          "INSERT INTO _findings (place, line, kind, unresolved, field_values, message, mend)"
          " VALUES (?, ?, ?, ?, ?, '', NULL)")
      .Bind(place)
      .Bind(static_cast<int64_t>(finding.line))
      .Bind(kind)
      .Bind(int64_t{finding.unresolved})
      .BindBytes(seal_->Seal(static_cast<uint64_t>(place), values_.Close()))
      .Run();
}

absl::Status VisitFindingsIn(Connection& file, const AttemptSeal* seal, std::string_view rule,
                             const std::function<absl::Status(const record::Finding&)>& visit) {
  ASSIGN_OR_RETURN(const bool any, HasTable(file, "_findings"));
  if (!any) return absl::OkStatus();
  std::optional<TableSeal> opener;
  if (seal != nullptr) {
    ASSIGN_OR_RETURN(const bool one_by_one, SealsOneByOne(file));
    opener.emplace(*seal, kWord, one_by_one);
  }
  ASSIGN_OR_RETURN(const auto kinds, ReadKinds(file, rule));
  Query query = file.Prepare(
      "SELECT record, line, kind, unresolved, field_values, message, mend, place FROM _findings"
      " ORDER BY place");
  while (true) {
    ASSIGN_OR_RETURN(const bool more, query.Next());
    if (!more) return absl::OkStatus();
    const auto kind = kinds.find(query.Integer(2));
    if (kind == kinds.end()) continue;  // of another rule
    ASSIGN_OR_RETURN(const record::Finding finding,
                     ReadFinding(opener ? &*opener : nullptr, query, kind->second));
    RETURN_IF_ERROR(visit(finding));
  }
}

}  // namespace concordat::store
