#include "host/store/sqlite/record_reader.h"

#include <sqlite3.h>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "host/base/json.h"
#include "host/data/parse.h"
#include "host/store/sqlite/batch_table.h"
#include "host/store/sqlite/record_file.h"

namespace concordat::store {
namespace {

constexpr size_t kBatchRows = 8192;
constexpr int kFirstField = 2;

using Ciphers = std::vector<std::optional<ColumnCipher>>;  // one a field of the reader's schema

struct Selection {
  std::string sql;  // "SELECT _record, _line, <field or NULL> ..." for the fields of the reader's schema
  Ciphers ciphers;
};

absl::StatusOr<Selection> SelectFor(Connection& file, const AttemptSeal* seal, const DatasetId& dataset,
                                    const data::Schema& schema) {
  ASSIGN_OR_RETURN(const std::string about, GetAbout(file, "columns"));
  ASSIGN_OR_RETURN(const json::Value columns, json::Parse(about));
  ASSIGN_OR_RETURN(const std::set<std::string> sealed, SealedColumns(file));
  if (!sealed.empty() && seal == nullptr)
    return absl::DataLossError("the key of these records is not in control.db; restore a backup");
  std::string sql = "SELECT _record, _line";
  Ciphers ciphers;
  for (const data::Field& field : schema.fields) {
    const std::string column = json::TextOr(columns, field.name, "");
    sql += column.empty() ? ", NULL" : ", " + Quoted(column);
    ciphers.emplace_back();
    if (sealed.count(column) > 0) ciphers.back() = seal->ForColumn(column);
  }
  return Selection{fmt::format("{} FROM {} ORDER BY rowid", sql, Quoted(RowTableName(dataset))),
                   std::move(ciphers)};
}

void AppendCell(sqlite3_stmt* row, int index, data::LogicalType type, data::TextColumn& column) {
  switch (sqlite3_column_type(row, index)) {
    case SQLITE_NULL:
      return column.Append("");
    case SQLITE_FLOAT:
      return column.Append(data::NumberText(sqlite3_column_double(row, index)));
    case SQLITE_INTEGER: {
      const int64_t number = sqlite3_column_int64(row, index);
      const bool truth = type == data::LogicalType::kBoolean && (number == 0 || number == 1);
      if (truth) return column.Append(number == 1 ? "true" : "false");
      const fmt::format_int digits(number);
      return column.Append({digits.data(), digits.size()});
    }
    default: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(row, index));
      return column.Append({bytes, static_cast<size_t>(sqlite3_column_bytes(row, index))});
    }
  }
}

// False when the cell does not open.
bool AppendSealedCell(ColumnCipher& cipher, std::string& scratch, sqlite3_stmt* row, int index,
                      data::LogicalType type, data::TextColumn& column) {
  if (sqlite3_column_type(row, index) == SQLITE_NULL) {
    column.Append("");
    return true;
  }
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(row, index));
  const auto record = static_cast<uint64_t>(sqlite3_column_int64(row, 0));
  const auto size = static_cast<size_t>(sqlite3_column_bytes(row, index));
  if (!cipher.Open(record, {bytes, size}, scratch) || scratch.empty()) return false;
  const std::string_view text = std::string_view(scratch).substr(1);
  const bool truth = type == data::LogicalType::kBoolean && scratch[0] == kSealedInteger;
  column.Append(truth && text == "1" ? "true" : truth && text == "0" ? "false" : text);
  return true;
}

/// Fills batches from the rows of one SELECT.
class BatchBuilder {
 public:
  static absl::StatusOr<BatchBuilder> Create(std::shared_ptr<const data::Schema> schema, Ciphers ciphers) {
    BatchBuilder builder;
    builder.ciphers_ = std::move(ciphers);
    for (const data::Field& field : schema->fields) {
      ASSIGN_OR_RETURN(data::CellParser parser, data::CellParser::Create(field));
      builder.parsers_.push_back(std::move(parser));
    }
    builder.schema_ = std::move(schema);
    builder.Clear();
    return builder;
  }

  absl::Status AppendRow(sqlite3_stmt* row) {
    records_.push_back(static_cast<uint64_t>(sqlite3_column_int64(row, 0)));
    lines_.push_back(static_cast<uint64_t>(sqlite3_column_int64(row, 1)));
    for (size_t i = 0; i < texts_.size(); ++i) {
      const int index = static_cast<int>(i) + kFirstField;
      const data::LogicalType type = schema_->fields[i].type;
      if (!ciphers_[i]) {
        AppendCell(row, index, type, *texts_[i]);
      } else if (!AppendSealedCell(*ciphers_[i], scratch_, row, index, type, *texts_[i])) {
        return absl::DataLossError(
            fmt::format("a sealed value of {} in record {} was changed; restore a backup",
                        schema_->fields[i].name, records_.back()));
      }
    }
    return absl::OkStatus();
  }

  size_t rows() const { return records_.size(); }

  /// The rows so far; the builder is empty afterwards. States and values come from the text by the same
  /// parser that judged it.
  data::Batch Take() {
    data::Batch batch{schema_, {}, std::move(records_), std::move(lines_)};
    batch.columns.resize(texts_.size());
    for (size_t i = 0; i < texts_.size(); ++i) {
      batch.columns[i].field = &schema_->fields[i];
      batch.columns[i].text = std::move(texts_[i]);
      parsers_[i].Fill(batch.columns[i]);
    }
    Clear();
    return batch;
  }

 private:
  void Clear() {
    records_.clear();
    lines_.clear();
    texts_.clear();
    for (const data::Field& field : schema_->fields) {
      texts_.push_back(std::make_shared<data::TextColumn>());
      texts_.back()->name = field.name;
    }
  }

  std::shared_ptr<const data::Schema> schema_;
  std::vector<data::CellParser> parsers_;
  Ciphers ciphers_;
  std::string scratch_;
  std::vector<uint64_t> records_;
  std::vector<uint64_t> lines_;
  std::vector<std::shared_ptr<data::TextColumn>> texts_;
};

}  // namespace

absl::Status ReadRecordsIn(Connection& file, const AttemptSeal* seal, const DatasetId& dataset,
                           const std::shared_ptr<const data::Schema>& schema,
                           const std::function<absl::Status(const data::Batch&)>& visit) {
  ASSIGN_OR_RETURN(Selection selection, SelectFor(file, seal, dataset, *schema));
  ASSIGN_OR_RETURN(BatchBuilder builder, BatchBuilder::Create(schema, std::move(selection.ciphers)));
  Query query = file.Prepare(selection.sql);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, query.Next());
    if (more) RETURN_IF_ERROR(builder.AppendRow(query.statement()));
    const bool full = builder.rows() == kBatchRows;
    if (full || (!more && builder.rows() > 0)) RETURN_IF_ERROR(visit(builder.Take()));
    if (!more) return absl::OkStatus();
  }
}

}  // namespace concordat::store
